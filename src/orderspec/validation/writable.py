"""What of a body the contract names, and what of a request a client could set."""

from collections.abc import Callable
from typing import Any

from orderspec.contract.model import Contract
from orderspec.validation.plan import Site, plan_of

_At = tuple[str | int, ...]


def named(contract: Contract, reference: str, body: Any) -> Any:
    """Leave out of a body the members that the contract does not name.

    Servers add members, and change them from answer to answer; clients send some that a server
    ignores. No rule counts on them.
    """
    known: dict[_At, set[str]] = {}
    for site in plan_of(contract).visit(reference, body):
        if isinstance(site.value, dict):
            names = known.setdefault(site.at, set())
            names.update(site.node.schema.get("properties", {}))
            if _is_open(site):
                names.update(site.value)
    return _pruned(body, (), lambda at: at[:-1] not in known or at[-1] in known[at[:-1]])


def writable(contract: Contract, reference: str, body: Any) -> Any:
    """Leave out of a request's body what is the server's to set; it may ignore that, too."""
    read_only = {
        site.at
        for site in plan_of(contract).visit(reference, body)
        if site.node.schema.get("readOnly") is True and site.at
    }
    return _pruned(body, (), lambda at: at not in read_only) if read_only else body


def _is_open(site: Site) -> bool:
    """Tell whether a schema names no members, or says what other members hold."""
    schema = site.node.schema
    says_more = "additionalProperties" in schema or "patternProperties" in schema
    return says_more or (schema.get("type") == "object" and "properties" not in schema)


def _pruned(value: Any, at: _At, keeps: Callable[[_At], bool]) -> Any:
    match value:
        case dict():
            return {
                name: _pruned(item, (*at, name), keeps)
                for name, item in value.items()
                if keeps((*at, name))
            }
        case list():
            return [_pruned(item, (*at, index), keeps) for index, item in enumerate(value)]
        case _:
            return value
