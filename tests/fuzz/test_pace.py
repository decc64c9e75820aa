"""How fast requests follow each other, and how long a server that asks for it is left alone."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from orderspec.exchange import Response
from orderspec.fuzz.pace import FIRST_PAUSE, Pace, asked_pause


def test_without_a_rate_nothing_waits() -> None:
    pace = Pace(None)
    assert [pace.pause() for _ in range(3)] == [0.0, 0.0, 0.0]


def test_moments_are_evenly_spaced() -> None:
    pace = Pace(10)
    pauses = [pace.pause() for _ in range(4)]
    assert pauses[0] == 0.0
    assert pauses[1:] == pytest.approx([0.1, 0.2, 0.3], abs=0.02)


def test_time_that_was_not_used_is_not_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    pace = Pace(2)
    pace.pause()
    now[0] += 60
    assert [pace.pause(), pace.pause()] == [0.0, 0.5]


def limited(retry_after: str | None) -> Response:
    return Response(429, {} if retry_after is None else {"retry-after": retry_after})


@pytest.mark.parametrize("asked,seconds", [("0", 0.0), ("3", 3.0), (" 120 ", 120.0)])
def test_a_pause_is_asked_for_in_seconds(asked: str, seconds: float) -> None:
    assert asked_pause(limited(asked), 0) == seconds


def test_a_pause_is_asked_for_as_a_date() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert asked_pause(limited(date), 0) == pytest.approx(90, abs=2)


@pytest.mark.parametrize("asked", [None, "", "soon", "-1", "1.5", "Sun, 06 Nov 1994 08:49:37 GMT"])
def test_without_a_word_that_helps_pauses_grow(asked: str | None) -> None:
    pauses = [asked_pause(limited(asked), before) for before in range(4)]
    assert pauses == [FIRST_PAUSE * factor for factor in (1, 2, 4, 8)]
