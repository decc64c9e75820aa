"""Campaigns against contracts of their own: tests/fuzz/spec."""

import os

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
