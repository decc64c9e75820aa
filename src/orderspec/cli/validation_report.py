"""What `orderspec validate` writes, as documents are judged and at the end.

Each form is imported by the one who asks for it: XML alone takes as long as judging a document.
"""

# ruff: noqa: PLC0415

import sys
from collections.abc import Callable, Iterable
from typing import Protocol

from orderspec.errors import ReadError
from orderspec.findings import Judged
from orderspec.report.console import clauses_text, finding_text, summary_text
from orderspec.report.tally import Tally

Write = Callable[[str], None]
# Fewer findings need no table of their clauses.
_MANY = 20


class Report(Protocol):
    """A form of report."""

    def told(self, results: Iterable[Judged | ReadError]) -> None:
        """Write what came of some documents, if it is written at once."""

    def ended(self, tally: Tally) -> None:
        """Write what is written at the end."""


class TextReport:
    """For people."""

    def __init__(self, write: Write, titles: dict[str, str], *, colour: bool) -> None:
        """Write to a function; `titles` are those of the sources."""
        self._write, self._titles, self._colour = write, titles, colour

    def told(self, results: Iterable[Judged | ReadError]) -> None:
        """Write every finding."""
        texts = [
            finding_text(finding, self._titles, colour=self._colour)
            for result in results
            if isinstance(result, Judged)
            for finding in result.findings
        ]
        if texts:
            self._write("".join(texts))

    def ended(self, tally: Tally) -> None:
        """Write the counts."""
        if tally.clauses.total() > _MANY:
            self._write(clauses_text(tally.clauses))
        self._write(summary_text(tally.summary, tally.unreadable_count))


class LineReport:
    """For programs that read on: JSON Lines, or workflow commands."""

    def __init__(self, write: Write, form: str) -> None:
        """Write to a function."""
        self._write, self._form = write, form

    def told(self, results: Iterable[Judged | ReadError]) -> None:
        """Write a line for each finding."""
        if self._form == "jsonl":
            from orderspec.report.json_form import json_lines as lines
        else:
            from orderspec.report.github import github as lines
        text = lines(results)
        if text:
            self._write(text)

    def ended(self, tally: Tally) -> None:
        """Write the counts."""
        if self._form == "jsonl":
            from orderspec.report.json_form import last_line

            self._write(last_line(tally))


class WholeReport:
    """One text, written at the end."""

    def __init__(self, write: Write, form: str, *, detected: bool) -> None:
        """Write to a function; `detected` says that the kit chose the schemas."""
        self._write, self._form, self._detected = write, form, detected

    def told(self, results: Iterable[Judged | ReadError]) -> None:
        """Wait."""

    def ended(self, tally: Tally) -> None:
        """Write everything."""
        if self._form == "junit":
            from orderspec.report.junit import junit

            self._write(junit(tally))
            return
        from orderspec.report.json_form import dumps, validation_form

        if self._form == "sarif":
            from orderspec.report.sarif import sarif_form

            self._write(dumps(sarif_form(tally)))
        else:
            self._write(dumps(validation_form(tally, detected=self._detected)))


def is_whole(form: str) -> bool:
    """Tell whether a form is written at the end, and needs all that there is to tell."""
    return form in ("json", "junit", "sarif")


def progress_text(tally: Tally, seconds: float, share: float | None) -> str:
    """Say in one line how far it is; `share` is what part is done, if that is known."""
    documents = tally.summary.documents
    parts = [f"{documents:,} documents", f"{documents / seconds:,.0f}/s"]
    parts.append(f"{tally.clauses.total():,} findings")
    if share:
        left = seconds / share - seconds
        parts.append(f"{share:.0%}, {left:,.0f} s left")
    return ", ".join(parts)


def shows_progress() -> bool:
    """Tell whether somebody looks."""
    return sys.stderr is not None and sys.stderr.isatty()
