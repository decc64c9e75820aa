"""Files, folders and standard input → documents, one at a time.

A source that cannot be read is a value in the same stream, so that the others are still judged.
"""

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from orderspec.errors import ReadError
from orderspec.validation import files, json_text
from orderspec.validation.positions import Place, Position, locate_all

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Document:
    """One JSON document and where it came from.

    Attributes:
        file: the path as given, or the path found below the folder given; ``-`` is standard input.
        text: the document as written, for positions.
        value: what it says; see `json_text` for the numbers.
        line: the line of the file on which the text starts, from 1.
        number: which document of JSON Lines, from 1, or None where the file is one document.
    """

    file: str
    text: str
    value: object
    line: int = 1
    number: int | None = None

    def locate(self, pointers: Iterable[str]) -> dict[str, Position]:
        """Find JSON Pointers of this document in its file; see `positions.locate_all`."""
        return {
            pointer: Position(
                self._in_file(position.value), position.name and self._in_file(position.name)
            )
            for pointer, position in locate_all(self.text, pointers).items()
        }

    def _in_file(self, place: Place) -> Place:
        return Place(place.line + self.line - 1, place.column)


def read(paths: Iterable[str | Path], stdin: BinaryIO) -> Iterator[Document | ReadError]:
    """Read everything that the paths stand for.

    ``.json`` is one document, ``.jsonl`` and ``.ndjson`` one a line (empty lines are skipped), all
    of them also as ``.gz``; folders are searched for these. Standard input and files of any other
    name are JSON Lines if their first line is a whole document and more follows, else one document.
    JSON Lines are held one line at a time.

    Args:
        paths: files, folders, and ``-`` for standard input.
        stdin: what ``-`` stands for.

    Yields:
        Documents, and a `ReadError` (as a value, not raised) for each that could not be read.
    """
    for source in sources(paths):
        if isinstance(source, ReadError):
            yield source
        elif str(source) == STANDARD_INPUT:
            yield from _one_or_lines(STANDARD_INPUT, stdin)
        else:
            yield from _read_file(source)


def sources(paths: Iterable[str | Path]) -> Iterator[Path | ReadError]:
    """Replace folders by the files that `read` reads below them; ``-`` stays."""
    for path in paths:
        if str(path) == STANDARD_INPUT:
            yield Path(STANDARD_INPUT)
        else:
            yield from files.find(Path(path), frozenset(_FORMATS))


def _read_file(path: Path) -> Iterator[Document | ReadError]:
    documents = _FORMATS.get(files.kind_of(path), _one_or_lines)
    try:
        with gzip.open(path) if files.is_compressed(path) else path.open("rb") as stream:
            yield from documents(str(path), stream)
    except (OSError, EOFError, zlib.error) as error:
        yield files.failure(path, error)


def _one(file: str, lines: Iterable[bytes]) -> Iterator[Document | ReadError]:
    yield _document(file, b"".join(lines))


def _lines(file: str, lines: Iterable[bytes]) -> Iterator[Document | ReadError]:
    number = 0
    for line, data in enumerate(lines, start=1):
        if data.strip():
            number += 1
            yield _document(file, data.rstrip(b"\r\n"), line, number)
    if not number:
        yield _document(file, b"")


def _one_or_lines(file: str, lines: Iterable[bytes]) -> Iterator[Document | ReadError]:
    remaining = iter(lines)
    head: list[bytes] = []
    filled: list[bytes] = []
    for data in remaining:
        head.append(data)
        if data.strip():
            filled.append(data)
        if len(filled) > 1:
            break
    is_lines = len(filled) > 1 and isinstance(_document(file, filled[0]), Document)
    documents = _lines if is_lines else _one
    yield from documents(file, chain(head, remaining))


def _document(
    file: str, data: bytes, line: int = 1, number: int | None = None
) -> Document | ReadError:
    try:
        text = json_text.decode(data)
        return Document(file, text, json_text.parse_text(text), line, number)
    except ReadError as error:
        # A new one: the one that was raised keeps the whole text alive by its traceback.
        return ReadError(
            error.message,
            error.hint,
            file=file,
            line=line + error.line - 1 if error.line else None,
            column=error.column,
        )


_FORMATS: dict[str, Callable[[str, Iterable[bytes]], Iterator[Document | ReadError]]] = {
    ".json": _one,
    ".jsonl": _lines,
    ".ndjson": _lines,
}
