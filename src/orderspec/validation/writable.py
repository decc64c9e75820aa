"""What of a request a client could set: the part of it that must come back."""

from typing import Any

from orderspec.contract.model import Contract
from orderspec.validation.plan import plan_of


def writable(contract: Contract, reference: str, body: Any) -> Any:
    """Leave out of a body what the contract does not name, and what is the server's to set.

    A server may ignore both, so no rule about an answer counts on them.
    """
    named: dict[tuple[str | int, ...], set[str]] = {}
    read_only: set[tuple[str | int, ...]] = set()
    for site in plan_of(contract).visit(reference, body):
        schema = site.node.schema
        if schema.get("readOnly") is True and site.at:
            read_only.add(site.at)
        if isinstance(site.value, dict):
            names = named.setdefault(site.at, set())
            names.update(schema.get("properties", {}))
            if _is_open(schema):
                names.update(site.value)
    return _pruned(body, (), named, read_only)


def _is_open(schema: dict[str, Any]) -> bool:
    """Tell whether a schema names no members, or says what other members hold."""
    says_more = "additionalProperties" in schema or "patternProperties" in schema
    return says_more or (schema.get("type") == "object" and "properties" not in schema)


def _pruned(
    value: Any,
    at: tuple[str | int, ...],
    named: dict[tuple[str | int, ...], set[str]],
    read_only: set[tuple[str | int, ...]],
) -> Any:
    match value:
        case dict():
            known = named.get(at, set())
            return {
                name: _pruned(item, (*at, name), named, read_only)
                for name, item in value.items()
                if name in known and (*at, name) not in read_only
            }
        case list():
            return [
                _pruned(item, (*at, index), named, read_only) for index, item in enumerate(value)
            ]
        case _:
            return value
