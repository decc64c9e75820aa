"""A walk finds every schema that applies to a payload, and none that does not."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from orderspec.contract.build import RULES, build
from orderspec.errors import ContractError
from orderspec.validation.engine import Options
from orderspec.validation.first_look import ANYTHING, FirstLook
from orderspec.validation.plan import ANY, DEPRECATED, MARKS, READ_ONLY, Plan, plan_of
from orderspec.validation.target import find_target
from tests.fixture_files import INVALID, VALID, Fixture, name_of

SCHEMAS: dict[str, Any] = {
    "Tree": {
        "properties": {
            "name": {"type": "string", "readOnly": True},
            "children": {"items": {"$ref": "#/components/schemas/Tree"}},
            "pair": {"prefixItems": [{"deprecated": True}], "items": {"readOnly": True}},
        },
        "additionalProperties": {"deprecated": True},
        "anyOf": [
            {"required": ["a"], "properties": {"c": {"readOnly": True}}},
            {"required": ["b"], "properties": {"c": {"readOnly": True}}},
        ],
        "if": {"required": ["kind"], "properties": {"leaf": {"readOnly": True}}},
        "then": {"properties": {"kind": {"deprecated": True}}},
        "else": {"properties": {"leaf": {"deprecated": True}}},
    },
}
TREE = "#/components/schemas/Tree"


def plan() -> Plan:
    return Plan(build("acme", {"components": {"schemas": SCHEMAS}}, {}))


def found(payload: Any, *wanted: str) -> set[str]:
    sites = plan().visit(TREE, payload, frozenset(wanted))
    return {f"{'/'.join(map(str, site.at))} {site.node.reference[len(TREE) :]}" for site in sites}


@pytest.mark.parametrize("path", [*VALID, *INVALID], ids=name_of)
def test_a_walk_for_a_mark_finds_what_the_whole_walk_finds(path: Path) -> None:
    fixture = Fixture.load(path)
    walk = plan_of(fixture.contract)
    everything = walk.visit(fixture.reference, fixture.payload)
    for mark in MARKS:
        marked = [site for site in everything if mark in site.node.marks]
        assert walk.visit(fixture.reference, fixture.payload, frozenset({mark})) == marked


def test_members_elements_and_other_members_are_reached() -> None:
    payload = {"children": [{"name": "x"}], "pair": [1, 2], "more": 1, "a": 1, "c": 1}
    assert found(payload, READ_ONLY) == {
        "children/0/name /properties/name",
        "pair/1 /properties/pair/items",
        "c /anyOf/0/properties/c",
    }
    assert found(payload, DEPRECATED) >= {
        "pair/0 /properties/pair/prefixItems/0",
        "more /additionalProperties",
    }


def test_only_choices_that_the_payload_is_valid_against_are_followed() -> None:
    assert found({"a": 1, "c": 1}, READ_ONLY) == {"c /anyOf/0/properties/c"}
    assert found({"b": 1, "c": 1}, READ_ONLY) == {"c /anyOf/1/properties/c"}


def test_a_guess_follows_every_choice_where_none_is_right() -> None:
    def guessed(payload: Any) -> set[str]:
        sites = plan().visit(TREE, payload, frozenset({READ_ONLY}), guess=True)
        return {site.node.reference.removeprefix(TREE) for site in sites}

    assert guessed({"c": 1}) == {"/anyOf/0/properties/c", "/anyOf/1/properties/c"}
    assert guessed({"b": 1, "c": 1}) == {"/anyOf/1/properties/c"}
    assert found({"c": 1}, READ_ONLY) == set()


def test_a_condition_leads_to_what_follows_from_it() -> None:
    held, unheld = {"kind": 1, "leaf": 1, "a": 1}, {"leaf": 1, "a": 1}
    assert found(held, READ_ONLY) == {"leaf /if/properties/leaf"}
    assert found(unheld, READ_ONLY) == set()
    assert "kind /then/properties/kind" in found(held, DEPRECATED)
    assert "leaf /else/properties/leaf" not in found(held, DEPRECATED)
    assert "leaf /else/properties/leaf" in found(unheld, DEPRECATED)


def test_parents_come_before_children() -> None:
    places = [site.at for site in plan().visit(TREE, {"children": [{"name": "x"}]})]
    assert places[0] == ()
    assert places.index(("children", 0)) < places.index(("children", 0, "name"))


def test_what_has_no_rule_is_not_searched_for_rules() -> None:
    root = plan()
    root.visit(TREE, {}, frozenset({ANY}))
    assert RULES not in root.node(TREE).reach
    assert {DEPRECATED, READ_ONLY} <= root.node(TREE).reach


def test_a_long_way_from_schema_to_schema_ends_in_an_error(tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    way: dict[str, Any] = {
        f"s{number}": {"$ref": f"#/$defs/s{number + 1}"} for number in range(5000)
    }
    way["s5000"] = {"deprecated": True}
    schema.write_text(json.dumps({"$ref": "#/$defs/s0", "$defs": way}))
    target = find_target(str(schema))
    with pytest.raises(ContractError, match="lead to each other"):
        target.judge({}, Options())
    first_look = FirstLook(target.contract, target.reference, Options(rules=False))
    assert first_look.doubts(b"{}") is ANYTHING


BACK = {"$ref": "#/$defs/a"}


@pytest.mark.parametrize("strict", ["--strict", "--rules"])
@pytest.mark.parametrize(
    "other",
    [
        {"allOf": [BACK]},
        {"anyOf": [{"type": "string"}, BACK]},
        {"oneOf": [BACK, {"type": "null"}]},
        {"if": {"type": "object"}, "then": BACK},
        {"if": {"type": "object"}, "else": BACK},
        {"if": BACK, "then": {"deprecated": True}},
    ],
    ids=str,
)
def test_schemas_that_refer_to_each_other_in_a_circle_are_refused(
    tmp_path: Path, other: object, strict: str
) -> None:
    schema = tmp_path / "schema.json"
    circle = {"a": {"$ref": "#/$defs/b", "deprecated": True}, "b": other}
    schema.write_text(json.dumps({"$ref": "#/$defs/a", "$defs": circle}))
    done = subprocess.run(
        [sys.executable, "-m", "orderspec", "validate", strict, "-s", str(schema)],
        input="{}",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "in a circle" in done.stderr
