"""No payload, however wrong, is one that a rule of a contract cannot be evaluated on."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orderspec.contract import catalog
from orderspec.fuzz.places import Path as Place
from orderspec.fuzz.places import get, put
from orderspec.validation.engine import judge
from tests.fixture_files import VALID, Fixture, provider_of, schema_of
from tests.samples import sample

JUNK: tuple[Any, ...] = (
    *(None, True, "text", 7, [], {}, [{}], ["text"]),
    *(Decimal("1E+400"), Decimal("0.30000000000000000001"), -(10**40)),
)
PARTS = 3


def largest(provider: str) -> list[Path]:
    """Choose the largest valid fixture of each schema."""
    chosen: dict[str, Path] = {}
    for path in sorted(VALID, key=lambda one: one.stat().st_size):
        if provider_of(path) == provider and path.stat().st_size < 8000:
            chosen[schema_of(path)] = path
    return list(chosen.values())


def members(value: Any, at: Place = ()) -> Iterator[Place]:
    pairs = value.items() if isinstance(value, dict) else []
    if isinstance(value, list):
        pairs = list(enumerate(value[:2]))
    for step, inside in pairs:
        yield (*at, step)
        yield from members(inside, (*at, step))


@pytest.mark.parametrize("provider", catalog.providers())
@pytest.mark.parametrize("part", sample(range(PARTS), one_of=PARTS))
def test_rules_can_be_evaluated_whatever_stands_in_a_member(provider: str, part: int) -> None:
    chosen = largest(provider)
    assert chosen
    for path in chosen:
        fixture = Fixture.load(path)
        for number, at in enumerate(list(members(fixture.payload))):
            right = get(fixture.payload, at)
            for junk in JUNK[(number + part) % PARTS :: PARTS]:
                put(fixture.payload, at, junk)
                judge(fixture.contract, fixture.reference, fixture.payload)
            put(fixture.payload, at, right)
