"""A schema in words: what it is, what binds it, and where its parts are told."""

from typing import Any

import pytest

from orderspec.contract.build import build
from orderspec.docs.shapes import Link, Shape, Shapes

THING = {"type": "object", "properties": {"a": {"type": "string"}}, "$defs": {"D": {}}}
STATED = {"x-evidence": {"source": "guide", "level": "stated"}}
GUESS = {"x-evidence": {"source": "guide", "level": "inferred", "note": "Perhaps."}}


def drawn(schema: Any) -> Shape:
    components = {"Thing": THING, "Code": {"type": "string"}, "It": schema}
    document = {"openapi": "3.1.0", "components": {"schemas": components}}
    return Shapes(build("shop", document, {})).component("It")


def reference(to: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{to}"}


@pytest.mark.parametrize(
    "schema, words",
    [
        ({"type": "string"}, "string"),
        ({"type": ["integer", "string", "null"]}, "integer or string"),
        ({"type": "array"}, "list"),
        ({"type": "array", "items": {"type": "number"}}, "list of number"),
        ({"type": "array", "items": {"enum": [1]}}, "list"),
        ({"type": "array", "items": {"type": "array", "items": {}}}, "list of list of any value"),
        ({"properties": {}}, "object"),
        ({"oneOf": [{"type": "number"}, reference("Thing")]}, "number or Thing"),
        ({"anyOf": [{"type": "number"}, {}]}, ""),
        ({"allOf": [{"type": "string"}, {"pattern": "^a"}]}, "string"),
        ({"enum": [1]}, ""),
        ({"type": "null"}, "null"),
        (reference("Code"), "string"),
        (reference("Thing"), ""),
        ({}, "any value"),
        (True, "any value"),
        (False, "no value"),
    ],
)
def test_a_type_is_told_in_words(schema: Any, words: str) -> None:
    assert drawn(schema).type == words


@pytest.mark.parametrize(
    "to, link",
    [
        ("Thing", Link("Thing", "Thing")),
        ("Thing/properties/a", Link("Thing.a", "Thing/a")),
        ("Thing/$defs/D", Link("Thing.D", "Thing/$D")),
        ("Thing/properties", Link("Thing", "Thing")),
    ],
)
def test_a_reference_links_to_what_it_leads_to(to: str, link: Link) -> None:
    assert drawn(reference(to)).target == link
    assert drawn({"type": "array", "items": reference(to)}).target == link


def test_a_schema_that_only_adds_null_is_looked_through() -> None:
    found = drawn({"anyOf": [{**reference("Thing"), **GUESS}, {"type": "null"}], **STATED})
    assert found.null
    assert found.target == Link("Thing", "Thing")
    assert found.choices == ()
    assert found.evidence
    assert found.evidence.note == "Perhaps."


def test_what_stands_beside_a_choice_of_null_is_not_lost() -> None:
    found = drawn({"anyOf": [reference("Thing"), {"type": "null"}], "properties": {"b": {}}})
    assert [one.name for one in found.members] == ["b"]
    assert len(found.choices[0].shapes) == 2


@pytest.mark.parametrize(
    "schema, words",
    [
        ({"maxLength": 1}, "at most 1 character"),
        ({"maxLength": 2}, "at most 2 characters"),
        ({"exclusiveMinimum": 0}, "> 0"),
        ({"uniqueItems": True}, "no element twice"),
        ({"items": False}, "no other elements"),
        ({"additionalProperties": False}, "no other members"),
        ({"required": ["ghost"]}, "with ghost"),
        ({"const": None}, "always null"),
        ({"default": ""}, 'default ""'),
        ({"dependentRequired": {"a": ["b"]}}, 'dependentRequired {"a":["b"]}'),
    ],
)
def test_a_keyword_is_told_in_words_or_as_it_is_written(schema: Any, words: str) -> None:
    assert drawn(schema).limits == (words,)


def test_schemas_inside_are_told_inside() -> None:
    found = drawn(
        {"if": {}, "not": {}, "contains": {}, "items": {"minLength": 1}, "$defs": {"D": {}}}
    )
    names = ["D", "each element", "if it is", "it is not", "some element"]
    assert [one.name for one in found.members] == names
    assert [one.name for one in found.members if one.is_part] == ["each element"]


def test_evidence_is_its_own_or_the_nearest_upwards() -> None:
    found = drawn({"properties": {"a": {}, "b": GUESS}, **STATED})
    assert found.is_own
    assert [(one.evidence.level, one.is_own) for one in found.members if one.evidence] == [
        ("stated", False),
        ("inferred", True),
    ]


def test_the_ways_of_a_value_are_told() -> None:
    schema = {"x-fresh": True, "x-names": "line", "x-refers-to": "item", "x-unify": "currency"}
    assert drawn({**schema, "x-refusal": "allowed"}).ways == (
        "new in every request",
        "introduces: line",
        "must exist: item",
        "the same in all of a request: currency",
        "a server may accept what breaks it",
    )
