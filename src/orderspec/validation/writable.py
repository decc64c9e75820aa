"""What of a body the contract names, and what of a request a client could set."""

from collections.abc import Callable, Iterable
from typing import Any

from orderspec.contract.model import Contract
from orderspec.validation.plan import Site, plan_of

At = tuple[str | int, ...]


def named(contract: Contract, reference: str, body: Any) -> Any:
    """Leave out of a body the members that the contract does not name.

    Servers add members, and change them from answer to answer; clients send some that a server
    ignores. No rule counts on them.
    """
    known = known_members(plan_of(contract).visit(reference, body))
    return _pruned(body, (), lambda at: at[:-1] not in known or at[-1] in known[at[:-1]])


def known_members(sites: Iterable[Site]) -> dict[At, set[str]]:
    """Gather the members that the contract names, by the place of their object.

    An object is left out whose schemas name no members, or say what any other member holds.
    """
    known: dict[At, set[str]] = {}
    free: set[At] = set()
    for site in sites:
        schema = site.node.schema
        if isinstance(site.value, dict):
            if "properties" in schema:
                known.setdefault(site.at, set()).update(schema["properties"])
            if "additionalProperties" in schema or "patternProperties" in schema:
                free.add(site.at)
    return {at: names for at, names in known.items() if at not in free}


def writable(contract: Contract, reference: str, body: Any) -> Any:
    """Leave out of a request's body what is the server's to set; it may ignore that, too."""
    read_only = {
        site.at
        for site in plan_of(contract).visit(reference, body)
        if site.node.schema.get("readOnly") is True and site.at
    }
    return _pruned(body, (), lambda at: at not in read_only) if read_only else body


def _pruned(value: Any, at: At, keeps: Callable[[At], bool]) -> Any:
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
