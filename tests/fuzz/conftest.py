"""Campaigns against contracts of their own: tests/fuzz/spec."""

import os

import pytest

from tests.fuzz.kiosk import SPEC


@pytest.fixture(autouse=True)
def _kiosk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERSPEC_SPEC", os.fspath(SPEC))
