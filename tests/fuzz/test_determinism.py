"""The same seed sends the same requests, byte for byte, to a server that answers alike."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest

from tests.fuzz.kiosk import Kiosk, campaign, changing
from tests.fuzz.servers import Answer, Call, Serve

Wire = tuple[str, str, tuple[tuple[str, str], ...], bytes]


UNBOUNDED = 600.0
"""Seconds, so that nothing is left out because the machine is busy."""


@pytest.fixture(autouse=True)
def _one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send in turn what is sent at the same time: nobody determines how that arrives."""
    monkeypatch.setattr(
        "orderspec.fuzz.sending.ThreadPoolExecutor", lambda **_: ThreadPoolExecutor(max_workers=1)
    )


def sent(serve: Serve, seed: int) -> list[Wire]:
    """Run a small campaign; give what arrived, apart from what names the connection."""
    _, calls = campaign(serve, seed=seed, max_examples=10, max_time=UNBOUNDED)
    return [(one.method, one.target, headers(one), one.body) for one in calls]


@cache
def sent_to_a_kiosk() -> list[Wire]:
    """Give what others are held to, sent once."""
    return sent(Kiosk(), 3)


def headers(call: Call) -> tuple[tuple[str, str], ...]:
    """Give headers in the order of the wire; of the library's own, the id differs each time."""
    own = ("host", "x-schemathesis-testcaseid")
    return tuple((name, value) for name, value in call.headers.items() if name not in own)


def first_difference(one: list[Wire], other: list[Wire]) -> str:
    for number, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return f"{number}: {left} and {right}"
    return "" if len(one) == len(other) else f"{len(one)} and {len(other)} requests"


def wrong() -> Serve:
    """Make a kiosk with a fault, so that there is something to prove and to make small."""
    return changing(lambda order: order.update(total=order["total"] + len(order["lines"]) // 2))


@pytest.mark.parametrize("make", [Kiosk, wrong])
def test_the_same_seed_sends_the_same_bytes(make: type[Kiosk]) -> None:
    one, other = sent(make(), 3), sent(make(), 3)
    assert len(one) > 100
    assert first_difference(one, other) == ""


@pytest.mark.usefixtures("_generating")
def test_what_is_generated_is_the_same_as_well() -> None:
    one, other = sent(Kiosk(), 3), sent(Kiosk(), 3)
    assert first_difference(one, other) == ""


def test_another_seed_sends_others() -> None:
    assert first_difference(sent_to_a_kiosk(), sent(Kiosk(), 4))


def test_a_server_with_other_ids_is_sent_other_keys() -> None:
    """Its first answer makes this campaign's keys new, so that no old order comes back."""

    def renamed(call: Call) -> Answer:
        given = kiosk(call)
        return Answer(given.status, given.body.replace(b"order-", b"other-"))

    kiosk = Kiosk()
    keys = {body for *_, body in sent(renamed, 3) if b'"key":"orderspec-' in body}
    assert keys
    assert not keys & {body for *_, body in sent_to_a_kiosk()}
