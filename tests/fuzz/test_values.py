"""Bodies made fit to be sent: what they refer to is there, what must be new is new."""

from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from orderspec.contract import catalog
from orderspec.contract.model import Contract
from orderspec.fuzz.cases import request_to
from orderspec.fuzz.places import places
from orderspec.fuzz.values import Values
from orderspec.validation.exchanges import judge_request
from tests.fuzz.kiosk import contract, wanting_shops
from tests.fuzz.test_cases import operation

SEED: dict[str, Any] = {
    "key": "k",
    "shop": "S9",
    "order": {
        "id": "mine",
        "total": 7,
        "lines": [
            {"uid": "a", "price": 1, "currency": "EUR", "deal": "d"},
            {"uid": "a", "price": 2, "currency": "USD", "deal": "gone"},
            {"uid": "b", "price": 2, "currency": "USD"},
        ],
        "deals": [{"uid": "d", "percent": "5"}],
    },
}


def reference() -> str:
    found = operation("CreateOrder").body
    assert found
    return found


def values(seed: int = 1) -> Values:
    return Values(contract(), seed, {})


def repaired(body: Any = None, **known: tuple[str, ...]) -> Any:
    given = SEED if body is None else body
    return Values(contract(), 1, known).repaired(reference(), given)


def test_the_body_given_stays_as_it_was() -> None:
    before = deepcopy(SEED)
    repaired()
    assert before == SEED


def test_read_only_members_are_gone() -> None:
    assert repaired()["order"].keys() == {"lines", "deals"}


def test_a_name_that_stands_twice_gets_another_name() -> None:
    assert [line["uid"] for line in repaired()["order"]["lines"]] == ["a", "a-2", "b"]


def test_a_dangling_reference_is_led_to_what_is_there() -> None:
    assert [line.get("deal") for line in repaired()["order"]["lines"]] == ["d", "d", None]


def test_a_dangling_reference_is_left_out_where_nothing_is_there() -> None:
    order = {"lines": SEED["order"]["lines"]}
    lines = repaired({"order": order})["order"]["lines"]
    assert not any("deal" in line for line in lines)


def test_one_currency_is_enough() -> None:
    assert {line["currency"] for line in repaired()["order"]["lines"]} == {"EUR"}


def test_a_reference_to_the_server_is_led_to_what_exists_there() -> None:
    assert repaired(shop=("S1",))["shop"] == "S1"
    assert "shop" not in repaired()


def test_a_repaired_body_is_valid() -> None:
    request = request_to(operation("CreateOrder"), repaired(shop=("S1",)))
    assert judge_request(contract(), operation("CreateOrder"), request).findings == ()


def test_a_body_of_the_wrong_shape_is_left_wrong() -> None:
    bodies: list[Any] = [{"order": []}, {"order": {"lines": ["x"]}}, {"order": None}, {}]
    for body in bodies:
        assert repaired(body) == body


def test_every_key_is_new() -> None:
    some = values()
    keys = {some.repaired(reference(), SEED)["key"] for _ in range(50)}
    assert len(keys) == 50


def test_the_same_seed_makes_the_same_values() -> None:
    assert repaired() == repaired()
    assert repaired()["key"] != values(2).repaired(reference(), SEED)["key"]


def test_what_the_server_answered_first_makes_the_keys_of_a_run_its_own() -> None:
    some, others = values(), values()
    others.nonce = "order-7"
    assert some.fresh() != others.fresh()


def test_a_short_key_is_new_too() -> None:
    some = values()
    keys = [some.fresh(8) for _ in range(50)]
    assert len(set(keys)) == 50
    assert {len(key) for key in keys} == {8}


def test_a_key_is_a_uuid_where_the_contract_says_so() -> None:
    assert UUID(values().fresh(36, "uuid")).version == 4


def test_a_body_without_a_key_gets_one_and_a_body_with_one_keeps_it() -> None:
    some = values()
    assert some.keyed(reference(), {"order": {}})["key"].startswith("orderspec-")
    assert some.keyed(reference(), {"key": "mine"}) == {"key": "mine"}


def test_a_key_that_is_optional_can_be_left_out() -> None:
    assert "key" not in values().keyless(reference(), SEED)


def test_what_a_body_refers_to_outside_is_listed() -> None:
    assert values().external(reference(), SEED) == [("shop", "S9")]


def test_the_places_of_a_body_are_told_with_what_the_contract_says_of_them() -> None:
    by_path = {place.at: place for place in places(contract(), reference(), SEED)}
    line = by_path["order", "lines", 0]
    assert line.required() == {"uid", "price", "currency"}
    assert line.properties().keys() == {"uid", "price", "weight", "currency", "deal"}
    assert by_path["order", "lines", 1, "uid"].keyword("x-names") == "line"
    assert by_path["key",].keyword("maxLength") == 40


def test_what_is_required_stays_though_nothing_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(catalog.SPEC_VARIABLE, str(wanting_shops(tmp_path / "tree")))
    assert repaired()["shop"] == "S9"
    assert repaired(shop=("S1",))["shop"] == "S1"


def test_a_list_of_references_loses_what_dangles_and_what_stands_twice() -> None:
    """An element that is there for its reference alone says nothing a second time."""
    tags = {
        "type": "array",
        "items": {"required": ["tag"], "properties": {"tag": {"x-refers-to": "tag"}}},
    }
    named = {"type": "array", "items": {"properties": {"uid": {"x-names": "tag"}}}}
    schema = {"properties": {"tags": tags, "named": named}}
    document = {"components": {"schemas": {"Body": schema}}}
    some = Values(Contract("some", document, {}, {}, {}, {}), 1, {})
    body = {"named": [{"uid": "a"}], "tags": [{"tag": "a"}, {"tag": "gone"}, {"tag": "a"}]}
    assert some.repaired("#/components/schemas/Body", body)["tags"] == [{"tag": "a"}]
    assert some.repaired("#/components/schemas/Body", {**body, "named": []})["tags"] == []
