"""A name that is nearly right is met with the one that was meant."""

from typing import Any

import pytest

from orderspec.contract.build import build
from orderspec.validation.engine import Options, judge
from orderspec.validation.names import known_names, names_around, nearest

SCHEMAS: dict[str, Any] = {
    "Basket": {
        "properties": {"items": {"$ref": "#/components/schemas/Item"}, "buyer": {}},
        "allOf": [{"required": ["buyer"]}, {"properties": {"note": {}}}],
    },
    "Item": {"oneOf": [{"properties": {"price": {}}}, {"properties": {"gift": {}}}]},
}
DOCUMENT = {"components": {"schemas": SCHEMAS}}


@pytest.mark.parametrize(
    "name, others, meant",
    [
        ("item", {"items", "note"}, "items"),
        ("ITEMS", {"items"}, "items"),
        ("zip_code", {"zipCode", "city"}, "zipCode"),
        ("price", {"note"}, ""),
        ("a", set(), ""),
    ],
)
def test_the_nearest_name_is_meant_whatever_its_letters(
    name: str, others: set[str], meant: str
) -> None:
    assert nearest(name, others) == meant


def test_a_schema_knows_what_its_parts_and_references_know() -> None:
    assert known_names({"$ref": "#/components/schemas/Item"}, DOCUMENT) == {"price", "gift"}
    assert known_names(SCHEMAS["Basket"], DOCUMENT) == {"items", "buyer", "note"}
    assert known_names(None, DOCUMENT) == set()


def test_a_schema_that_refers_to_itself_knows_its_names() -> None:
    tree = {"properties": {"leaf": {}}, "allOf": [{"$ref": "#"}]}
    assert known_names(tree, tree) == {"leaf"}


@pytest.mark.parametrize(
    "path, names",
    [
        ("allOf/0/required", {"items", "buyer", "note"}),
        ("properties/items/oneOf", {"price", "gift"}),
        ("properties/items/oneOf/0/required", {"price", "gift"}),
    ],
)
def test_the_names_around_a_keyword_are_those_of_its_place(path: str, names: set[str]) -> None:
    steps = ("components", "schemas", "Basket", *path.split("/"))
    assert names_around(DOCUMENT, steps) == names


def test_an_unknown_member_is_told_with_what_it_may_mean() -> None:
    contract = build("shop", {"paths": {}, **DOCUMENT}, {})
    payload = {"buyer": "Ada", "buyr": "Eve", "nott": 1, "z": 2}
    judgement = judge(contract, "#/components/schemas/Basket", payload, Options(strict=True))
    assert [one.message for one in judgement.findings] == [
        "unknown member 'buyr'",
        "unknown member 'nott': did you mean 'note'?",
        "unknown member 'z'",
    ]
