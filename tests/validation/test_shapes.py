"""What schemas say of a value holds for every value that is valid against them."""

from pathlib import Path
from typing import Any

import pytest

from orderspec.contract.build import build
from orderspec.rules.view import to_cel
from orderspec.validation.plan import Plan, plan_of
from orderspec.validation.shapes import SchemaShape
from tests.fixture_files import VALID, Fixture, name_of

KINDS = {
    bool: {"boolean"},
    dict: {"object"},
    float: {"number"},
    int: {"integer", "number"},
    list: {"array"},
    str: {"string", "number"},
}
MONEY = {"type": "object", "required": ["amount"], "properties": {"amount": {"type": "integer"}}}
TEXT, NOTHING = {"type": "string"}, {"type": "null"}


def shape_of(schema: dict[str, Any]) -> SchemaShape:
    schemas = {"Here": schema, "Money": MONEY}
    contract = build("acme", {"components": {"schemas": schemas}}, {})
    return SchemaShape.of(Plan(contract).root("#/components/schemas/Here"))


def wrong(shape: Any, value: Any, at: str = "") -> list[str]:
    """Name what a shape says that a value does not hold to."""
    if not isinstance(shape, SchemaShape) or (shape.is_element and value is None):
        return []
    found = [f"{at}: {shape.kinds}"] if shape.kinds and not KINDS[type(value)] & shape.kinds else []
    if isinstance(value, list):
        for index, item in enumerate(value):
            found += wrong(shape.element(), item, f"{at}/{index}")
    if isinstance(value, dict):
        names = {name for node in shape.nodes for name in node.schema.get("required", ())}
        found += [f"{at}: no {name}" for name in names if shape.requires(name) > (name in value)]
        for name, item in value.items():
            found += wrong(shape.member(name), item, f"{at}/{name}")
    return found


@pytest.mark.parametrize("path", VALID, ids=name_of)
def test_of_valid_payloads_without_nulls_nothing_wrong_is_said(path: Path) -> None:
    fixture = Fixture.load(path)
    shape = SchemaShape.of(plan_of(fixture.contract).root(fixture.reference))
    assert wrong(shape, to_cel(fixture.payload)) == []


@pytest.mark.parametrize(
    "schema, kinds",
    [
        (TEXT, "string"),
        ({"type": ["string", "null"]}, "string"),
        ({"anyOf": [TEXT, NOTHING]}, "string"),
        ({"oneOf": [NOTHING, {"$ref": "#/components/schemas/Money"}]}, "object"),
        ({"anyOf": [TEXT, {"type": "integer"}, NOTHING]}, "integer string"),
        ({"anyOf": [TEXT, {"minimum": 1}]}, ""),
        ({"anyOf": [TEXT, {"type": "integer"}], "type": ["string", "boolean"]}, "string"),
        ({"allOf": [TEXT, {"maxLength": 3}]}, "string"),
        ({"enum": ["a", None]}, "string"),
        ({"anyOf": [TEXT, {"type": "integer"}], "oneOf": [TEXT, NOTHING]}, "string"),
        ({}, ""),
    ],
    ids=str,
)
def test_types_are_read_through_branches_and_references(schema: dict[str, Any], kinds: str) -> None:
    assert sorted(shape_of(schema).kinds) == kinds.split()


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/components/schemas/Money"},
        {"anyOf": [{"$ref": "#/components/schemas/Money"}, NOTHING]},
        {"allOf": [MONEY]},
        {**MONEY, "properties": {"amount": {"anyOf": [TEXT, {"type": "integer"}]}}},
    ],
    ids=str,
)
def test_a_member_that_no_valid_value_lacks_is_there(schema: dict[str, Any]) -> None:
    assert shape_of(schema).requires("amount")


@pytest.mark.parametrize(
    "schema",
    [
        {"anyOf": [{"$ref": "#/components/schemas/Money"}, TEXT]},
        {"anyOf": [MONEY, {"type": "object"}]},
        {"required": ["amount"], "type": "object"},
        {**MONEY, "properties": {"amount": {"anyOf": [TEXT, NOTHING]}}},
        {"required": ["amount"], "properties": {"amount": TEXT}},
    ],
    ids=str,
)
def test_a_member_that_may_be_missing_or_null_is_not_sure_to_be_there(
    schema: dict[str, Any],
) -> None:
    assert not shape_of(schema).requires("amount")


def test_an_element_that_may_be_null_is_of_no_known_type() -> None:
    either = {"anyOf": [MONEY, NOTHING]}
    assert shape_of({"items": either}).element().kinds == frozenset()
    assert shape_of({"items": MONEY}).element().kinds == {"object"}
    assert not shape_of({"items": either}).element().requires("amount")
