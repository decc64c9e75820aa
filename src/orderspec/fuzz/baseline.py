"""Known findings: a file of root causes, so that only new ones fail a campaign."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from orderspec.campaigns import CampaignReport
from orderspec.errors import ReadError
from orderspec.findings import Finding
from orderspec.fuzz.ledger import Key, key_of
from orderspec.validation.json_text import decode, parse_text
from orderspec.validation.positions import locate

FORMAT = 1
MEMBERS = ("clause", "keyword", "place", "cause", "message", "note")


@dataclass(frozen=True, slots=True)
class Known:
    """A finding that is known.

    Attributes:
        clause: the clause that it breaks, or one of those.
        keyword: the keyword that is broken, or what a request was sent with.
        place: the member that it is about.
        cause: the place in the contract that several operations share, or empty.
        message: what it said when it was first written down.
        note: what somebody wrote beside it.
    """

    clause: str
    keyword: str = ""
    place: str = ""
    cause: str = ""
    message: str = ""
    note: str = ""

    @property
    def key(self) -> Key:
        """Its root cause, which no seed changes."""
        return Key(self.cause or self.clause, self.keyword, self.place)

    def __str__(self) -> str:
        """Name it on one line."""
        place = self.place and f"at …/{self.place.removeprefix('/')}"
        return " ".join(part for part in (self.clause, self.keyword, place) if part)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is known of one provider's deployment."""

    provider: str
    known: tuple[Known, ...] = ()

    def holds(self, finding: Finding) -> bool:
        """Tell whether all of a finding is known; an operation that is new to it is not."""
        return {one.key for one in entries_of(finding)} <= {one.key for one in self.known}


def entries_of(finding: Finding) -> list[Known]:
    """Write a finding down.

    A schema that several operations share is one entry, whichever of them shows it. What a server
    overlooks in requests is one for each operation: that another lets in anybody is no old news.
    """
    key = key_of(finding)
    if key.clause.startswith("/"):
        return [Known(finding.clause, key.keyword, key.place, key.clause, finding.message)]
    broken = (finding.clause, *finding.also)
    return [Known(clause, key.keyword, key.place, message=finding.message) for clause in broken]


def updated(baseline: Baseline, report: CampaignReport) -> Baseline:
    """Write down what a campaign found.

    What it did not find again goes, unless it could not have: it ended early, or never put the
    clause to the test. Of what it found again, the words stay as they were.
    """
    earlier = {one.key: one for one in baseline.known}
    found = {one.key: one for finding in report.findings for one in entries_of(finding)}
    unseen = {one.key: one for one in baseline.known if not could_see(report, one)}
    entries = [earlier.get(key, one) for key, one in (unseen | found).items()]
    return Baseline(baseline.provider, tuple(sorted(entries, key=str)))


def could_see(report: CampaignReport, known: Known) -> bool:
    """Tell whether a campaign would have seen a known finding, were it still there."""
    exercised = {result.clause.id for result in report.clauses if result.exercised}
    return not report.stopped and known.clause in exercised


def written(baseline: Baseline) -> str:
    """Write a baseline as JSON, an entry in a fixed order, so that changes are easy to read."""
    entries = [
        {name: value for name in MEMBERS if (value := getattr(one, name))} for one in baseline.known
    ]
    form = {"format": FORMAT, "provider": baseline.provider, "findings": entries}
    return json.dumps(form, indent=2, ensure_ascii=False) + "\n"


def read(data: bytes, file: str, provider: str) -> Baseline:
    """Read a baseline.

    Args:
        data: its JSON.
        file: its name, for messages.
        provider: whose baseline it has to be.

    Raises:
        ReadError: it is no JSON, or no baseline of this provider; the place is named.
    """
    try:
        text = decode(data)
        form = parse_text(text)
    except ReadError as problem:
        raise ReadError(
            problem.message, problem.hint, file=file, line=problem.line, column=problem.column
        ) from None
    for at, message in _problems(form, provider):
        place = locate(text, at).value
        hint = "--update-baseline writes a new one where there is none."
        raise ReadError(message, hint, file=file, line=place.line, column=place.column)
    entries: Any = form["findings"] if isinstance(form, dict) else []
    return Baseline(provider, tuple(Known(**entry) for entry in entries))


def _problems(form: Any, provider: str) -> Iterator[tuple[str, str]]:
    """Give what is wrong with a baseline, and where."""
    if not isinstance(form, dict) or not {"format", "provider", "findings"} <= form.keys():
        yield "", "a baseline is an object with the members format, provider and findings"
        return
    if form["format"] != FORMAT:
        yield "/format", f"expected a baseline of format {FORMAT}, got {form['format']!r}"
    if form["provider"] != provider:
        yield "/provider", f"expected a baseline of {provider!r}, got one of {form['provider']!r}"
    if not isinstance(form["findings"], list):
        yield "/findings", "expected a list of known findings"
        return
    for number, entry in enumerate(form["findings"]):
        at = f"/findings/{number}"
        if not isinstance(entry, dict) or "clause" not in entry:
            yield at, "expected an object with the member clause"
            continue
        for name, value in entry.items():
            if name not in MEMBERS:
                near = get_close_matches(name, MEMBERS, n=1)
                yield (
                    at,
                    f"unknown member {name!r}" + (f", did you mean {near[0]!r}?" if near else ""),
                )
            elif not isinstance(value, str):
                yield f"{at}/{name}", f"expected a text as {name}"
