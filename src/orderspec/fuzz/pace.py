"""How fast a campaign sends, and how long it waits where a server asks for patience."""

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Lock

from orderspec.exchange import Response

FIRST_PAUSE = 1.0


class Pace:
    """Spaces requests evenly: between two of them there is always the same time, or more."""

    def __init__(self, rate: float | None) -> None:
        """Start now.

        Args:
            rate: requests a second; None for as fast as it goes.
        """
        self._interval = 1 / rate if rate else 0.0
        self._next = 0.0
        self._lock = Lock()

    def pause(self) -> float:
        """Reserve the next moment; give the seconds until then. Threads may share a pace."""
        if not self._interval:
            return 0.0
        with self._lock:
            now = time.monotonic()
            moment = max(self._next, now)
            self._next = moment + self._interval
            return moment - now


def asked_pause(response: Response, before: int) -> float:
    """Tell how many seconds a server wants to be left alone.

    Args:
        response: the answer, which may say so, as seconds or as a date (RFC 9110, 10.2.3).
        before: how often the same request was put off before: without a word, each pause is twice
            as long as the one before.
    """
    asked = response.headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked)
    return _until(asked) or FIRST_PAUSE * 2.0**before


def _until(date: str) -> float:
    """Count the seconds until a date; 0 where it is none, or over by our clock."""
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
