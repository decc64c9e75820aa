"""Files, folders, archives and standard input → the texts of documents, some at a time.

A source that cannot be read is a value in the same stream, so that the others are still judged.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from orderspec.errors import ReadError
from orderspec.findings import Excerpt
from orderspec.validation import files, json_text
from orderspec.validation.positions import Place, Position, locate_all

STANDARD_INPUT = "-"
MOST_BYTES = 64 << 20
"""The longest document that is read: more is a mistake, or an attack."""
RECORDING = ".har"
"""The suffix of recorded traffic: one document of many exchanges."""
# A string, or anything up to the next mark of JSON; of an object or a list only its bracket.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[{]|[^\s,\]}]+')
_WIDTH, _BEFORE, _LONGEST_MARK = 88, 40, 40
_BLOCK = 128 << 10


@dataclass(frozen=True, slots=True)
class Block:
    """Texts that stand one after the other in one source.

    Attributes:
        file: the path as given, or the path found below the folder given; ``-`` is standard input.
        texts: lines without their line breaks, or one whole document. None is a line that is
            longer than `MOST_BYTES`.
        are_lines: whether the source is JSON Lines.
        is_last: whether the source ends here.
    """

    file: str
    texts: list[bytes | None]
    are_lines: bool
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One JSON document and where it came from.

    Attributes:
        file: as in `Block`.
        text: the document as written, for positions.
        value: what it says; see `json_text` for the numbers.
        line: the line on which the text starts, from 1.
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

    def excerpt(self, place: Place) -> Excerpt:
        """Cut the line of a place in the file, with the name or the value there marked."""
        line = self.text.split("\n")[place.line - self.line]
        start = place.column - 1
        token = _TOKEN.match(line, start)
        length = min(len(token.group()) if token else 1, _LONGEST_MARK)
        first = max(0, min(start - _BEFORE, len(line) - _WIDTH))
        stripped = line[first : first + _WIDTH].rstrip()
        inset = len(stripped) - len(stripped.lstrip())
        inset = min(inset, start - first)
        return Excerpt(stripped[inset:], start - first - inset, length)

    def _in_file(self, place: Place) -> Place:
        return Place(place.line + self.line - 1, place.column)


def document(file: str, data: bytes, line: int = 1, number: int | None = None) -> Document:
    """Read one document.

    Raises:
        ReadError: it is no JSON; with file, line and column.
    """
    try:
        text = json_text.decode(data)
        return Document(file, text, json_text.parse_text(text), line, number)
    except ReadError as error:
        # A new one: the one that was raised keeps the whole text alive by its traceback.
        told = ReadError(
            error.message,
            error.hint,
            file=file,
            line=line + error.line - 1 if error.line else None,
            column=error.column,
        )
    raise told


def sources(paths: Iterable[str | Path]) -> Iterator[Path | ReadError]:
    """Replace folders and patterns by the files that they stand for; ``-`` stays."""
    for path in paths:
        if str(path) == STANDARD_INPUT:
            yield Path(STANDARD_INPUT)
        else:
            yield from files.find(Path(path), frozenset(_FORMATS))


def blocks(source: Path, stdin: BinaryIO) -> Iterator[Block | ReadError]:
    """Read a source.

    ``.json`` and ``.har`` are one document, ``.jsonl`` and ``.ndjson`` one a line, all of them
    also as ``.gz`` and ``.zst``. Standard input and files of any other name are JSON Lines if
    their first line is a whole document and more follows, else one document. JSON Lines are held
    some at a time.

    Args:
        source: a file, or ``-`` for standard input.
        stdin: what ``-`` stands for.

    Yields:
        Blocks, and a `ReadError` (as a value, not raised) where it could not be read on.
    """
    if str(source) == STANDARD_INPUT:
        yield from _one_or_lines(STANDARD_INPUT, stdin)
        return
    read = _FORMATS.get(files.kind_of(source), _one_or_lines)
    try:
        with files.opened(source) as stream:
            yield from read(str(source), stream)
    except files.DAMAGED as error:
        yield files.failure(source, error)


def is_recording(file: str) -> bool:
    """Tell whether a file is recorded traffic by its name."""
    return files.kind_of(Path(file)) == RECORDING


def is_lines(source: Path) -> bool:
    """Tell whether a file is JSON Lines by its name."""
    return _FORMATS.get(files.kind_of(source)) is _lines


def lines_between(file: str, start: int, end: int) -> Iterator[Block]:
    """Read the lines of a file that start in a range of bytes.

    Raises:
        OSError: it cannot be read.
    """
    with Path(file).open("rb") as stream:
        if start:
            # A line that starts right here follows a line break.
            stream.seek(start - 1)
            while (data := stream.readline(_BLOCK)) and not data.endswith(b"\n"):
                pass
        yield from _blocks_of_lines(file, _chunks_before(stream, end))


def _chunks_before(stream: BinaryIO, end: int) -> Iterator[bytes]:
    """Read to a place in a file, and on to the end of the line that started before it."""
    last, left = b"\n", end - stream.tell()
    while left > 0 and (data := stream.read(min(_BLOCK, left))):
        last, left = data[-1:], left - len(data)
        yield data
    while last != b"\n" and (data := stream.readline(_BLOCK)):
        last = data[-1:]
        yield data


def _one(file: str, stream: BinaryIO, head: bytes = b"") -> Iterator[Block]:
    data = head + stream.read(max(0, MOST_BYTES + 1 - len(head)))
    yield Block(file, [data if len(data) <= MOST_BYTES else None], are_lines=False, is_last=True)


def _lines(file: str, stream: BinaryIO, head: bytes = b"") -> Iterator[Block]:
    # What is there already: more may come much later.
    read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
    chunks = iter(partial(read, _BLOCK), b"")
    yield from _blocks_of_lines(file, chain([head], chunks))
    yield Block(file, [], are_lines=True, is_last=True)


def _blocks_of_lines(file: str, chunks: Iterable[bytes]) -> Iterator[Block]:
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        size += len(first)
        # Of a line that is too long nothing is kept but that it is there.
        if size > MOST_BYTES:
            parts.clear()
        else:
            parts.append(first)
        if others:
            whole = None if size > MOST_BYTES else b"".join(parts)
            *lines, rest = others
            yield Block(file, [whole, *lines], are_lines=True)
            parts, size = [rest], len(rest)
    if size:
        yield Block(file, [None if size > MOST_BYTES else b"".join(parts)], are_lines=True)


def _one_or_lines(file: str, stream: BinaryIO) -> Iterator[Block]:
    head = bytearray()
    filled: list[bytes] = []
    while len(filled) < 2 and len(head) <= MOST_BYTES:  # noqa: PLR2004 (the first, and more)
        data = stream.readline(MOST_BYTES + 1)
        if not data:
            break
        head += data
        if data.strip():
            filled.append(data)
    is_many = len(filled) > 1 and _is_document(filled[0])
    is_blank = not filled and len(head) > MOST_BYTES
    yield from (_lines if is_many or is_blank else _one)(file, stream, bytes(head))


def _is_document(data: bytes) -> bool:
    try:
        document("", data)
    except ReadError:
        return False
    return True


_FORMATS: dict[str, Callable[[str, BinaryIO], Iterator[Block]]] = {
    ".json": _one,
    ".jsonl": _lines,
    ".ndjson": _lines,
    RECORDING: _one,
}
