"""Reports for people: one block of short lines for each finding."""

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO

from orderspec.findings import Evidence, Excerpt, Finding, Severity, SpecPlace
from orderspec.report.summary import Summary
from orderspec.report.text import cut, printable, told

BOLD, _RED, _YELLOW, DIM, _RESET = "\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[2m", "\x1b[0m"
_COLOURS = {Severity.ERROR: _RED, Severity.WARNING: _YELLOW}


def takes_colour(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether to colour: on a terminal that can, unless NO_COLOR says otherwise."""
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return stream.isatty()


def finding_text(
    finding: Finding,
    titles: Mapping[str, str],
    *,
    colour: bool = False,
    proof: Iterable[tuple[str, str]] = (),
) -> str:
    """Write one finding.

    Args:
        finding: the finding.
        titles: the id of each source to its title.
        colour: use the terminal's colours.
        proof: what it rests on, as labels and texts.

    Returns:
        Lines, each with its line break. Values from payloads are escaped and cut.
    """
    place = ":".join(
        str(part) for part in (finding.file, finding.line, finding.column) if part is not None
    )
    severity = painted(str(finding.severity), BOLD + _COLOURS[finding.severity], colour=colour)
    head = f"{printable(place)}: " if place else ""
    lines = [f"{head}{severity}: {_told(finding.message)}"]
    if finding.excerpt:
        lines += _marked(finding.excerpt, colour=colour)
    for label, text in (*_broken(finding), *proof, *_clause(finding, titles)):
        lines.append(f"    {painted(f'{label:9}', DIM, colour=colour)} {_told(text)}")
    return "".join(f"{line}\n" for line in lines)


def _marked(excerpt: Excerpt, *, colour: bool) -> Iterator[str]:
    """Write a line of a file, and a mark below the spot."""
    end = excerpt.start + excerpt.length
    indent = len(printable(excerpt.text[: excerpt.start]))
    mark = "^" * max(1, len(printable(excerpt.text[excerpt.start : end])))
    yield f"    | {printable(excerpt.text)}"
    yield f"    | {' ' * indent}{painted(mark, BOLD, colour=colour)}"


def summary_text(summary: Summary, unreadable: int) -> str:
    """Write the last line of a report."""
    parts = [
        f"{_counted(summary.documents, 'document')}: {summary.valid} valid",
        _counted(summary.errors, "error"),
        _counted(summary.warnings, "warning"),
    ]
    if unreadable:
        parts.append(f"{unreadable} not judged")
    return ", ".join(parts) + "\n"


def clauses_text(clauses: Mapping[str, int]) -> str:
    """Write how many findings each clause has, the most first."""
    width = max(len(str(count)) for count in clauses.values())
    ordered = sorted(clauses.items(), key=lambda pair: (-pair[1], pair[0]))
    lines = (f"  {count:{width}} {printable(clause)}\n" for clause, count in ordered)
    return "findings by clause:\n" + "".join(lines)


def _broken(finding: Finding) -> Iterator[tuple[str, str]]:
    yield "at", finding.at or ("the whole body" if finding.operation else "the whole document")
    if finding.expected is not None and finding.expected != finding.message:
        yield "expected", told(finding.expected)
    if finding.workings:
        yield "that is", finding.workings
    if finding.got is not None:
        yield "got", told(finding.got)


def _clause(finding: Finding, titles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield "clause", finding.clause + (f" ({finding.keyword})" if finding.keyword else "")
    if finding.also:
        yield "also", ", ".join(finding.also)
    if finding.spec:
        yield "spec", place_text(finding.spec)
    if finding.evidence:
        yield "source", source_text(finding.evidence, titles)
        if finding.evidence.note:
            yield "note", finding.evidence.note


def place_text(place: SpecPlace) -> str:
    """Write where a clause stands, as editors read it."""
    return f"{place.file}:{place.line}:{place.column}"


def source_text(evidence: Evidence, titles: Mapping[str, str]) -> str:
    """Name the document behind a clause, and how sure it is."""
    return f"{titles.get(evidence.source, evidence.source)} ({evidence.level})"


def _told(text: str) -> str:
    return printable(cut(text))


def painted(text: str, colours: str, *, colour: bool) -> str:
    """Put a text between the terminal's codes for its colours and the one that ends them."""
    return f"{colours}{text}{_RESET}" if colour else text


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
