"""Compare our page of a contract with what Redoc makes of the same bundle, in headless Chromium.

Usage: ``make bench-docs``, or ``python -m benchmarks.docs [--rounds N]``.

Redoc gets what ``orderspec bundle square`` gives, once as Redoc 2 and once as Redoc 3, each by the
``build-docs`` of a Redocly CLI, with its defaults. Pages are local files, opened in turns, round
after round, each in a context of its own without network; times are medians. The page that
Redoc 2's tool writes loads its script from a network: what is measured is that page with the script
beside it; what a page asks of others is counted on the page as it was written. Members are counted
by distinct names, since Redoc repeats a schema wherever it is used and we link to it.

The last column compares our page with the better Redoc. The peers come from ``.venv-bench``.
"""

import argparse
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser

from benchmarks import docs_page
from benchmarks.docs_page import Reading, Subject

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".venv-bench" / "node_modules"
KIT = str(Path(sys.executable).parent / "orderspec")
PROVIDER, OPERATION, MEMBER, DEEP = "square", "Create an order", "quantity", "buyer_tendered_money"
_SCRIPT = "redoc.standalone.js"

_OUR_WORK = """([status, choice]) => {
  let clicks = 0;
  for (const part of document.querySelectorAll("details:not([open])")) {
    part.open = true; clicks += 1;
  }
  for (const tabs of document.querySelectorAll("fieldset.tabs")) {
    const tab = tabs.querySelectorAll("input")[choice];
    if (tab && !tab.checked) { tab.click(); clicks += 1; }
  }
  return clicks;
}"""
# A key ends with "+" where the members of the body stand in place, not behind a link.
_OUR_REFUSALS = """() => [...document.querySelectorAll(".part")]
  .filter((part) => part.querySelector("i > a, details.body")
    && /^([45](XX|\\d\\d)|default)$/.test(part.querySelector(".status")?.textContent))
  .map((part) => part.id + (part.querySelector("details.body") ? "+" : ""))"""
_OUR_PAIRS = """() => [...document.querySelectorAll(".example")]
  .map((one, place) => [one.querySelectorAll("pre").length, `${place}`])
  .filter(([count]) => count > 1).map(([, place]) => place)"""
# Names of classes are made anew by each build of Redoc, so nodes are known by place and words.
_REDOC_WORK = """([status, choice]) => {
  let clicks = 0;
  const press = (node) => {
    if (!node || node.dataset.pressed) return;
    node.dataset.pressed = "1"; node.click(); clicks += 1;
  };
  const isStatus = (node) => /^(\\d{3}|\\dXX|default)$/.test(node.textContent.trim());
  const groups = "[role=tablist], span + div:has(> button + button), :has(> button + button)";
  for (const group of document.querySelectorAll(groups)) {
    const nodes = [...group.children].filter((node) => node.matches("button, [role=tab]"));
    const isChoice = group.matches("[role=tablist]")
      || / of\\s*$/i.test(group.previousElementSibling?.textContent ?? "");
    const which = nodes.every(isStatus) ? status : isChoice ? choice : 0;
    if (which) press(nodes[which]);
  }
  for (const node of document.querySelectorAll("button")) {
    const text = node.textContent.trim(), label = node.getAttribute("aria-label") ?? "";
    if (/^(\\+.*|Expand all|Show pattern|View security details)$/.test(text)
      || /^(expand .+|Expand all)$/.test(label)
      || (node.querySelector(":scope > strong") && !node.nextElementSibling)) press(node);
  }
  return clicks;
}"""
_REDOC_2_REFUSALS = """() => [...document.querySelectorAll("button > strong")]
  .filter((word) => /^([45](XX|\\d\\d)|default)$/.test(word.textContent.trim())
    && word.parentElement.nextElementSibling?.querySelector(".property-name"))
  .map((word) => word.closest('[id^="operation/"]').id + word.textContent + "+")"""
