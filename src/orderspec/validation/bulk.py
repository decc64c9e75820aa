"""Many documents: from any number of sources, in their order, by any number of processes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from orderspec.errors import ReadError
from orderspec.interrupts import Interrupt
from orderspec.validation import files
from orderspec.validation.batches import Batch, BlockJudge
from orderspec.validation.engine import Options
from orderspec.validation.reader import STANDARD_INPUT, Block, blocks, document, is_lines, sources
from orderspec.validation.work import Paths, Range, Work

_FILES_AT_ONCE = 25
_RANGE = 512 << 10


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is judged.

    Attributes:
        paths: files, folders, patterns, and ``-`` for standard input.
        stdin: what ``-`` stands for.
    """

    paths: tuple[str | Path, ...]
    stdin: BinaryIO

    def size(self) -> int | None:
        """Add up the bytes of all files; None where that tells nothing of how long it takes."""
        total = 0
        for source in sources(self.paths):
            if isinstance(source, ReadError):
                continue
            if str(source) == STANDARD_INPUT or files.is_compressed(source):
                return None
            try:
                total += source.stat().st_size
            except OSError:
                continue
        return total


def judge_all(
    inputs: Inputs,
    schema: str | None,
    options: Options,
    workers: int = 1,
    interrupt: Interrupt | None = None,
) -> Iterator[Batch]:
    """Judge every document.

    Args:
        inputs: where they are.
        schema: see `target.find_target`; None chooses for each document the schema that it is of.
        options: how to judge.
        workers: processes that judge, if more than one.
        interrupt: once it is wanted, nothing more is begun.

    Yields:
        What came of the documents, some at a time, in the order of the sources and lines; a
        `ReadError` (as a value, not raised) for what could not be read, or is of no schema that
        can be told.

    Raises:
        UsageError: there is no such schema.
        ContractError: a contract is broken.
    """
    wanted = interrupt or Interrupt()
    inputs = replace(inputs, stdin=cast("BinaryIO", _Heeding(inputs.stdin, wanted)))
    if workers > 1:
        found = _spread(inputs, schema, options, workers, wanted)
    else:
        found = _judged(inputs, schema, options, wanted)
    yield from _in_place(found)


class _Heeding:
    """Standard input that ends at an interrupt: more may never come."""

    def __init__(self, stream: BinaryIO, interrupt: Interrupt) -> None:
        self._stream, self._interrupt = stream, interrupt
        self._read1: Callable[[int], bytes] = getattr(stream, "read1", stream.read)

    def read(self, size: int) -> bytes:
        return self._heeded(self._stream.read, size)

    def read1(self, size: int) -> bytes:
        return self._heeded(self._read1, size)

    def readline(self, size: int) -> bytes:
        return self._heeded(self._stream.readline, size)

    def _heeded(self, read: Callable[[int], bytes], size: int) -> bytes:
        if self._interrupt.is_wanted:
            return b""
        try:
            with self._interrupt.idling():
                return read(size)
        except KeyboardInterrupt:
            return b""


def _judged(
    inputs: Inputs, schema: str | None, options: Options, interrupt: Interrupt
) -> Iterator[Batch]:
    judge = BlockJudge(schema, options)
    for source in sources(inputs.paths):
        if isinstance(source, ReadError):
            yield Batch(source.file or "", (source,))
            continue
        for block in blocks(source, inputs.stdin):
            if interrupt.is_wanted:
                return
            if isinstance(block, ReadError):
                yield Batch(str(source), (block,))
            else:
                yield judge.judge(block)


def _spread(
    inputs: Inputs, schema: str | None, options: Options, workers: int, interrupt: Interrupt
) -> Iterator[Batch]:
    from orderspec.validation.crew import Crew  # noqa: PLC0415 (one process needs none of it)

    with Crew(schema, options, workers) as crew:
        for batches in crew.map(_work(inputs, interrupt), interrupt):
            yield from batches


def _work(inputs: Inputs, interrupt: Interrupt) -> Iterator[Work]:
    """Cut what is to be judged into pieces of about the same size."""
    small: list[str] = []
    for source in sources(inputs.paths):
        if interrupt.is_wanted:
            return
        is_small = isinstance(source, Path) and not _is_large(source)
        if is_small:
            small.append(str(source))
        if small and (not is_small or len(small) == _FILES_AT_ONCE):
            yield Paths(tuple(small))
            small = []
        if isinstance(source, ReadError):
            yield Batch(source.file or "", (source,))
        elif not is_small:
            for work in _pieces(source, inputs.stdin):
                if interrupt.is_wanted:
                    return
                yield work
    if small:
        yield Paths(tuple(small))


def _is_large(source: Path) -> bool:
    if str(source) == STANDARD_INPUT:
        return True
    try:
        return is_lines(source) and source.stat().st_size > _RANGE
    except OSError:
        return False


def _pieces(source: Path, stdin: BinaryIO) -> Iterator[Work]:
    if str(source) == STANDARD_INPUT or files.is_compressed(source):
        for block in blocks(source, stdin):
            yield Batch(str(source), (block,)) if isinstance(block, ReadError) else block
        return
    size = source.stat().st_size
    for start in range(0, size, _RANGE):
        yield Range(str(source), start, min(start + _RANGE, size))
    yield Block(str(source), [], are_lines=True, is_last=True)


def _in_place(batches: Iterable[Batch]) -> Iterator[Batch]:
    """Count lines and documents from the start of each file, and tell of files without any."""
    file, lines, numbers = "", 0, 0
    for batch in batches:
        if batch.file != file:
            file, lines, numbers = batch.file, 0, 0
        yield batch.after(lines, numbers)
        lines, numbers = lines + batch.lines, numbers + batch.numbers
        if batch.is_last:
            if not numbers:
                yield Batch(file, (_empty(file),))
            # The same file may be named again.
            lines = numbers = 0


def _empty(file: str) -> ReadError:
    try:
        document(file, b"")
    except ReadError as error:
        return error.with_traceback(None)
    raise AssertionError
