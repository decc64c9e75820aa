"""What one page of documentation costs, and what a reader gets from it, in headless Chromium.

A page is read the way a reader could: everything that opens is opened, of what can be chosen each
in turn, and only text that is visible then counts. What a turn shows is added to the others'.
"""

import gzip
import re
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, sync_playwright

from benchmarks import docs_scripts

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
# Nothing of the browser itself goes out: what is counted is what a page asks for.
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]
_STEP = 100  # milliseconds that a page gets to show what was asked for
_MOST_WAYS = 20
_LEVEL = re.compile(r'^"?(?:stated|shown|inferred)"?$|"level": ?"(?:stated|shown|inferred)"')
_CHOICE = re.compile(r"\bor null\b|^(?:any|exactly one|at least one) of:?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subject:
    """A page, and how its reader works it.

    Attributes:
        name: in the table.
        file: the page as a local file, with all that it needs beside it.
        published: the page as its tool writes it, if that is another.
        extended: the page with what its tool shows only when asked to, if that is another.
        served: what the network would answer with, by the end of the address.
        heading: a selector of the headings of operations.
        work: a script that opens what is shut and picks a status and a choice; gives the number
            of its clicks.
        samples: a selector of code samples.
        refusals: a script that gives a key for each status from 400 on that has a body; "+" ends
            the key where the members of the body are there, too.
        pairs: a script that gives a key for each request that stands beside an answer.
        member: the address of the quantity of a line, without "#"; empty: there is none.
        search: a selector of the field to search in; empty: `Control+K` brings one.
        found: a selector of what was found.
        turns: which status and which choice is picked in each, by place.
        lazy: parts appear only where the reader is.
    """

    name: str
    file: Path
    heading: str
    work: str
    samples: str
    refusals: str
    pairs: str
    found: str
    member: str = ""
    search: str = ""
    published: Path | None = None
    extended: Path | None = None
    served: dict[str, Path] = field(default_factory=dict)
    turns: Sequence[Sequence[int]] = ((0, 0), (1, 0), (2, 0), (0, 1))
    lazy: bool = False


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one opening: milliseconds until usable and on the main thread, bytes, bytes of gzip."""

    usable: float
    busy: float
    weight: int
    packed: int


@dataclass(frozen=True, slots=True)
class Manners:
    """Counts: requests that leave the folder, errors on the console."""

    outside: int
    errors: int


@dataclass(slots=True)
class Reading:
    """What was read in all turns.

    Attributes:
        texts: the pieces of text of each turn, in the order of the page.
        samples: distinct code samples.
        refusals: keys of error answers with a body.
        pairs: keys of requests beside an answer.
    """

    texts: list[list[str]] = field(default_factory=list)
    samples: set[str] = field(default_factory=set)
    refusals: set[str] = field(default_factory=set)
    pairs: set[str] = field(default_factory=set)

    @property
    def whole(self) -> str:
        """All text, with single blanks."""
        return " ".join(" ".join(text.split()) for turn in self.texts for text in turn)

    @property
    def marks(self) -> int:
        """How many marks of evidence one sees at once; what is repeated counts again."""
        return max(sum(bool(_LEVEL.search(text)) for text in turn) for turn in self.texts)

    def members(self, names: Collection[str]) -> set[str]:
        """Tell which names stand by themselves, as the name of a member does."""
        return {text for turn in self.texts for text in turn if text in names}

    def with_level(self, names: Collection[str]) -> set[str]:
        """Tell which members say how sure they are."""
        return self._followed(names, _LEVEL)

    def with_choice(self, names: Collection[str]) -> set[str]:
        """Tell of which members one sees that they may be one thing or another."""
        return self._followed(names, _CHOICE)

    def _followed(self, names: Collection[str], pattern: re.Pattern[str]) -> set[str]:
        """Find the names after which, before the next one, a pattern stands."""
        found, name = set(), ""
        for turn in self.texts:
            for text in turn:
                if text in names:
                    name = text
                elif name and pattern.search(text):
                    found.add(name)
        return found


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium, with a profile that is thrown away."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET)
        try:
            yield chromium
        finally:
            chromium.close()


@contextmanager
def window(chromium: Browser, *, scripts: bool = True, offline: bool = True) -> Iterator[Page]:
    """Open a window of its own, which knows of no other."""
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, java_script_enabled=scripts, offline=offline
    )
    context.set_default_timeout(120_000)
    try:
        yield context.new_page()
    finally:
        context.close()


@contextmanager
def _settled(
    chromium: Browser, subject: Subject, file: Path | None = None, fragment: str = ""
) -> Iterator[Page]:
    """Open a page, and wait until it is there and has done what it put off."""
    with window(chromium) as page:
        page.goto((file or subject.file).as_uri() + fragment)
        page.locator(subject.heading).first.wait_for()
        page.wait_for_timeout(docs_scripts.SETTLED)
        yield page


def cost(chromium: Browser, subject: Subject, operation: str) -> Cost:
    """Open a page once, and measure until it can be used."""
    with window(chromium) as page:
        files: set[str] = set()
        page.on("request", lambda request: files.add(request.url))
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        page.goto(subject.file.as_uri(), wait_until="commit")
        usable = float(page.evaluate(docs_scripts.USABLE, [subject.heading, operation]))
        measured = session.send("Performance.getMetrics")["metrics"]
        spent = {metric["name"]: metric["value"] for metric in measured}
    busy = sum(spent[f"{name}Duration"] for name in ("Script", "Layout", "RecalcStyle"))
    loaded = [Path(unquote(urlsplit(url).path)).read_bytes() for url in files if _is_file(url)]
    packed = sum(len(gzip.compress(content)) for content in loaded)
    return Cost(usable, 1000 * busy, sum(map(len, loaded)), packed)


def _is_file(url: str) -> bool:
    return urlsplit(url).scheme == "file"


def manners(chromium: Browser, subject: Subject, *, offline: bool) -> Manners:
    """Open a page as its tool writes it, and see whom it asks."""
    file = subject.published or subject.file
    with window(chromium, offline=offline) as page:
        asked: list[str] = []
        errors: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: errors.append(message.text) if message.type == "error" else None,
        )
        if not offline:
            page.route(re.compile("^https?:"), partial(_answer, subject.served))
        page.goto(file.as_uri())
        page.wait_for_timeout(3 * docs_scripts.SETTLED)
    own = (file.parent.as_uri(), "blob:", "data:")
    return Manners(sum(not url.startswith(own) for url in asked), len(errors))


def _answer(served: Mapping[str, Path], route: Route) -> None:
    """Answer as a network would, wherever this runs: what is not a page's own code is empty."""
    for end, file in served.items():
        if route.request.url.endswith(f"/{end}"):
            route.fulfill(path=file)
            return
    route.fulfill(body="")


def reading(chromium: Browser, subject: Subject, *, extended: bool = False) -> Reading:
    """Read a page in all turns; the extended one in the first: extensions have no tabs."""
    read, file = Reading(), subject.extended if extended else subject.file
    for turn in subject.turns[:1] if extended else subject.turns:
        with _settled(chromium, subject, file) as page:
            _open(page, subject, turn)
            read.texts.append(page.evaluate(docs_scripts.TEXTS))
            read.samples |= set(page.evaluate(docs_scripts.SAMPLES, subject.samples))
            read.refusals |= set(page.evaluate(subject.refusals))
            read.pairs |= set(page.evaluate(subject.pairs))
    return read


def _open(page: Page, subject: Subject, turn: Sequence[int]) -> None:
    """Click until nothing is left to click; where parts are made on sight, on ways down."""
    if subject.lazy:
        page.set_viewport_size({"width": 1440, "height": 4000})  # the way is a long one
    for _ in range(_MOST_WAYS):
        height = page.evaluate(docs_scripts.HEIGHT)
        clicks = page.evaluate(subject.work, list(turn))
        _wait(page)
        while subject.lazy and not page.evaluate(docs_scripts.SCROLL):
            _wait(page)
            clicks += page.evaluate(subject.work, list(turn))
        if not clicks and page.evaluate(docs_scripts.HEIGHT) == height:
            return
        page.evaluate("scrollTo(0, 0)")
        _wait(page)
    message = f"{subject.name} has no end: {_MOST_WAYS} ways down did not open all of it"
    raise RuntimeError(message)


def _wait(page: Page) -> None:
    page.wait_for_timeout(_STEP)
    page.evaluate(docs_scripts.IDLE)


def without_script(chromium: Browser, subject: Subject) -> list[str]:
    """Give the text that a page shows where no script runs."""
    with window(chromium, scripts=False) as page:
        page.goto(subject.file.as_uri())
        return list(page.evaluate(docs_scripts.TEXTS))


def printed(chromium: Browser, subject: Subject) -> list[str]:
    """Give the text that goes to paper when nothing was opened."""
    with _settled(chromium, subject) as page:
        page.emulate_media(media="print")
        page.wait_for_timeout(docs_scripts.SETTLED)
        return list(page.evaluate(docs_scripts.TEXTS))


def leads_to(chromium: Browser, subject: Subject, name: str) -> bool:
    """Tell whether the address of a member brings it into view."""
    if not subject.member:
        return False
    with _settled(chromium, subject, fragment=f"#{subject.member}") as page:
        page.wait_for_timeout(docs_scripts.SETTLED)
        return bool(page.evaluate(docs_scripts.IN_VIEW, name))


def finds(chromium: Browser, subject: Subject, words: str) -> bool:
    """Tell whether the page's own search finds something that has all the words in it."""
    with _settled(chromium, subject) as page:
        if subject.search:
            page.locator(subject.search).first.click()
        else:
            page.keyboard.press("Control+K")
            page.wait_for_timeout(_STEP)
        page.keyboard.type(words)
        page.wait_for_timeout(2 * docs_scripts.SETTLED)
        found = page.locator(subject.found).filter(visible=True).all_inner_texts()
        return any(words.lower() in " ".join(text.lower().split()) for text in found)


def violations(chromium: Browser, subject: Subject) -> tuple[int, int]:
    """Count the rules of axe-core that a page breaks as it opens, and the places."""
    with _settled(chromium, subject) as page:
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        return len(found), sum(len(rule["nodes"]) for rule in found)