_REDOC_3_REFUSALS = """() => [...document.querySelectorAll('[id*="response&c="]')]
  .map((node) => /(.*)response&c=([45](?:XX|\\d\\d)|default)&path=/i.exec(node.id))
  .filter(Boolean).map(([, operation, status]) => `${operation}${status}+`)"""
_REDOC_2_PAIRS = """() => [...document.querySelectorAll('[id^="operation/"]')]
  .filter((one) => ["Request samples", "Response samples"]
    .every((words) => one.textContent.includes(words)))
  .map((one) => one.id)"""
_REDOC_3_PAIRS = """() => [...document.querySelectorAll("h2")].map((title) => {
    let section = title;
    const blocks = () => section.querySelectorAll('[data-testid="json-viewer"]').length;
    while (section.parentElement.querySelectorAll("h2").length === 1) {
      section = section.parentElement;
    }
    return [title.textContent, blocks()];
  }).filter(([, count]) => count > 1).map(([text]) => text)"""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table.

    Attributes:
        what: was measured.
        values: one a page, ours first; a truth value is printed as yes or no.
        more: whether more is better: which way is ahead.
    """

    what: str
    values: Sequence[float]
    more: bool = False

    def __str__(self) -> str:
        """Write it in Markdown."""
        return f"| {self.what} | {' | '.join(map(_shown, self.values))} | {self.verdict} |"

    @property
    def verdict(self) -> str:
        """Say where our page is, beside the better one of the others."""
        ours, *others = self.values
        best = max(others) if self.more else min(others)
        if ours == best:
            return "even"
        return "ahead" if (ours > best) == self.more else "**behind**"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the contract holds: rules (id to message), names of members, refusals documented."""

    rules: Mapping[str, str]
    members: frozenset[str]
    choosing: frozenset[str]
    refusals: int


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.docs", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="openings of each page (default 5)")
    rounds = parser.parse_args().rounds
    if not docs_page.CHROMIUM:
        sys.exit("There is no Chromium here. Run: make browser")
    with tempfile.TemporaryDirectory() as name, docs_page.browser() as chromium:
        subjects = _subjects(Path(name))
        facts = _facts(json.loads((Path(name) / "bundle.json").read_text("utf-8")))
        print(f"{datetime.now(UTC):%Y-%m-%d}, {PROVIDER}; Chromium {chromium.version},", end=" ")
        print(f"{os.cpu_count()} CPUs, {rounds} rounds; peers: {_peer_versions()}\n")
        print(f"| on the page | {' | '.join(one.name for one in subjects)} | ours is |")
        print(f"| --- |{' ---: |' * len(subjects)} --- |")
        parts = (
            _costs(chromium, subjects, rounds),
            _contents(chromium, subjects, facts),
            _uses(chromium, subjects, facts),
        )
        for row in itertools.chain.from_iterable(parts):
            print(row, flush=True)


def _shown(value: float) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.0f}"


def _run(*command: str) -> str:
    """Run a command to its end; one that fails ends the benchmark."""
    quiet = {**os.environ, "REDOCLY_TELEMETRY": "off"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=quiet)
    except FileNotFoundError:
        sys.exit(f"{command[0]} is not installed.")
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def _peer_versions() -> str:
    def version(package: str) -> str:
        return str(json.loads((PEERS / package / "package.json").read_text("utf-8"))["version"])

    return (
        f"redoc {version('redoc')} by @redocly/cli {version('@redocly/cli')}, "
        f"the Redoc of @redocly/cli {version('redocly-3')}"
    )


def _subjects(folder: Path) -> list[Subject]:
    """Build the pages, ours first."""
    if not (PEERS / "redocly-3").is_dir():
        sys.exit("The peers are not installed. Run: make bench-docs")
    bundle, ours = folder / "bundle.json", folder / "ours"
    bundle.write_text(_run(KIT, "bundle", PROVIDER), "utf-8")
    _run(KIT, "docs", "-o", str(ours))
    return [
        Subject(
            name="orderspec",
            file=ours / f"{PROVIDER}.html",
            heading="h3",
            work=_OUR_WORK,
            samples=".example pre",
            refusals=_OUR_REFUSALS,
            pairs=_OUR_PAIRS,
            member=f"OrderLineItem/{MEMBER}",
            search="#search",
            found="#found li",
            turns=((0, 0), (0, 1), (0, 2)),  # the languages of an example; all else is there
        ),
        _redoc_2(bundle, folder),
        _redoc_3(bundle, folder),
    ]


