"""One of several processes of a campaign: ``python -m orderspec.fuzz.worker``.

It reads its task from standard input and writes messages to standard output, both pickled: its
progress, the causes that it found, and, once it was told which of them to prove, its share.
"""

import os
import pickle
import signal
import sys
import time
from dataclasses import replace
from typing import Any, BinaryIO

from orderspec.errors import OrderspecError
from orderspec.fuzz.campaign import explore
from orderspec.fuzz.proving import prove
from orderspec.fuzz.session import INTERRUPTED, Session
from orderspec.fuzz.settings import Progress
from orderspec.fuzz.shares import Failed, Found, Task, share_of

BETWEEN_PROGRESS = 0.1
SHORTEST = 0.1


class _Reporter:
    """Sends messages to the process that started this one."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._latest = 0.0

    def send(self, message: Any) -> None:
        pickle.dump(message, self._stream)
        self._stream.flush()

    def show(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._latest >= BETWEEN_PROGRESS:
            self._latest = now
            self.send(progress)


def main() -> None:
    """Do the task that is given on standard input."""
    reporter = _Reporter(os.fdopen(os.dup(sys.stdout.fileno()), "wb"))
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what else is written is no message
    task: Task = pickle.load(sys.stdin.buffer)  # noqa: S301 (written by the process above)
    settings = replace(task.settings, max_time=max(SHORTEST, task.ends - time.time()))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        session = Session(task.contract, settings, reporter.show)
        with session.sender.interrupt.heeded():
            # Interrupts were held back from the start of the process until here.
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
            explore(session)
            if session.stopped != INTERRUPTED:
                # Findings are proven one process after the other: this one waits for its turn.
                reporter.send(Found(frozenset(session.ledger.groups)))
                prove(session, pickle.load(sys.stdin.buffer))  # noqa: S301 (written by ours)
            reporter.send(share_of(session))
    except OrderspecError as problem:
        reporter.send(Failed(problem))


if __name__ == "__main__":
    main()
