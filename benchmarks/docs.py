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
from benchmarks.docs_subjects import (
    DEEP,
    MEMBER,
    OPERATION,
    PROVIDER,
    peer_versions,
    subjects_of,
)


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
        subjects = subjects_of(Path(name))
        facts = _facts(json.loads((Path(name) / "bundle.json").read_text("utf-8")))
        print(f"{datetime.now(UTC):%Y-%m-%d}, {PROVIDER}; Chromium {chromium.version},", end=" ")
        print(f"{os.cpu_count()} CPUs, {rounds} rounds; peers: {peer_versions()}\n")
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
