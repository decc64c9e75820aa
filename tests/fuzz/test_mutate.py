"""Valid bodies from valid bodies."""

import json
from collections.abc import Iterator
from typing import Any

from orderspec.contract import catalog
from orderspec.fuzz.cases import Intent, classified, request_to
from orderspec.fuzz.fixtures import fixtures_of
from orderspec.fuzz.mutate import Mutator, texts
from orderspec.fuzz.values import Values, chooser
from tests.fuzz.kiosk import contract
from tests.fuzz.test_cases import operation


def seeds() -> list[Any]:
    return fixtures_of(contract(), operation("CreateOrder"))


def mutated(seed: int, count: int = 150) -> Iterator[Any]:
    """Mutate and repair as a campaign does."""
    body = operation("CreateOrder").body
    assert body
    choices = chooser(seed, "test")
    mutator, values = Mutator(contract(), body, seeds()), Values(contract(), seed, {"shop": ["S1"]})
    for _ in range(count):
        yield values.repaired(body, mutator.mutated(choices.choice(seeds()), choices))


def test_the_fixtures_are_the_seeds() -> None:
    assert len(seeds()) == 2
    assert catalog.fixtures_folder().parent.name == "fuzz"


def test_most_bodies_keep_the_contract_and_differ() -> None:
    kept = [
        body
        for body in mutated(1)
        if classified(
            contract(), operation("CreateOrder"), request_to(operation("CreateOrder"), body)
        ).intent
        is Intent.ACCEPTED
    ]
    assert len(kept) > 100
    assert len({json.dumps({**body, "key": ""}, default=str) for body in kept}) > 60


def test_the_same_seed_makes_the_same_bodies() -> None:
    assert list(mutated(1)) == list(mutated(1))
    assert list(mutated(1)) != list(mutated(2))


def test_mutations_reach_what_no_seed_has() -> None:
    """Boundaries of amounts and lengths, long lists, other decimals, parts of other seeds."""
    bodies = list(mutated(1))
    lines = [line for body in bodies for line in body["order"].get("lines", ())]
    orders = [body["order"] for body in bodies]
    assert {0, 999999} <= {line["price"] for line in lines}
    assert 8 in {len(order["lines"]) for order in orders}
    assert max(len(order.get("note", "")) for order in orders) == 20
    assert {"0.5", "33.333"} & {deal["percent"] for o in orders for deal in o.get("deals", ())}
    assert any("note" not in order and "deals" in order for order in orders)


def test_texts_keep_their_bounds() -> None:
    assert all(len(text) <= 20 for text in texts(0, 20)[:6])
    assert {len(text.encode("utf-16-le")) // 2 for text in texts(3, 20)[:6]} == {20}
    assert "xxx" in texts(3, 20)


def test_the_seeds_stay_as_they_were() -> None:
    before = json.dumps(seeds(), default=str)
    mutator = Mutator(contract(), operation("CreateOrder").body or "", held := seeds())
    choices = chooser(1, "test")
    for _ in range(50):
        mutator.mutated(held[1], choices)
    assert json.dumps(held, default=str) == before
