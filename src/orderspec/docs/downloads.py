"""A contract as files for other tools: one OpenAPI document, one JSON Schema."""

from typing import Any

from orderspec.contract.bundle import published
from orderspec.contract.model import Contract

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_IN_OPENAPI, _IN_SCHEMA = "#/components/schemas/", "#/$defs/"


def openapi_of(contract: Contract) -> dict[str, Any]:
    """Give the OpenAPI document, as `orderspec bundle` prints it."""
    return dict(published(contract.document))


def json_schema_of(contract: Contract) -> dict[str, Any]:
    """Give every schema in one JSON Schema document, each below ``$defs`` under its name."""
    document = openapi_of(contract)
    schemas = document.get("components", {}).get("schemas", {})
    title = str(document.get("info", {}).get("title") or contract.name)
    return {"$schema": _DIALECT, "title": title, "$defs": _moved(schemas)}


def _moved(node: Any) -> Any:
    match node:
        case dict():
            return {
                name: value.replace(_IN_OPENAPI, _IN_SCHEMA, 1)
                if name == "$ref" and isinstance(value, str)
                else _moved(value)
                for name, value in node.items()
            }
        case list():
            return [_moved(item) for item in node]
        case _:
            return node
