"""Pieces of work for other processes."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from orderspec.errors import ReadError
from orderspec.validation import files
from orderspec.validation.batches import Batch
from orderspec.validation.reader import Block, blocks, lines_between


@dataclass(frozen=True, slots=True)
class Paths:
    """Some files."""

    paths: tuple[str, ...]

    def blocks(self) -> Iterator[Block | Batch]:
        """Read them."""
        for path in self.paths:
            for block in blocks(Path(path), BytesIO()):
                yield Batch(path, (block,)) if isinstance(block, ReadError) else block


@dataclass(frozen=True, slots=True)
class Range:
    """The lines of a file that start in a range of its bytes."""

    path: str
    start: int
    end: int

    def blocks(self) -> Iterator[Block | Batch]:
        """Read them."""
        try:
            yield from lines_between(self.path, self.start, self.end)
        except OSError as error:
            yield Batch(self.path, (files.failure(Path(self.path), error),))


Work = Paths | Range | Block | Batch
"""What is to be judged; a `Batch` is what is known already, and keeps its place."""


def blocks_of(work: Work) -> Iterator[Block | Batch]:
    """Read a piece of work."""
    if isinstance(work, Block | Batch):
        yield work
    else:
        yield from work.blocks()
