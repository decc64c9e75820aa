"""What the contract says of each place of a request body: its keywords, gathered by path."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from orderspec.contract.model import Contract
from orderspec.validation.plan import plan_of

Path = tuple[str | int, ...]


class Place(NamedTuple):
    """One place of a body.

    Attributes:
        at: path in the body.
        value: the value there.
        schemas: every schema that applies there, outermost first.
        reference: pointer of the outermost schema: places of one kind share it.
    """

    at: Path
    value: Any
    schemas: tuple[Mapping[str, Any], ...]
    reference: str

    def keyword(self, name: str) -> Any:
        """Give the first value of a keyword among the schemas, or None."""
        for schema in self.schemas:
            if name in schema:
                return schema[name]
        return None

    def properties(self) -> dict[str, Any]:
        """Give all properties that the schemas name."""
        named: dict[str, Any] = {}
        for schema in self.schemas:
            named |= schema.get("properties", {})
        return named

    def required(self) -> set[str]:
        """Name the members that some schema requires."""
        return {name for schema in self.schemas for name in schema.get("required", ())}


def places(contract: Contract, reference: str, body: Any) -> list[Place]:
    """Walk a body along its schema; parents come before children."""
    gathered: dict[Path, list[Any]] = {}
    for site in plan_of(contract).visit(reference, body):
        gathered.setdefault(site.at, []).append(site)
    return [
        Place(
            at, sites[0].value, tuple([site.node.schema for site in sites]), sites[0].node.reference
        )
        for at, sites in gathered.items()
    ]


def get(body: Any, at: Path) -> Any:
    """Get the value at a path.

    Raises:
        LookupError: there is none.
    """
    for step in at:
        body = body[step]
    return body


def put(body: Any, at: Path, value: Any) -> None:
    """Set the value at a path that is not the root."""
    get(body, at[:-1])[at[-1]] = value


def drop(body: Any, at: Path) -> None:
    """Remove the member or element at a path that is not the root."""
    del get(body, at[:-1])[at[-1]]


def repeated(elements: list[Any], size: int) -> list[Any]:
    """Repeat elements in turn; each is a copy of its own, to be given a name of its own."""
    return [deepcopy(elements[index % len(elements)]) for index in range(size)]


def inserted(body: Any, steps: tuple[str, ...], value: Any) -> Any:
    """Give the same body with a value at a pointer; in a list, before what stands there."""
    changed = deepcopy(body)
    holder = get(changed, tuple(steps[:-1]))
    if isinstance(holder, list):
        holder.insert(int(steps[-1]), value)
    else:
        holder[steps[-1]] = value
    return changed
