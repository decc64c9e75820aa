"""Campaigns against contracts of their own: tests/fuzz/spec."""

import os
import signal
from collections.abc import Iterator

import pytest

from orderspec.fuzz.generation import SHARE
from tests.fuzz.kiosk import SPEC


@pytest.fixture(autouse=True)
def _kiosk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERSPEC_SPEC", os.fspath(SPEC))


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave schemathesis out, which takes seconds."""
    monkeypatch.setattr("orderspec.fuzz.generation.SHARE", 0.0)


@pytest.fixture
def _generating(monkeypatch: pytest.MonkeyPatch, _quick: None) -> None:
    """Take it in again, for a test that is about it."""
    monkeypatch.setattr("orderspec.fuzz.generation.SHARE", SHARE)


@pytest.fixture(autouse=True)
def _interruptible() -> Iterator[None]:
    """Take interrupts as a terminal's programs do: a shell's job in the background ignores them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
