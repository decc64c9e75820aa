"""The site in Chromium: found, opened, switched, copied, tried; and it asks nobody else."""

import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from orderspec.contract import catalog
from orderspec.docs.site import build
from orderspec.server.process import child_server
from tests.browser import CHROMIUM, Opened, browser, opened
from tests.docs.test_hostile import EVIL, description
from tests.samples import sample

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here, nor could make get one")

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}
NAMES = ["index", *catalog.providers(), "glossary"]
each_look = pytest.mark.parametrize(
    "scheme,size",
    sample((pytest.param(s, w) for s, w in product(("light", "dark"), (PHONE, DESK))), one_of=3),
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def home(chromium: Browser, folder: Path) -> Iterator[Opened]:
    with opened(chromium, folder / "index.html") as window:
        yield window


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    served = ["square", "threekit", "rutter", "--port", "0", "--database", "sqlite://"]
    with child_server([sys.executable, "-m", "orderspec", "serve", *served]) as (url, _):
        yield url


def search(page: Page, words: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.locator("#found li").first.wait_for()


def in_view(page: Page, place: str) -> bool:
    script = """(id) => {
      const node = document.getElementById(id), box = node.getBoundingClientRect();
      return node.checkVisibility() && box.top >= 0 && box.top < innerHeight;
    }"""
    return bool(page.evaluate(script, place))


def shown(page: Page, selector: str) -> int:
    return page.locator(selector).filter(visible=True).count()


def violations(page: Page, **rules: bool) -> list[tuple[str, str]]:
    options = {
        "resultTypes": ["violations"],
        "rules": {name.replace("_", "-"): {"enabled": wanted} for name, wanted in rules.items()},
    }
    found = Axe().run(page, options=options).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found]


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize("name", sample(NAMES, one_of=3))
def test_a_page_asks_for_nothing_outside_its_folder_and_says_nothing_on_the_console(
    chromium: Browser, folder: Path, name: str
) -> None:
    with opened(chromium, folder / f"{name}.html") as window:
        search(window.page, "order")
        own = {(folder / file).as_uri() for file in (f"{name}.html", "site.css", "site.js")}
        assert set(window.requests) == own | {(folder / "search.js").as_uri()}
        assert window.troubles == []


QUESTIONS = {
    "how does square round a stacked percentage discount": (
        "square.html#OrderLineItemDiscount/percentage",
        "rounded",
    ),
    "threekit which id retrieves an order": ("threekit.html#threekit.GetOrder", "shortId"),
    "payfunc items": (
        "payfunc.html#CreatableOrder/items",
        "one item, a list of items, or a number",
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_one_search_answers_a_question(home: Opened, question: str) -> None:
    place, words = QUESTIONS[question]
    search(home.page, question)
    best = home.page.locator("#found a")
    targets = [best.nth(number).get_attribute("href") for number in range(10)]
    assert place in targets, targets
    home.page.locator(f'#found a[href="{place}"]').first.click()
    home.page.wait_for_url(f"**/{place}")
    anchor = place.partition("#")[2]
    assert in_view(home.page, anchor)
    assert words in home.page.locator(f'[id="{anchor}"]').inner_text()


def test_the_search_is_worked_by_keyboard(home: Opened) -> None:
    page = home.page
    search(page, "square.line-item.total")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.tagName") == "A"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.press("Escape")
    assert shown(page, "#found") == 0
    page.keyboard.type(" ")
    page.locator("#found li").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/square.html#square.line-item.total")
    assert in_view(page, "square.line-item.total")


def test_words_that_stand_nowhere_find_nothing(home: Opened) -> None:
    home.page.keyboard.press("/")
    home.page.keyboard.type("zyxwvut")
    home.page.get_by_text("0 found").wait_for()
    assert shown(home.page, "#found li") == 0


def test_a_member_inside_something_folded_has_an_address(chromium: Browser, folder: Path) -> None:
    place = "Money~allOf-0/amount"
    with opened(chromium, folder / "square.html", f"#{place}") as window:
        assert in_view(window.page, place)
        window.page.locator('[id="Order/location_id"] dfn').click()
        assert window.page.url.endswith("#Order/location_id")


def test_a_rule_that_is_linked_to_shows_its_proof(chromium: Browser, folder: Path) -> None:
    with opened(chromium, folder / "square.html", "#square.line-item.total") as window:
        rule = window.page.locator('[id="square.line-item.total"]')
        assert rule.locator("del").first.is_visible()
        assert rule.locator("ins").first.is_visible()


def test_a_member_without_evidence_of_its_own_shows_that_of_its_schema(
    chromium: Browser, folder: Path
) -> None:
    after = """(id) => getComputedStyle(
      document.getElementById(id).querySelector("p"), "::after").content"""
    with opened(chromium, folder / "square.html") as window:
        assert window.page.evaluate(after, "OrderLineItem/uid") == '"stated"'
        assert window.page.evaluate(after, "OrderLineItem/name") == "none"


@pytest.mark.parametrize("scripts", [True, False], ids=["with script", "without script"])
def test_choices_of_a_body_open_in_place(chromium: Browser, folder: Path, *, scripts: bool) -> None:
    with opened(chromium, folder / "payfunc.html", java_script_enabled=scripts) as window:
        body = window.page.locator('[id="payfunc.CreateOrder"] details.body').first
        inside = body.locator("details", has=window.page.locator("> summary dfn", has_text="items"))
        choices = inside.locator("> ul > li .word")
        assert choices.first.is_hidden()
        body.get_by_text("Members").click()
        inside.locator("> summary").click()
        assert choices.filter(visible=True).all_inner_texts() == [
            "choice 1",
            "choice 2",
            "choice 3",
        ]
        assert window.troubles == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with script", "without script"])
def test_a_request_is_shown_in_the_language_chosen(
    chromium: Browser, folder: Path, *, scripts: bool
) -> None:
    with opened(chromium, folder / "square.html", java_script_enabled=scripts) as window:
        example = window.page.locator('[id="square.CreateOrder"] .example').first
        assert example.get_by_text("curl https://").is_visible()
        example.get_by_text("Python", exact=True).click()
        assert example.get_by_text("import httpx").is_visible()
        assert example.get_by_text("curl https://").is_hidden()


def test_the_language_chosen_is_that_of_every_request(chromium: Browser, folder: Path) -> None:
    with opened(chromium, folder / "square.html") as window:
        window.page.get_by_text("JavaScript", exact=True).first.click()
        assert shown(window.page, "pre:has-text('await fetch')") == len(
            catalog.load("square").operations
        )
        window.page.reload()
        assert window.page.locator("pre:has-text('await fetch')").first.is_visible()


def test_what_is_copied_is_what_is_shown(chromium: Browser, folder: Path) -> None:
    rights = ["clipboard-read", "clipboard-write"]
    with opened(chromium, folder / "square.html", permissions=rights) as window:
        box = window.page.locator('[id="square.CreateOrder"] .code-box').first
        box.locator("button").click()
        box.get_by_text("Copied").wait_for()
        copied = window.page.evaluate("navigator.clipboard.readText()")
        assert copied == box.locator("pre").text_content()


def test_the_theme_chosen_stays_on_the_next_page(chromium: Browser, folder: Path) -> None:
    with opened(chromium, folder / "index.html", color_scheme="light") as window:
        light = background(window.page)
        window.page.locator("#theme").click()
        dark = background(window.page)
        window.page.get_by_role("link", name="square", exact=True).first.click()
        window.page.wait_for_url("**/square.html")
        assert (background(window.page), light != dark) == (dark, True)


@each_look
# A small page has all that a large one has, and is judged in a tenth of the time.
@pytest.mark.parametrize("name", ["index", "acme", "glossary"])
def test_a_page_is_accessible_and_not_wider_than_its_window(
    chromium: Browser, folder: Path, name: str, scheme: str, size: dict[str, int]
) -> None:
    with opened(chromium, folder / f"{name}.html", color_scheme=scheme, viewport=size) as window:
        wide = window.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert (wide, violations(window.page)) == (0, [])


@pytest.mark.parametrize("name", ["square", "payfunc"])
def test_a_large_page_is_accessible_but_for_its_colours_which_are_the_same(
    chromium: Browser, folder: Path, name: str
) -> None:
    with opened(chromium, folder / f"{name}.html") as window:
        assert violations(window.page, color_contrast=False) == []


def test_what_is_folded_is_printed(chromium: Browser, folder: Path) -> None:
    with opened(chromium, folder / "square.html") as window:
        window.page.emulate_media(media="print")
        assert shown(window.page, ".contents, .bar, .copy") == 0
        height = "document.querySelector('.tree').getBoundingClientRect().height"
        assert window.page.evaluate(height) > 100


def test_hostile_text_runs_nothing(chromium: Browser, tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").write_text(yaml.safe_dump(description(EVIL)), "utf-8")
    contract = catalog.load(str(tmp_path / "openapi.yaml"))
    for file in build([(contract, False)], tmp_path / "site"):
        with opened(chromium, file) as window:
            search(window.page, "script")
            assert "<script>alert(1)</script>" in window.page.locator("#found").inner_text()
            window.page.keyboard.press("Enter")
            assert window.page.locator("img, svg[onload]").count() == 0
            assert window.troubles == []


def test_operations_are_tried_on_the_server_that_serves_the_page(
    chromium: Browser, server: str
) -> None:
    with opened(chromium, f"{server}/docs/square.html") as window:
        page = window.page
        form = page.locator('[id="try:square.CreateOrder"]')
        form.locator("summary").click()
        form.get_by_role("button", name="Send").click()
        form.get_by_text("POST /square/v2/orders → 200").wait_for()
        created = form.locator("output pre").text_content() or ""
        name = created.split('"id": "', 1)[1].split('"', 1)[0]
        form = page.locator('[id="try:square.RetrieveOrder"]')
        form.locator("summary").click()
        form.get_by_label("order_id").fill(name)
        form.get_by_role("button", name="Send").click()
        form.get_by_text(f"GET /square/v2/orders/{name} → 200").wait_for()
        assert form.locator("output pre").text_content() == created
        assert {request.split("/")[2] for request in window.requests} == {server.split("/")[2]}
        assert window.troubles == []


def test_a_refusal_and_a_credential_in_the_query_are_shown_as_they_are(
    chromium: Browser, server: str
) -> None:
    with opened(chromium, f"{server}/docs/threekit.html") as window:
        form = window.page.locator('[id="try:threekit.CreateOrder"]')
        form.locator("summary").click()
        form.get_by_label("bearer_token").fill("wrong one")
        form.get_by_role("button", name="Send").click()
        form.get_by_text("bearer_token=wrong+one → 401").wait_for()


def test_a_wrong_password_is_answered_and_asks_for_no_login(chromium: Browser, server: str) -> None:
    with opened(chromium, f"{server}/docs/rutter.html") as window:
        form = window.page.locator('[id="try:rutter.ListOrders"]')
        form.locator("summary").click()
        form.get_by_label("Authorization").fill("client:wrong")
        form.get_by_role("button", name="Send").click()
        form.get_by_text("→ 401").wait_for()
