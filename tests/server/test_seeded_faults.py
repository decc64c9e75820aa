"""Every seeded defect shows itself to who sends what the fixtures hold, right and wrong."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from orderspec.contract import catalog
from orderspec.contract.model import Contract
from orderspec.exchange import MISSING, Exchange
from orderspec.findings import Verdict
from orderspec.fuzz.campaign import run
from orderspec.fuzz.settings import Settings
from orderspec.server.faults import behaviour, names
from orderspec.server.process import running_server
from orderspec.server.provider import Fault
from tests.fixture_files import EXCHANGED, INVALID, PAIRS, VALID, Pair, load_exchange, provider_of
from tests.samples import sample
from tests.server.recorded import Replay, replay
from tests.server.test_exchanges import bodies, requests_with

Use = Callable[[Replay], Iterator[Any]]

SOME = 8
STRATA = {"structural", "validation", "robustness", "semantic", "stateful", "security"}
MALFORMED = (b"{", b'{"a": 1,}', b"[" * 60 + b"]" * 60, b'"text"', b"{}", b"[]", b"null")


def sending(*exchanges: Exchange) -> Use:
    return lambda server: (server.send(one) for one in exchanges)


def answering(*exchanges: Exchange) -> Use:
    return lambda server: (server.answer(one) for one in exchanges)


def spoiling(secrets: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Give nobody's secrets, everybody's, and some that begin right; one at a time and together."""
    yield {}
    for spoiled in ("wrong", ":", "00000000-0000-4000-8000-00000000000g"):
        yield dict.fromkeys(secrets, spoiled)
    for name, secret in secrets.items():
        yield {other: value for other, value in secrets.items() if other != name}
        yield {**secrets, name: "wrong"}
        yield {**secrets, name: secret[: len(secret) // 2]}
        yield {**secrets, name: f"{secret}0"}


def misusing(exchange: Exchange, secrets: Mapping[str, str]) -> Use:
    has_body = exchange.request.body is not MISSING
    content = b"{}" if has_body else None
    wrong = [
        *((malformed, secrets) for malformed in MALFORMED if has_body),
        *((content, spoiled) for spoiled in spoiling(secrets)),
    ]

    def use(server: Replay) -> Iterator[Any]:
        for sent, given in wrong:
            answer = server.raw(exchange, sent, given)
            yield answer.status_code, answer.content

    return use


def uses(provider: str) -> Iterator[Use]:
    """Give what is done to a server, each on one that nobody has used before.

    What is asked one by one, some share a server: to start one takes longer than to ask.
    """

    def own(paths: list[Path]) -> Iterator[Path]:
        return (path for path in paths if provider_of(path) == provider)

    exchanges = [load_exchange(path)[1] for path in own(EXCHANGED)]
    pairs = [Pair.load(path) for path in own(PAIRS)]
    secrets = behaviour(provider).credentials
    firsts = {one.operation: one for one in exchanges if one.response.ok}
    yield from map(sending, exchanges)
    yield from (sending(*one.before, one.first, one.following, one.following) for one in pairs)
    yield sending(*(one for pair in pairs for one in (*pair.before, pair.first, pair.following)))
    yield from (misusing(one, secrets) for one in firsts.values())
    asked = [one for path in own(bodies([*INVALID, *VALID])) for _, one in requests_with(path)]
    yield from (answering(*asked[start : start + SOME]) for start in range(0, len(asked), SOME))


class Known:
    """What is done to a server, and what a server without a fault says to it, asked once."""

    def __init__(self, contract: Contract, use: Use) -> None:
        self.use = use
        self._contract = contract

    @cached_property
    def seen(self) -> list[Any]:
        with replay(self._contract, clock=clock()) as server:
            return list(self.use(server))

    def shows(self, fault: Fault) -> bool:
        """Tell whether a server with a fault says something else; the rest is not asked then."""
        with replay(self._contract, fault, clock()) as server:
            answers = zip(self.use(server), self.seen, strict=True)
            return any(got != wanted for got, wanted in answers)


@lru_cache
def faultless(provider: str) -> list[Known]:
    return [Known(catalog.load(provider), use) for use in uses(provider)]


def clock() -> Callable[[], str]:
    return (f"2021-02-26T{tick // 60:02d}:{tick % 60:02d}:00.123Z" for tick in count()).__next__


def shows(provider: str, fault: Fault) -> bool:
    """Use a server with a fault until it shows, beginning with what showed others lately."""
    known = faultless(provider)
    for number, one in enumerate(known):
        if one.shows(fault):
            known.insert(0, known.pop(number))
            return True
    return False


def is_found(provider: str, fault: Fault) -> bool:
    """Run a campaign, for what takes a longer story than two requests."""
    with running_server(provider, fault=fault.name) as url:
        credentials = behaviour(provider).credentials
        settings = Settings(url, 1, credentials, examples_exist=True, max_time=60, first_only=True)
        report = run(catalog.load(provider), settings, lambda _: None)
    return report.verdict is Verdict.VIOLATIONS


@pytest.mark.parametrize(
    "provider,fault",
    sample(
        (
            pytest.param(provider, fault, id=f"{provider}-{fault.name}")
            for provider in names()
            for fault in behaviour(provider).faults
        ),
        one_of=5,
    ),
)
def test_a_defect_shows_itself(provider: str, fault: Fault) -> None:
    assert shows(provider, fault) or is_found(provider, fault)


@pytest.mark.parametrize("provider", names())
def test_defects_are_named_and_told_apart(provider: str) -> None:
    faults = behaviour(provider).faults
    listed = [fault.name for fault in faults]
    assert len(set(listed)) == len(listed) >= 12
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in listed)
    assert {fault.stratum for fault in faults} <= STRATA
    assert {"structural", "robustness", "semantic", "stateful"} <= {one.stratum for one in faults}
    assert all(fault.summary.endswith(".") for fault in faults)
