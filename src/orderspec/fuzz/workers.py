"""A campaign by several processes, each with a seed of its own, told as one."""

import pickle
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from queue import Empty, Queue
from threading import Thread
from typing import IO, Any

from orderspec.campaigns import CampaignReport
from orderspec.contract.model import Contract
from orderspec.errors import OrderspecError
from orderspec.fuzz import campaign
from orderspec.fuzz.ledger import Key
from orderspec.fuzz.session import INTERRUPTED, Session
from orderspec.fuzz.settings import Progress, Settings
from orderspec.fuzz.shares import Failed, Found, Share, Task, join
from orderspec.fuzz.telling import report_of
from orderspec.interrupts import Interrupt

BETWEEN_LOOKS = 0.1
GRACE = 10.0
"""Seconds beyond its end that a process may take to hand over what it saw."""


@dataclass(slots=True)
class _Worker:
    """A process of a campaign.

    Attributes:
        seed: its seed.
        process: the process.
        errors: what it wrote to standard error.
        progress: where it is.
        found: the causes that it found, once it has sent all.
        share: what it saw, once it has ended.
        problem: why it could not work.
        is_over: whether nothing more comes from it.
        is_proving: whether it was told what to prove.
    """

    seed: int
    process: subprocess.Popen[bytes]
    errors: IO[bytes]
    progress: Progress | None = None
    found: frozenset[Key] | None = None
    share: Share | None = None
    problem: OrderspecError | None = None
    is_over: bool = False
    is_proving: bool = False


@dataclass(slots=True)
class _Crew:
    """All processes of a campaign, and what they report: worker and message, None at its end."""

    workers: list[_Worker] = field(default_factory=list)
    messages: Queue[tuple[_Worker, Any]] = field(default_factory=Queue)

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes from any of them."""
        return all(worker.is_over for worker in self.workers)


def run(
    contract: Contract, settings: Settings, progress: Callable[[Progress], None]
) -> CampaignReport:
    """Run a campaign by as many processes as the settings ask for.

    Each of them sends what it would alone, with a seed of its own, apart from requests that must
    be refused: they share these. Findings are proven by one process after the other, while no
    other one sends anything.

    Args:
        contract: the contract that the deployment is held to.
        settings: where, and how much; the rate is that of all processes together.
        progress: called now and then.

    Raises:
        TargetError: nothing answers, or what answers is not an HTTP API of JSON.
        UsageError: the address or a credential cannot be used.
    """
    if settings.workers == 1:
        return campaign.run(contract, settings, progress)
    session = Session(contract, settings, progress)
    ends = time.time() + settings.max_time
    interrupt = session.sender.interrupt
    with interrupt.heeded(), _crew(contract, settings, ends) as crew:
        with suppress(KeyboardInterrupt):  # a second one: what is not there by now is lost
            _listen(crew, progress, interrupt, ends + GRACE)
        shares = [worker.share for worker in crew.workers if worker.share is not None]
        problems = [worker.problem for worker in crew.workers if worker.problem is not None]
        if problems and not shares:
            raise problems[0]
        session.troubles += _troubles(crew)
    join(session, shares)
    if interrupt.is_wanted:
        session.stopped = INTERRUPTED
    return report_of(session)


@contextmanager
def _crew(contract: Contract, settings: Settings, ends: float) -> Iterator[_Crew]:
    """Start the processes; none of them outlives the campaign."""
    crew = _Crew()
    try:
        for part in range(settings.workers):
            rate = settings.rate / settings.workers if settings.rate else None
            own = replace(settings, seed=settings.seed + part, part=part, rate=rate)
            worker = _started(own)
            crew.workers.append(worker)
            _tell(worker, Task(contract, own, ends))
            Thread(target=_read, args=(worker, crew.messages), daemon=True).start()
        yield crew
    finally:
        for worker in crew.workers:
            worker.process.kill()
            worker.process.wait()
            for stream in (worker.process.stdin, worker.process.stdout, worker.errors):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()


def _started(settings: Settings) -> _Worker:
    """Start a process in a session of its own: an interrupt of the terminal comes from here.

    Interrupts are held back until it can heed them.
    """
    errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "orderspec.fuzz.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return _Worker(settings.seed, process, errors)


def _tell(worker: _Worker, message: Any) -> None:
    """Write to a process; one that died says so by its end."""
    stream = worker.process.stdin
    if stream is not None:
        with suppress(OSError):
            pickle.dump(message, stream)
            stream.flush()


def _read(worker: _Worker, messages: Queue[tuple[_Worker, Any]]) -> None:
    """Read what a process reports until it ends."""
    stream = worker.process.stdout
    try:
        with suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):
            while stream is not None:
                messages.put((worker, pickle.load(stream)))  # noqa: S301 (our own process)
    finally:
        messages.put((worker, None))


def _listen(
    crew: _Crew, progress: Callable[[Progress], None], interrupt: Interrupt, until: float
) -> None:
    """Take in what the processes report, and let one after the other prove its findings."""
    was_wanted = False
    while not crew.is_over and time.time() < until:
        if interrupt.is_wanted and not was_wanted:
            was_wanted = True
            until = min(until, time.time() + GRACE)
            _end_early(crew.workers)
        try:
            worker, message = crew.messages.get(timeout=BETWEEN_LOOKS)
        except Empty:
            continue
        match message:
            case Progress():
                worker.progress = message
                progress(_together(crew.workers))
            case Found():
                worker.found = message.keys
            case Share():
                worker.share = message
            case Failed():
                worker.problem = message.problem
        worker.is_over = worker.is_over or not isinstance(message, Progress | Found)
        _let_prove(crew.workers)


def _end_early(workers: list[_Worker]) -> None:
    """Ask each process for what it has seen, and let those that await their turn prove nothing."""
    for worker in workers:
        worker.process.send_signal(signal.SIGINT)
        if not worker.is_proving:
            worker.is_proving = True
            _tell(worker, frozenset())


def _let_prove(workers: list[_Worker]) -> None:
    """Once all have sent everything, let the next one prove what no other one has proven."""
    running = [worker for worker in workers if not worker.is_over]
    if any(worker.found is None or worker.is_proving for worker in running):
        return
    proven = {
        key
        for worker in workers
        if worker.share is not None
        for key, group in worker.share.ledger.groups.items()
        if group.shown
    }
    for worker in running[:1]:
        worker.is_proving = True
        _tell(worker, (worker.found or frozenset()) - proven)


def _together(workers: list[_Worker]) -> Progress:
    """Sum up where the processes are; clauses and findings of one are mostly those of the other."""
    known = [worker.progress for worker in workers if worker.progress is not None]
    return Progress(
        sum(one.requests for one in known),
        sum(one.successes for one in known),
        max(one.exercised for one in known),
        max(one.clauses for one in known),
        max(one.findings for one in known),
        min(one.seconds_left for one in known),
    )


def _troubles(crew: _Crew) -> Iterator[str]:
    """Name the seeds, and the processes that did not hand over what they saw."""
    seeds = ", ".join(str(worker.seed) for worker in crew.workers)
    yield f"{len(crew.workers)} processes sent requests, with the seeds {seeds}."
    for worker in crew.workers:
        if worker.share is None:
            yield f"The process with seed {worker.seed} was lost, with what it saw: {_end(worker)}"


def _end(worker: _Worker) -> str:
    if worker.problem is not None:
        return str(worker.problem)
    worker.errors.seek(0)
    lines = worker.errors.read().decode(errors="replace").strip().splitlines()
    code = worker.process.poll()
    how = "it hung" if code is None else f"it ended with {code}"
    return f"{how}: {lines[-1]}" if lines else how
