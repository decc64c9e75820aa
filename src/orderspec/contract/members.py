"""Where a member is defined: by a schema, or as a parameter or a credential of an operation."""

from collections.abc import Iterator, Mapping
from typing import Any

from orderspec import pointer
from orderspec.contract.build import landing
from orderspec.contract.model import Table

Steps = tuple[str, ...]
Definitions = dict[str, tuple[Steps, ...]]

_LISTS = ("allOf", "anyOf", "oneOf")
_SINGLES = ("if", "then", "else")
_AUTHORIZATION = "Authorization"


def table_members(document: Mapping[str, Any], table: Table) -> Definitions | None:
    """Find the members of what a table is about.

    Args:
        document: a bundle: every `$ref` points into it.
        table: the table.

    Returns:
        Name to the places that define it, the nearest first; None where the document has no such
        schema or operation.
    """
    if table.operation:
        return operation_members(document, table.operation)
    steps = schema_steps(table.schema)
    try:
        return schema_members(document, steps)
    except KeyError:
        return None


def schema_steps(name: str) -> Steps:
    """Give the place of a schema: its title, and perhaps `#` and a JSON Pointer below it."""
    title, _, below = name.partition("#")
    return ("components", "schemas", title, *pointer.parse(below))


def schema_members(document: Mapping[str, Any], steps: Steps) -> Definitions:
    """Find the members of a schema.

    Those under its own `properties` come first, then those of schemas that hold for the same value.

    Raises:
        KeyError: nothing stands there.
    """
    found: dict[str, list[Steps]] = {}
    todo, met = [steps], {steps}
    for place in todo:
        schema = pointer.follow(document, place)
        if isinstance(schema, dict):
            for name in schema.get("properties", {}):
                found.setdefault(name, []).append((*place, "properties", name))
            fresh = [other for other in _same_value(place, schema) if other not in met]
            todo.extend(fresh)
            met.update(fresh)
    return {name: tuple(places) for name, places in found.items()}


def operation_members(document: Mapping[str, Any], operation_id: str) -> Definitions | None:
    """Find the parameters of an operation, and the headers or parameters of its credentials."""
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            if isinstance(operation, dict) and operation.get("operationId") == operation_id:
                steps = ("paths", path, method)
                found = (*_parameters(document, steps), *_credentials(document, operation))
                return {name: (place,) for name, place in found}
    return None


def _same_value(steps: Steps, schema: Mapping[str, Any]) -> Iterator[Steps]:
    if isinstance(schema.get("$ref"), str):
        yield pointer.parse(schema["$ref"])
    for keyword in _LISTS:
        for index in range(len(schema.get(keyword, ()))):
            yield (*steps, keyword, str(index))
    for keyword in _SINGLES:
        if keyword in schema:
            yield (*steps, keyword)
    for name in schema.get("dependentSchemas", {}):
        yield (*steps, "dependentSchemas", name)


def _parameters(document: Mapping[str, Any], steps: Steps) -> Iterator[tuple[str, Steps]]:
    for holder in (steps[:-1], steps):
        listed = pointer.follow(document, holder).get("parameters", ())
        for index in range(len(listed)):
            place = landing(document, (*holder, "parameters", str(index)))
            yield str(pointer.follow(document, place).get("name")), place


def _credentials(
    document: Mapping[str, Any], operation: Mapping[str, Any]
) -> Iterator[tuple[str, Steps]]:
    for requirement in operation.get("security", document.get("security", ())):
        for name in requirement:
            place = landing(document, ("components", "securitySchemes", name))
            yield pointer.follow(document, place).get("name", _AUTHORIZATION), place