def _built(package: str, bundle: Path, file: Path, *options: str) -> Path:
    file.parent.mkdir(exist_ok=True)
    tool = str(PEERS / package / "bin" / "cli.js")
    _run("node", tool, "build-docs", str(bundle), "-o", str(file), *options)
    return file


def _redoc_2(bundle: Path, folder: Path) -> Subject:
    script = PEERS / "redoc" / "bundles" / _SCRIPT

    def local(name: str, *options: str) -> Path:
        # Without the fonts of others, which are no part of it and are not there to be waited for.
        file = _built("@redocly/cli", bundle, folder / name / "page.html", *options)
        text = file.read_text("utf-8")
        text, changes = re.subn(rf'src="[^"]*/{_SCRIPT}"[^>]*', f'src="{_SCRIPT}"', text)
        if changes != 1:
            sys.exit(f"Redoc's page loads {_SCRIPT} {changes} times, where once was expected.")
        file.write_text(text, "utf-8")
        (file.parent / _SCRIPT).write_bytes(script.read_bytes())
        return file

    return Subject(
        name="Redoc 2",
        file=local("redoc-2", "--disableGoogleFont"),
        published=_built("@redocly/cli", bundle, folder / "redoc-2-published" / "page.html"),
        extended=local("redoc-2-extended", "--disableGoogleFont", "--theme.openapi.showExtensions"),
        served={_SCRIPT: script},
        heading="h2",
        work=_REDOC_WORK,
        samples=".redoc-json",
        refusals=_REDOC_2_REFUSALS,
        pairs=_REDOC_2_PAIRS,
        member="operation/CreateOrder",
        search="input",
        found='[data-role="search:results"] li',
    )


def _redoc_3(bundle: Path, folder: Path) -> Subject:
    options = ("--inlineBundle", "--openapi.showExtensions")
    return Subject(
        name="Redoc 3",
        file=_built("redocly-3", bundle, folder / "redoc-3" / "page.html", options[0]),
        extended=_built("redocly-3", bundle, folder / "redoc-3-extended" / "page.html", *options),
        heading="h2",
        work=_REDOC_WORK,
        samples='[data-testid="json-viewer"]',
        refusals=_REDOC_3_REFUSALS,
        pairs=_REDOC_3_PAIRS,
        member=f"/other/createorder#other/createorder/t=request&path=order/line_items[]/{MEMBER}",
        found='[data-component-name="Search/SearchItem"]',
        lazy=True,
    )


def _facts(bundle: Mapping[str, Any]) -> Facts:
    rules: dict[str, str] = {}
    members: set[str] = set()
    choosing: set[str] = set()

    def walk(node: Any) -> None:
        for value in node.values() if isinstance(node, dict) else node:
            if isinstance(value, dict | list):
                walk(value)
        if not isinstance(node, dict):
            return
        rules.update({rule["id"]: rule["message"] for rule in node.get("x-rules", ())})
        for name, schema in node.get("properties", {}).items():
            members.add(name)
            if "oneOf" in schema or "anyOf" in schema:
                choosing.add(name)

    walk(bundle)
    refusals = [
        status
        for path in bundle["paths"].values()
        for operation in path.values()
        for status in operation["responses"]
        if status[0] not in "123"
    ]
    return Facts(rules, frozenset(members), frozenset(choosing), len(refusals))


