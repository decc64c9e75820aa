"""Read an OpenAPI 3.0 description as 3.1: its schema dialect becomes JSON Schema 2020-12."""

from typing import Any

_BOUNDS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}


def upgrade(document: dict[str, Any]) -> dict[str, Any]:
    """Translate `nullable`, boolean exclusive bounds and `example`; 3.1 and later stay as is."""
    if not str(document.get("openapi", "")).startswith("3.0"):
        return document
    upgraded: dict[str, Any] = _translate(document)
    return upgraded | {"openapi": "3.1.0"}


def _translate(value: Any) -> Any:
    match value:
        case dict():
            return _schema({name: _translate(item) for name, item in value.items()})
        case list():
            return [_translate(item) for item in value]
        case _:
            return value


def _schema(members: dict[str, Any]) -> dict[str, Any]:
    for exclusive, bound in _BOUNDS.items():
        if members.get(exclusive) is True and bound in members:
            members[exclusive] = members.pop(bound)
        elif isinstance(members.get(exclusive), bool):
            del members[exclusive]
    if not isinstance(members.get("nullable"), bool):
        return members
    nullable = members.pop("nullable")
    if not nullable:
        return members
    if isinstance(members.get("type"), str):
        members["type"] = [members["type"], "null"]
        if "enum" in members and None not in members["enum"]:
            members["enum"] = [*members["enum"], None]
        return members
    return {"anyOf": [members, {"type": "null"}]}
