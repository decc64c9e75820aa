"""Scores of the kiosk's contract, by exchanges with the server that keeps it."""

import os

import pytest

from orderspec.fuzz.settings import Settings
from orderspec.score.recording import Recording, record
from tests.fuzz.kiosk import SPEC, TOKEN, UNHURRIED, Kiosk, contract
from tests.fuzz.servers import serving


@pytest.fixture(autouse=True)
def _kiosk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERSPEC_SPEC", os.fspath(SPEC))


@pytest.fixture(scope="session")
def recording() -> Recording:
    """Record one short campaign, without schemathesis, which takes seconds."""
    with pytest.MonkeyPatch.context() as patch, serving(Kiosk()) as (url, _):
        patch.setenv("ORDERSPEC_SPEC", os.fspath(SPEC))
        patch.setattr("orderspec.fuzz.generation.SHARE", 0.0)
        settings = Settings(
            url,
            credentials={"bearer": TOKEN},
            examples_exist=True,
            max_time=UNHURRIED,
            max_examples=3,
        )
        return record(contract(), settings, lambda _: None)
