"""What is said to apply to a value in any case does apply, whatever valid value it is."""

from pathlib import Path
from typing import Any

import pytest

from orderspec.contract.build import build
from orderspec.validation.branches import certain, is_open, only_branches
from orderspec.validation.plan import Node, Plan, plan_of
from tests.fixture_files import VALID, Fixture, name_of

MONEY = {"type": "object", "required": ["amount"], "properties": {"amount": {"type": "integer"}}}
REFERENCE = {"$ref": "#/components/schemas/Money"}
TEXT, NOTHING = {"type": "string"}, {"type": "null"}


def node_of(schema: dict[str, Any]) -> Node:
    schemas = {"Here": schema, "Money": MONEY}
    contract = build("acme", {"components": {"schemas": schemas}}, {})
    return Plan(contract).root("#/components/schemas/Here")


def not_valid(nodes: tuple[Node, ...], value: Any) -> list[str]:
    """Name the schemas that a value, or what is in it, is not valid against."""
    if value is None:
        return []
    found = [node.reference for node in nodes if not node.accepts(value)]
    if isinstance(value, dict):
        for name, item in value.items():
            below = [node.below.members.get(name, node.below.others) for node in nodes]
            found += not_valid(certain(node for node in below if node), item)
    if isinstance(value, list):
        elements = certain(node.below.elements for node in nodes if node.below.elements)
        for item in value:
            found += not_valid(elements, item)
    return found


@pytest.mark.parametrize("path", VALID, ids=name_of)
def test_what_is_not_null_is_valid_against_all_that_is_certain(path: Path) -> None:
    fixture = Fixture.load(path)
    nodes = certain([plan_of(fixture.contract).root(fixture.reference)])
    assert not_valid(nodes, fixture.payload) == []


@pytest.mark.parametrize(
    "schema, count",
    [
        (TEXT, 1),
        (REFERENCE, 2),
        ({"allOf": [REFERENCE, {"minProperties": 1}]}, 4),
        ({"anyOf": [REFERENCE, NOTHING]}, 3),
        ({"oneOf": [{"const": None}, REFERENCE]}, 3),
        ({"oneOf": [{"enum": [None]}, REFERENCE]}, 3),
        ({"anyOf": [{"type": ["null"]}, TEXT]}, 2),
        ({"anyOf": [REFERENCE, TEXT]}, 1),
        ({"anyOf": [REFERENCE, TEXT], "oneOf": [REFERENCE, NOTHING]}, 3),
        ({"anyOf": [NOTHING, NOTHING]}, 1),
        ({"if": TEXT, "then": REFERENCE}, 1),
    ],
    ids=str,
)
def test_the_only_branch_that_is_not_null_is_followed(schema: dict[str, Any], count: int) -> None:
    assert len(certain([node_of(schema)])) == count


@pytest.mark.parametrize(
    "schema, is_choosing",
    [
        (TEXT, False),
        ({"allOf": [TEXT, MONEY]}, False),
        ({"anyOf": [TEXT, NOTHING]}, False),
        ({"anyOf": [TEXT, MONEY]}, True),
        ({"anyOf": [TEXT, NOTHING], "oneOf": [TEXT, MONEY]}, True),
        ({"oneOf": [{"const": 1}, {"const": None}]}, False),
        ({"oneOf": [{"const": 0}, {"type": "null"}, TEXT]}, True),
    ],
    ids=str,
)
def test_a_choice_between_values_that_are_not_null_is_open(
    schema: dict[str, Any], *, is_choosing: bool
) -> None:
    node = node_of(schema)
    assert is_open(node) is is_choosing
    assert is_choosing or len(list(only_branches(node))) == bool(node.below.choices)
