"""Where a report goes: standard output as it comes, or a file once it is whole."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from orderspec.errors import UsageError

OUTPUT_OPTION = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write to FILE instead of standard output.",
)


@contextmanager
def opened(path: Path | None, *, for_people: bool = False) -> Iterator[Callable[[str], None]]:
    """Open a place for a report.

    A file is written at the end and not at all after a failure, so that no half report is taken for
    a whole one and an input may be the output.

    Args:
        path: the file, or None for standard output.
        for_people: write in the terminal's encoding. Reports for machines are always UTF-8.

    Yields:
        A function that writes text.

    Raises:
        UsageError: standard output is closed.
    """
    if path is None:
        yield _standard_output(for_people=for_people)
        return
    parts: list[str] = []
    yield parts.append
    path.write_bytes(_encoded("".join(parts), "utf-8"))


def _standard_output(*, for_people: bool) -> Callable[[str], None]:
    if sys.stdout is None:
        message = "standard output is closed"
        raise UsageError(message, "Give a file by -o FILE.")
    stream = sys.stdout.buffer
    encoding = sys.stdout.encoding if for_people else "utf-8"

    def write(text: str) -> None:
        stream.write(_encoded(text, encoding))
        stream.flush()

    return write


def _encoded(text: str, encoding: str) -> bytes:
    """Encode; what the encoding has no form for, such as half a character, becomes an escape."""
    return text.encode(encoding, errors="backslashreplace")
