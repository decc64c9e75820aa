"""Interrupts that end a campaign where nothing is half done."""

import signal
from threading import Thread

import pytest

from orderspec.interrupts import Interrupt


def test_the_first_interrupt_is_a_wish_and_the_second_one_an_end() -> None:
    interrupt = Interrupt()
    with interrupt.heeded():
        assert not interrupt.is_wanted
        signal.raise_signal(signal.SIGINT)
        assert interrupt.is_wanted
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_an_interrupt_ends_a_wait() -> None:
    interrupt = Interrupt()
    with interrupt.heeded(), pytest.raises(KeyboardInterrupt), interrupt.idling():
        signal.raise_signal(signal.SIGINT)
    assert interrupt.is_wanted


def test_interrupts_are_as_before_once_the_campaign_is_over() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interrupt().heeded():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_interrupts_that_are_ignored_stay_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        interrupt = Interrupt()
        with interrupt.heeded():
            signal.raise_signal(signal.SIGINT)
        assert not interrupt.is_wanted
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_campaign_in_another_thread_leaves_the_handling_alone() -> None:
    seen = []

    def look() -> None:
        with Interrupt().heeded():
            seen.append(signal.getsignal(signal.SIGINT))

    before = signal.getsignal(signal.SIGINT)
    thread = Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [before]
