"""Every document behind some paths, as the judges of payloads read them."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from orderspec.errors import ReadError
from orderspec.validation.reader import Block, Document, blocks, document, sources


def read(paths: Iterable[str | Path], stdin: BinaryIO) -> Iterator[Document | ReadError]:
    for source in sources(paths):
        if isinstance(source, ReadError):
            yield source
            continue
        line = number = 0
        for block in blocks(source, stdin):
            if isinstance(block, ReadError):
                yield block
                continue
            for text in block.texts:
                line += 1
                is_document = bool(text is None or text.strip() or not block.are_lines)
                number += is_document
                if is_document:
                    yield _read(block, text, line, number)
            if block.is_last and not number:
                yield _read(block, b"", 1, 1)


def _read(block: Block, text: bytes | None, line: int, number: int) -> Document | ReadError:
    if text is None:
        return ReadError("too long", file=block.file, line=line)
    try:
        if block.are_lines:
            return document(block.file, text.rstrip(b"\r"), line, number)
        return document(block.file, text)
    except ReadError as error:
        return error.with_traceback(None)
