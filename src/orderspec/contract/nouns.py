"""The nouns of a contract: what requests refer to, and who gives it its names."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from orderspec import pointer
from orderspec.contract.model import Contract, Operation

NAMES, REFERS_TO = "x-names", "x-refers-to"


def nouns(contract: Contract) -> set[str]:
    """Name what must exist on a server for requests to be accepted."""
    referred = {
        schema[REFERS_TO]
        for schema in _schemas(contract.document)
        if isinstance(schema.get(REFERS_TO), str)
    }
    return referred - local_nouns(contract)


def local_nouns(contract: Contract) -> frozenset[str]:
    """Name the nouns that a request itself introduces; a name that the server gives is none."""
    return _named(contract, by_server=False)


def given_nouns(contract: Contract) -> frozenset[str]:
    """Name the nouns that the server introduces: it gives their names in its answers."""
    return _named(contract, by_server=True)


def leads_to_one(contract: Contract, operation: Operation) -> bool:
    """Tell whether the path of an operation leads to something that the server made."""
    given = given_nouns(contract)
    return any(
        one.location == "path" and one.schema.get(REFERS_TO) in given
        for one in operation.parameters
    )


def examples_of(contract: Contract) -> dict[str, list[Any]]:
    """Gather the examples of what must exist on a server without a request having made it."""
    gathered: dict[str, list[Any]] = defaultdict(list)
    for schema in _schemas(contract.document):
        noun = schema.get(REFERS_TO)
        if isinstance(noun, str):
            for example in schema.get("examples", ()):
                if example not in gathered[noun]:
                    gathered[noun].append(example)
    named = local_nouns(contract) | given_nouns(contract)
    return {noun: found for noun, found in gathered.items() if noun not in named}


def nouns_by_place(contract: Contract) -> dict[str, set[str]]:
    """Map the names of members and parameters to the nouns that they refer to outside a request.

    People who read an API's documents know these names: ``location_id`` for a location.
    """
    wanted = nouns(contract)
    found: dict[str, set[str]] = defaultdict(set)
    for schema in _schemas(contract.document):
        for name, member in _members(schema):
            noun = _noun(contract, member)
            if noun in wanted:
                found[name].add(noun)
    return dict(found)


@cache
def _named(contract: Contract, *, by_server: bool) -> frozenset[str]:
    return frozenset(
        schema[NAMES]
        for schema in _schemas(contract.document)
        if isinstance(schema.get(NAMES), str) and (schema.get("readOnly") is True) == by_server
    )


def _members(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give the members of an object's schema, or a parameter, by name."""
    properties = schema.get("properties")
    if isinstance(properties, dict):
        yield from properties.items()
    if isinstance(schema.get("name"), str) and "in" in schema:
        yield schema["name"], schema.get("schema")


def _noun(contract: Contract, schema: Any) -> Any:
    """Find the noun that a member, or each element of it, refers to; None where it is none."""
    met: set[str] = set()
    while isinstance(schema, dict) and REFERS_TO not in schema:
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            schema = schema.get("items")
        elif reference in met:
            return None
        else:
            met.add(reference)
            schema = pointer.follow(contract.document, pointer.parse(reference))
    return schema[REFERS_TO] if isinstance(schema, dict) else None


def _schemas(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _schemas(item)
    elif isinstance(value, list):
        for item in value:
            yield from _schemas(item)
