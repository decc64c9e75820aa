"""The page of a campaign needs nothing but itself, and nothing that a server sent can act in it."""

from html.parser import HTMLParser

import pytest

from orderspec.findings import (
    CampaignReport,
    Clause,
    ClauseKind,
    ClauseResult,
    Evidence,
    Finding,
    Level,
    Severity,
    Verdict,
)
from orderspec.report.html import campaign_page

HOSTILE = "</style><script>alert(1)</script>\x1b[2J\u202e\"'&"


class Page(HTMLParser):
    """The tags, the addresses and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def page() -> Page:
    evidence = Evidence("source", Level.SHOWN, HOSTILE)
    finding = Finding(
        Severity.ERROR,
        "acme.order.total",
        HOSTILE,
        at="/order/total",
        expected=HOSTILE,
        got={"amount": 1},
        evidence=evidence,
        operation="CreateOrder",
        curl=f"curl 'http://127.0.0.1' --data-raw '{HOSTILE}'",
        seed=7,
        count=3,
    )
    clause = Clause("acme.order.total", ClauseKind.RULE, "The total is the sum", evidence)
    report = CampaignReport(
        provider="acme",
        url="http://127.0.0.1:1",
        seed=7,
        verdict=Verdict.VIOLATIONS,
        requests=12,
        responses={"2xx": 10, "4xx": 2},
        seconds=1.5,
        clauses=(ClauseResult(clause, 10, 3, "fail"), ClauseResult(clause, 0, 0, "not-exercised")),
        findings=(finding,),
        valid=10,
        accepted=9,
        notes=(HOSTILE,),
    )
    return Page(campaign_page(report, {"source": "The document"}))


def test_nothing_that_was_sent_becomes_markup(page: Page) -> None:
    assert "script" not in page.tags
    assert "\x1b" not in page.text
    assert "\u202e" not in page.text


def test_the_page_asks_for_nothing_from_elsewhere(page: Page) -> None:
    assert page.addresses == []
    assert not {"link", "img", "iframe"} & set(page.tags)


@pytest.mark.parametrize(
    "told",
    [
        "acme: violations",
        "12 requests in 1.5 s: 10 2xx, 2 4xx",
        "9 of 10 valid requests accepted",
        "1 of 2 clauses exercised",
        "The document (shown)",
        "3 times",
        "not exercised",
        '{"amount":1}',
    ],
)
def test_the_page_tells_what_the_campaign_found(page: Page, told: str) -> None:
    assert told in page.text.replace("\n", "")
