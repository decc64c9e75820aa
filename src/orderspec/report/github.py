"""Reports as workflow commands of GitHub Actions: annotations beside the lines of a change."""

from collections.abc import Iterable, Iterator, Sequence

from orderspec.errors import ReadError
from orderspec.findings import Finding, Judged
from orderspec.report.text import printable


def github(results: Iterable[Judged | ReadError]) -> str:
    """Write one workflow command for each finding, and for what could not be read."""
    commands = [
        command
        for result in results
        for command in (
            [_unreadable(result)]
            if isinstance(result, ReadError)
            else map(_finding, result.findings)
        )
    ]
    return "".join(f"{command}\n" for command in commands)


def _finding(finding: Finding) -> str:
    place = _place(finding.file, finding.line, finding.column)
    text = f"{finding.message} (at {finding.at or 'the whole document'})"
    return _command(str(finding.severity), [*place, ("title", finding.clause)], text)


def _unreadable(error: ReadError) -> str:
    place = _place(error.file, error.line, error.column)
    text = f"{error.message} {error.hint}".rstrip()
    return _command("error", [*place, ("title", "not readable")], text)


def _place(file: str | None, line: int | None, column: int | None) -> Iterator[tuple[str, str]]:
    for name, value in (("file", file), ("line", line), ("col", column)):
        if value is not None:
            yield name, str(value)


def _command(name: str, properties: Sequence[tuple[str, str]], text: str) -> str:
    settings = ",".join(f"{key}={_property(value)}" for key, value in properties)
    return f"::{name} {settings}::{_data(text)}"


def _data(text: str) -> str:
    """Escape a message; a line break in it would start a command of its own."""
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