def _costs(chromium: Browser, subjects: Sequence[Subject], rounds: int) -> Iterator[Row]:
    turns = [
        [docs_page.cost(chromium, subject, OPERATION) for subject in subjects]
        for _ in range(rounds)
    ]

    def middle(measure: Callable[[docs_page.Cost], float]) -> list[float]:
        return [median(measure(turn[place]) for turn in turns) for place in range(len(subjects))]

    yield Row("bytes loaded", middle(lambda cost: cost.weight))
    yield Row("the same, each file gzipped", middle(lambda cost: cost.packed))
    index = [subject.file.with_name("search.js") for subject in subjects]
    sizes = [file.stat().st_size if file.exists() else 0 for file in index]
    yield Row("bytes more on the first search", sizes)
    yield Row("ms until usable", middle(lambda cost: cost.usable))
    yield Row("ms of script, layout and style", middle(lambda cost: cost.busy))
    for words, offline in (("with network", False), ("without", True)):
        found = [docs_page.manners(chromium, subject, offline=offline) for subject in subjects]
        yield Row(f"requests that leave its folder, {words}", [one.outside for one in found])
        yield Row(f"errors on the console, {words}", [one.errors for one in found])


def _contents(chromium: Browser, subjects: Sequence[Subject], facts: Facts) -> Iterator[Row]:
    reads = [docs_page.reading(chromium, subject) for subject in subjects]
    more = [
        docs_page.reading(chromium, subject, extended=True) if subject.extended else read
        for subject, read in zip(subjects, reads, strict=True)
    ]

    def row(what: str, measure: Callable[[Reading], int], *, extended: bool = False) -> Row:
        return Row(what, [measure(read) for read in (more if extended else reads)], more=True)

    def rules(read: Reading) -> int:
        text = read.whole
        return sum(name in text or words in text for name, words in facts.rules.items())

    for words, extended in (("", False), (", extensions shown", True)):
        yield row(f"rules, of {len(facts.rules)}{words}", rules, extended=extended)
        yield row(
            f"names of members with evidence, of {len(facts.members)}{words}",
            lambda read: len(read.with_level(facts.members)),
            extended=extended,
        )
        yield row(f"marks of evidence, with repeats{words}", lambda r: r.marks, extended=extended)
    yield row(
        f"names of members shown as a choice, of {len(facts.choosing)}",
        lambda read: len(read.with_choice(facts.members) & facts.choosing),
    )
    yield row(
        f"names of members, of {len(facts.members)}",
        lambda read: len(read.members(facts.members)),
    )
    yield row("code samples, distinct", lambda read: len(read.samples))
    yield row("requests beside an answer", lambda read: len(read.pairs))
    refused = f"error answers, of {facts.refusals}, that"
    yield row(f"{refused} name their body", lambda read: len(read.refusals))
    yield row(
        f"{refused} show its members in place",
        lambda read: sum(key.endswith("+") for key in read.refusals),
    )


def _uses(chromium: Browser, subjects: Sequence[Subject], facts: Facts) -> Iterator[Row]:
    def row(what: str, measure: Callable[[Subject], float]) -> Row:
        return Row(what, [measure(subject) for subject in subjects], more=True)

    def names(texts: Sequence[str]) -> int:
        return len(facts.members.intersection(texts))

    bare = [docs_page.without_script(chromium, subject) for subject in subjects]
    yield Row("text of the operation without script", [OPERATION in t for t in bare], more=True)
    yield Row("names of members without script", [names(texts) for texts in bare], more=True)
    yield row("names printed, nothing opened", lambda s: names(docs_page.printed(chromium, s)))
    yield row("an address leads to a member", lambda s: docs_page.leads_to(chromium, s, MEMBER))
    for what, words in (
        ("an operation", "Retrieve several orders"),
        ("a deep member", DEEP),
        ("a rule", next(iter(facts.rules.values()))),
        ("another API", "shortId"),
    ):
        yield row(f"its search finds {what}", partial(docs_page.finds, chromium, words=words))
    found = [docs_page.violations(chromium, subject) for subject in subjects]
    yield Row("rules of axe-core broken", [rules for rules, _ in found])
    yield Row("places where they are", [places for _, places in found])


if __name__ == "__main__":
    main()
