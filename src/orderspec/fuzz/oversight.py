"""Hold requests that a library generates and sends to the campaign's time, pace and patience."""

import time
from typing import Any

from orderspec.exchange import Response
from orderspec.fuzz.sending import TIME_OVER, TOO_MANY_REQUESTS, Ended, Sender


class Oversight:
    """Is asked before each request and told of each answer, in the thread that sends.

    Attributes:
        ended: why no request may follow, or an empty string.
    """

    def __init__(self, sender: Sender, seconds: float) -> None:
        """Start the time.

        Args:
            sender: keeps the campaign's time, pace and patience.
            seconds: how long requests may be generated.
        """
        self.ended = ""
        self._sender = sender
        self._end = time.monotonic() + seconds
        self._put_off = 0

    def before(self, options: dict[str, Any]) -> None:
        """Wait for the turn of a request, and limit the time that its answer may take.

        Args:
            options: how the request is sent; its ``timeout`` is set, in seconds.

        Raises:
            Ended: no request may follow.
        """
        if time.monotonic() >= self._end:
            self.ended = self.ended or TIME_OVER
        if not self.ended:
            try:
                self._sender.await_turn()
            except Ended as end:
                self.ended = str(end)
        if self.ended:
            raise Ended(self.ended)
        options["timeout"] = self._sender.seconds_for_answer()

    def after(self, response: Response) -> None:
        """Take note of an answer; its status is 0 where there was none."""
        try:
            self._sender.heed(response, self._put_off)
        except Ended as end:
            self.ended = str(end)
        limited = response.status == TOO_MANY_REQUESTS
        self._put_off = self._put_off + 1 if limited else 0
