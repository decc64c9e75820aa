"""The page in Chromium: it acts as a reader expects, and asks nobody for anything."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from orderspec.report.html import campaign_page
from orderspec.report.html.index import index_page
from tests.browser import CHROMIUM, Opened, browser, opened
from tests.report.campaign_material import REPORT, TITLES

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here, nor could make get one")

# The contrast of a text with what is behind it, as WCAG 2 computes it; the least of a page.
CONTRAST = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color[3] !== 0) return color;
    }
    return [255, 255, 255];
  };
  const texts = [...document.querySelectorAll("body *")].filter((node) =>
    node.checkVisibility() &&
    [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim()));
  return Math.min(...texts.map((node) => {
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(behind(node))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }));
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "acme.html"
    path.write_text(campaign_page(REPORT, TITLES), "utf-8")
    return path


@pytest.fixture
def seen(chromium: Browser, file: Path) -> Iterator[Opened]:
    with opened(chromium, file) as window:
        yield window


@pytest.fixture
def page(seen: Opened) -> Page:
    return seen.page


def shown(page: Page, selector: str) -> int:
    return page.locator(f"{selector}:visible").count()


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_opens_without_a_word_on_the_console_or_the_wire(
    chromium: Browser, file: Path, scheme: str
) -> None:
    with opened(chromium, file, color_scheme=scheme) as window:
        window.page.locator("#counts").wait_for()
        window.page.locator("#theme").click()
        window.page.keyboard.press("j")
        assert (window.requests, window.troubles) == ([file.as_uri()], [])


def test_the_policy_of_the_page_stops_what_would_come_from_elsewhere(seen: Opened) -> None:
    stopped = seen.page.evaluate(
        """() => new Promise((done) => {
          addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective));
          const image = new Image();
          image.src = "http://127.0.0.1:9/";
          document.body.append(image);
          setTimeout(() => done("nothing"), 5000);
        })"""
    )
    assert stopped == "img-src"


def test_words_filter_findings_and_clauses_together(page: Page) -> None:
    assert (shown(page, "article"), shown(page, ".clauses tbody tr")) == (4, 5)
    page.fill("#words", "ORDER.total")
    assert (shown(page, "article"), shown(page, ".clauses tbody tr")) == (1, 1)
    assert page.text_content("#counts") == "1 of 4 findings, 1 of 5 clauses"


@pytest.mark.parametrize(
    "choice, value, findings, clauses",
    [
        ("severity", "warning", 1, 0),
        ("kind", "link", 1, 1),
        ("status", "not-exercised", 0, 1),
        ("status", "pass", 0, 1),
    ],
)
def test_choices_filter_too(
    page: Page, choice: str, value: str, findings: int, clauses: int
) -> None:
    page.select_option(f"#{choice}", value)
    assert (shown(page, "article"), shown(page, ".clauses tbody tr")) == (findings, clauses)
    assert shown(page, "#findings .none") == (findings == 0)


def test_a_link_to_what_is_filtered_out_shows_it(page: Page) -> None:
    page.fill("#words", "order.total")
    page.evaluate("location.hash = '#acme.CreateOrder.accepts'")
    page.locator("[id='acme.CreateOrder.accepts']").wait_for(state="visible")
    assert page.input_value("#words") == ""


def test_an_address_with_a_clause_leads_to_the_clause(chromium: Browser, file: Path) -> None:
    with opened(chromium, file, "#acme.order.total", viewport={"width": 900, "height": 300}) as one:
        row = one.page.locator("[id='acme.order.total']").bounding_box()
    assert row is not None
    assert 0 <= row["y"] < 300


def test_the_colours_follow_the_system_until_somebody_chooses(
    chromium: Browser, file: Path
) -> None:
    with opened(chromium, file, color_scheme="dark") as window:
        page = window.page
        dark = background(page)
        page.locator("#theme").click()
        light = background(page)
        assert (light, light != dark) == ("rgb(255, 255, 255)", True)
        for _ in range(50):  # a busy browser keeps what a page stores later than the page says
            page.reload()
            if background(page) == light:
                break
        assert background(page) == light
        page.locator("#theme").click()
        assert page.text_content("#theme") == "Colours: dark"
        assert background(page) == dark


def test_all_can_be_reached_by_keyboard(page: Page) -> None:
    reached = []
    for _ in range(80):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "document.activeElement.id || document.activeElement.className "
                "|| document.activeElement.tagName"
            )
        )
    assert reached[:6] == ["skip", "theme", "words", "severity", "kind", "status"]
    assert {"SUMMARY", "PRE", "copy", "clause"} <= set(reached)
    assert not any(name.startswith("sq") for name in reached)


def test_keys_lead_to_the_filter_and_through_the_findings(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == "finding-2"
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == "finding-1"
    page.keyboard.press("/")
    page.keyboard.type("reads-back j")
    assert page.input_value("#words") == "reads-back j"
    page.keyboard.press("Escape")
    assert (page.input_value("#words"), shown(page, "article")) == ("", 4)


def test_a_command_is_copied_as_it_is(chromium: Browser, file: Path) -> None:
    with opened(chromium, file, permissions=["clipboard-read", "clipboard-write"]) as window:
        page = window.page
        page.locator(".copy").first.click()
        page.get_by_text("Copied").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == page.locator(".repeat pre").first.text_content()
        assert window.troubles == []


def test_a_command_that_is_cut_cannot_be_copied(page: Page) -> None:
    assert shown(page, "article:has-text('cut here') .copy") == 0


def test_without_script_all_is_there_and_no_filter(chromium: Browser, file: Path) -> None:
    with opened(chromium, file, java_script_enabled=False) as window:
        page = window.page
        assert (shown(page, "article"), shown(page, ".clauses tbody tr")) == (4, 5)
        assert (shown(page, "#tools"), shown(page, "button")) == (0, 0)
        assert shown(page, "article figure") > 4
        page.locator("summary").first.click()
        assert shown(page, "article:first-of-type figure") == 0


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_width_makes_a_reader_scroll_sideways(chromium: Browser, file: Path, width: int) -> None:
    with opened(chromium, file, viewport={"width": width, "height": 800}) as window:
        assert window.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_every_text_stands_out_from_what_is_behind_it(
    chromium: Browser, file: Path, scheme: str, width: int
) -> None:
    size = {"width": width, "height": 800}
    with opened(chromium, file, color_scheme=scheme, viewport=size) as window:
        assert window.page.evaluate(CONTRAST) >= 4.5


def test_on_paper_everything_is_unfolded_and_nothing_is_a_button(page: Page) -> None:
    page.locator("summary").first.click()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    assert (shown(page, "#tools"), shown(page, "button")) == (0, 0)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() == 1


def test_the_index_of_reports_opens_without_a_word_either(
    chromium: Browser, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text(index_page(tmp_path), "utf-8")
    with opened(chromium, tmp_path / "index.html", viewport={"width": 360, "height": 800}) as one:
        assert (len(one.requests), one.troubles) == (1, [])
