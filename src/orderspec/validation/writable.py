"""What of a body the contract names, and what of a request a client could set."""

from collections.abc import Callable, Iterable
from typing import Any

from orderspec.contract.model import Contract
from orderspec.validation.plan import READ_ONLY, Site, plan_of

At = tuple[str | int, ...]


def named(contract: Contract, reference: str, body: Any) -> Any:
    """Leave out of a body the members that the contract does not name.

    Servers add members, and change them from answer to answer; clients send some that a server
    ignores. No rule counts on them.
    """
    known = known_members(plan_of(contract).visit(reference, body))
    return _kept(body, (), lambda at, name: at not in known or name in known[at])


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
        for site in plan_of(contract).visit(reference, body, frozenset({READ_ONLY}))
        if READ_ONLY in site.node.marks and site.at
    }
    return _kept(body, (), lambda at, name: (*at, name) not in read_only) if read_only else body


def _kept(value: Any, at: At, keeps: Callable[[At, str], bool]) -> Any:
    """Copy a value without the members, told by the place of their object and name, that go."""
    if isinstance(value, dict):
        return {
            name: _kept(item, (*at, name), keeps) if isinstance(item, dict | list) else item
            for name, item in value.items()
            if keeps(at, name)
        }
    if isinstance(value, list):
        return [
            _kept(item, (*at, index), keeps) if isinstance(item, dict | list) else item
            for index, item in enumerate(value)
        ]
    return value
