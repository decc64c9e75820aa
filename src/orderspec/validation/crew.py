"""Processes that judge pieces of work, in order, and go on when one of them dies."""

import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import Event
from multiprocessing.synchronize import Event as EventType
from types import TracebackType
from typing import Self

from orderspec.errors import ReadError
from orderspec.interrupts import Interrupt
from orderspec.validation.batches import Batch, BlockJudge
from orderspec.validation.engine import Options
from orderspec.validation.reader import Block
from orderspec.validation.work import Work, blocks_of

_AHEAD = 3


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of a piece of work; `is_cut` says that some of it was left."""

    batches: list[Batch]
    is_cut: bool = False


class Crew:
    """Worker processes that judge by one schema."""

    def __init__(self, schema: str | None, options: Options, workers: int) -> None:
        """Prepare.

        Raises:
            UsageError: there is no such schema.
            ContractError: a contract is broken.
        """
        # Told before any process starts; those that are forked have it, too.
        BlockJudge(schema, options).prepare()
        self._is_over = Event()
        self._setting = (schema, options, self._is_over)
        self._workers = workers
        self._pool = self._started(workers)

    def __enter__(self) -> Self:
        """Start."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End every process; what was not begun is dropped."""
        self._is_over.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def map(self, work: Iterable[Work], interrupt: Interrupt) -> Iterator[list[Batch]]:
        """Judge pieces of work; what comes of them comes in their order.

        Only some pieces are taken ahead of what was yielded, so that memory is bounded. After an
        interrupt only that comes which was judged already, without a gap.
        """
        waiting: deque[tuple[Work, Future[Judgement]]] = deque()
        pieces = iter(work)
        while not interrupt.is_wanted:
            piece = next(pieces, None)
            if piece is None:
                break
            waiting.append((piece, self._submitted(piece)))
            if len(waiting) > _AHEAD * self._workers:
                yield self._next(waiting).batches
        while waiting:
            if interrupt.is_wanted:
                self._is_over.set()
                if waiting[0][1].cancel():
                    return
            judgement = self._next(waiting)
            yield judgement.batches
            if judgement.is_cut:
                return

    def _next(self, waiting: deque[tuple[Work, Future[Judgement]]]) -> Judgement:
        piece, future = waiting.popleft()
        try:
            return future.result()
        except BrokenProcessPool:
            pieces = [piece, *(one for one, _ in waiting)]
            waiting.clear()
            self._pool.shutdown(wait=True)
            self._pool = self._started(self._workers)
            found = self._carefully(pieces.pop(0))
            waiting.extend((one, self._submitted(one)) for one in pieces)
            return Judgement(found)

    def _submitted(self, piece: Work) -> Future[Judgement]:
        try:
            return self._pool.submit(_judge, piece)
        except BrokenProcessPool as problem:
            broken: Future[Judgement] = Future()
            broken.set_exception(problem)
            return broken

    def _carefully(self, piece: Work) -> list[Batch]:
        """Judge a piece that a process may have died of, so that at most one line is lost."""
        found: list[Batch] = []
        for block in blocks_of(piece):
            found += [block] if isinstance(block, Batch) else self._halved(block)
        return found

    def _halved(self, block: Block) -> list[Batch]:
        try:
            with self._started(1) as pool:
                return pool.submit(_judge, block).result().batches
        except BrokenProcessPool:
            if len(block.texts) < 2:  # noqa: PLR2004 (one text has no half)
                return [_lost(block)]
        middle = len(block.texts) // 2
        first = Block(block.file, block.texts[:middle], block.are_lines)
        second = Block(block.file, block.texts[middle:], block.are_lines, block.is_last)
        return [*self._halved(first), *self._halved(second)]

    def _started(self, workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(workers, initializer=_prepare, initargs=self._setting)


def _lost(block: Block) -> Batch:
    error = ReadError(
        "the process that judged this document died",
        "Is there memory enough? If so, report it with the document: it is a fault of the kit.",
        file=block.file,
        line=1 if block.are_lines else None,
    )
    lines = 1 if block.are_lines else 0
    return Batch(block.file, (error,), numbers=1, lines=lines, is_last=block.is_last)


_READY: list[tuple[BlockJudge, EventType]] = []


def _prepare(schema: str | None, options: Options, is_over: EventType) -> None:
    """Make this process ready; an interrupt is its parent's to heed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _READY[:] = [(BlockJudge(schema, options), is_over)]


def _judge(piece: Work) -> Judgement:
    ((judge, is_over),) = _READY
    batches: list[Batch] = []
    for block in blocks_of(piece):
        if is_over.is_set():
            return Judgement(batches, is_cut=True)
        batches.append(block if isinstance(block, Batch) else judge.judge(block))
    return Judgement(batches)
