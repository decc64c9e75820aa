"""Let an interrupt end long work where nothing is half done."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupt:
    """What a person at the keyboard wants.

    Attributes:
        is_wanted: whether the work is to end.
    """

    def __init__(self) -> None:
        """Nothing was asked for yet."""
        self.is_wanted = False
        self._is_idle = False

    @contextmanager
    def idling(self) -> Iterator[None]:
        """While this lasts the main thread only waits: an interrupt ends the wait at once."""
        self._is_idle = True
        try:
            yield
        finally:
            self._is_idle = False

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """While this lasts, an interrupt is noted, for the work to end before its next step.

        A second one is a KeyboardInterrupt wherever it comes, as the first one is in a wait. Where
        interrupts are ignored nothing changes, nor where this is not the main thread, since
        signals are not handled in others.
        """
        is_main = threading.current_thread() is threading.main_thread()
        if not is_main or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            yield
            return
        before = signal.signal(signal.SIGINT, self._heed)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _heed(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        is_first = not self.is_wanted
        self.is_wanted = True
        if self._is_idle or not is_first:
            raise KeyboardInterrupt
