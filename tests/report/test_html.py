"""The page of a campaign needs nothing but itself, and nothing that a server sent can act in it."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from orderspec.findings import Verdict
from orderspec.report.html import campaign_page
from orderspec.report.html.index import index_page
from orderspec.report.html.markup import linked
from orderspec.report.json_form import dumps
from tests.report.campaign_material import HOSTILE, REPORT, TITLES, large


class Page(HTMLParser):
    """The tags, the attributes and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.source = text
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, name: str) -> list[str]:
        """Give the values of an attribute."""
        return [value for other, value in self.attributes if other == name]


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(campaign_page(REPORT, TITLES))


def test_nothing_that_was_sent_becomes_markup(page: Page) -> None:
    assert page.tags.count("script") == 1
    assert page.tags.count("style") == 1
    assert "alert(1)" in page.text
    assert HOSTILE not in page.source
    assert all(char.isprintable() or char == "\n" for char in page.source)


def test_no_attribute_of_a_page_acts(page: Page) -> None:
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "style"]


def test_the_page_asks_for_nothing_from_elsewhere(page: Page) -> None:
    assert page.all("src") == []
    assert all(address.startswith("#") for address in page.all("href"))
    assert not {"link", "img", "iframe", "object", "embed", "base"} & set(page.tags)


def test_the_policy_lets_only_the_page_s_own_style_and_script_act(page: Page) -> None:
    policy = next(value for value in page.all("content") if "default-src" in value)
    for tag in ("style", "script"):
        [content] = re.findall(f"<{tag}>(.*?)</{tag}>", page.source, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_every_link_of_a_page_leads_somewhere(page: Page) -> None:
    targets = page.all("id")
    assert len(targets) == len(set(targets))
    assert {address.removeprefix("#") for address in page.all("href")} <= set(targets)


def test_every_clause_has_an_address(page: Page) -> None:
    assert {result.clause.id for result in REPORT.clauses} <= set(page.all("id"))


@pytest.mark.parametrize(
    "told",
    [
        "acme: violations",
        "12 requests in 1.5 s: 10 2xx, 2 4xx",
        "9 of 10 valid requests accepted",
        "4 of 5 clauses exercised",
        "The Guide (shown)",
        "seen 3 times",
        "shown 1 of 3 times",
        "not sent again alone",
        "not exercised: it was never sent",
        '{"amount":1}',
        "spec/acme/schemas/order a.yaml:12:5",
        "idempotency-key: k-1",
        "GET /orders/o-1?fields=total&fields=a+b",
        "No answer",
        "cut here: the JSON beside this page has all of it",
        "Left out until 2027-05-01",
        "1 broken",
    ],
)
def test_the_page_tells_what_the_campaign_found(page: Page, told: str) -> None:
    assert told in page.text.replace("\n", "")


def test_errors_come_before_warnings(page: Page) -> None:
    assert page.text.index("The total is the sum") < page.text.index("that it must refuse")


def test_the_broken_member_is_marked_in_the_answer_and_likewise_in_the_request(page: Page) -> None:
    assert '<mark>"total": 13,' in page.source.replace("&quot;", '"')
    assert '<mark class="same">"total": 1<' in page.source.replace("&quot;", '"')


def test_what_a_server_must_refuse_is_marked_in_the_request(page: Page) -> None:
    refusal = page.source[page.source.index("that it must refuse") :].replace("&quot;", '"')
    assert '<mark>"total": 1</mark>' in refusal[: refusal.index("</article>")]


@pytest.mark.parametrize("findings", [40, 400])
def test_a_page_stays_below_its_size(findings: int) -> None:
    size = len(campaign_page(large(findings), TITLES).encode())
    assert size < (1_000_000 if findings == 40 else 3_000_000)


def test_an_index_leads_to_every_report_of_a_folder(tmp_path: Path) -> None:
    for name, verdict in (("acme", Verdict.CONFORMS), ("b&c", Verdict.INCONCLUSIVE)):
        form = {"format": 1, "command": "fuzz", "provider": name, "verdict": str(verdict)}
        form |= {"clauses": [{"exercised": 1}], "findings": [{"severity": "error"}], "requests": 9}
        (tmp_path / f"{name}.json").write_text(dumps(form), "utf-8")
    (tmp_path / "other.json").write_text("[1]", "utf-8")
    (tmp_path / "broken.json").write_text("{", "utf-8")
    (tmp_path / "acme.har").write_text("", "utf-8")
    page = Page(index_page(tmp_path))
    acme = ["acme.html", "acme.json", "acme.har"]
    assert page.all("href") == [*acme, "b%26c.html", "b%26c.json"]
    assert "conforms 1/1" in page.text
    assert "b&c" in page.text


def test_the_address_of_a_document_is_a_link_and_nothing_else_is() -> None:
    told = "The Guide, https://acme.example/guide?a=1&b=2 (stated)"
    address = "https://acme.example/guide?a=1&amp;b=2"
    link = f'<a href="{address}" rel="noreferrer">{address}</a>'
    assert linked(told) == f"The Guide, {link} (stated)"
    assert 'href="https://x.example/"' in linked('https://x.example/" onclick="alert(1)')
    assert "<a" not in linked("javascript:alert(1) ftp://x.example")
