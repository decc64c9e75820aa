"""OpenAPI 3.0 reads as 3.1."""

from typing import Any

import pytest

from orderspec.contract.upgrade import upgrade


def upgraded(schema: dict[str, Any]) -> Any:
    document = {"openapi": "3.0.3", "components": {"schemas": {"A": schema}}}
    return upgrade(document)["components"]["schemas"]["A"]


@pytest.mark.parametrize(
    "older,newer",
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        (
            {"type": "string", "enum": ["a"], "nullable": True},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        (
            {"allOf": [{"type": "string"}], "nullable": True},
            {"anyOf": [{"allOf": [{"type": "string"}]}, {"type": "null"}]},
        ),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ({"maximum": 1, "exclusiveMaximum": False}, {"maximum": 1}),
        (
            {"items": {"type": "integer", "nullable": True}},
            {"items": {"type": ["integer", "null"]}},
        ),
    ],
)
def test_a_schema_of_3_0_becomes_one_of_json_schema(older: Any, newer: Any) -> None:
    assert upgraded(older) == newer


def test_a_property_may_be_called_nullable() -> None:
    schema = {"properties": {"nullable": {"type": "boolean"}}}
    assert upgraded(schema) == schema


def test_a_document_of_3_1_stays_as_it_is() -> None:
    document = {"openapi": "3.1.0", "components": {"schemas": {"A": {"nullable": True}}}}
    assert upgrade(document) is document


def test_an_upgraded_document_says_so() -> None:
    assert upgrade({"openapi": "3.0.3"}) == {"openapi": "3.1.0"}
