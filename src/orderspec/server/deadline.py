"""The race between a request's commit and the clock: exactly one of them wins."""

from enum import Enum, auto
from threading import Lock


class _Outcome(Enum):
    OPEN = auto()
    COMMITTED = auto()
    EXPIRED = auto()


class Deadline:
    """Keeps a request that was answered with a timeout from being committed afterwards."""

    def __init__(self) -> None:
        """Start with nothing decided."""
        self._lock = Lock()
        self._outcome = _Outcome.OPEN

    def commit(self) -> bool:
        """Ask to commit; False where the client has been told that time is up."""
        return self._settle(_Outcome.COMMITTED)

    def expire(self) -> bool:
        """Ask to give up; False where the commit has begun and its answer is worth the wait."""
        return self._settle(_Outcome.EXPIRED)

    def _settle(self, outcome: _Outcome) -> bool:
        with self._lock:
            if self._outcome is _Outcome.OPEN:
                self._outcome = outcome
            return self._outcome is outcome
