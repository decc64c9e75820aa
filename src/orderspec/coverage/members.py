"""Which members a part of a fixture holds, and which of them its violations are about."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

from orderspec import pointer
from orderspec.contract.model import Contract
from orderspec.coverage.parts import Part, Steps, credentials
from orderspec.validation.plan import DEPRECATED, READ_ONLY, Site, plan_of


class Member(NamedTuple):
    """A member of a schema (its JSON Pointer), or a parameter of an operation (its id)."""

    home: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a part: of an object with members, or of one of these.

    Attributes:
        part: the part.
        at: the path in the part.
        value: what stands there.
    """

    part: Part
    at: tuple[str | int, ...]
    value: Any

    @property
    def steps(self) -> Steps:
        """The path in the fixture."""
        return (*self.part.at, *map(str, self.at))

    @property
    def pointer(self) -> str:
        """The JSON Pointer in the fixture."""
        return pointer.join(self.steps)

    def order(self) -> tuple[int, str, Steps]:
        """Sort by nearness to the root of the fixture, then by file."""
        return len(self.steps), self.part.file, self.steps

    def member(self, name: str) -> "Place":
        """Go to a member that is there."""
        return Place(self.part, (*self.at, name), self.value[name])


class Nearness(IntEnum):
    """How directly a violation is about a member, the nearest first."""

    ITSELF = 0
    ABSENT = 1
    INSIDE = 2
    MARKED = 3


class Break(NamedTuple):
    """A violation that is about a member; the least of several says most."""

    nearness: Nearness
    of_a_rule: bool
    depth: int
    file: str
    at: str
    clause: str


def homes(contract: Contract, part: Part) -> Iterator[tuple[str, Place]]:
    """Give every object of a part, once for each schema that it is held against.

    The parameters of a request are one, at home in their operation.
    """
    if part.reference:
        for site in _objects(contract, part):
            yield site.node.reference, Place(part, site.at, site.value)
    else:
        unrecorded = dict.fromkeys(credentials(contract, part), "")
        yield part.operation, Place(part, (), unrecorded | dict(part.value))


def breaks(contract: Contract, part: Part) -> Iterator[tuple[Member, Break]]:
    """Give every member that a violation of a part is about.

    Those are the member that it leads to, the members that it leads through, and a required member
    that is not there. That a member is deprecated breaks nothing.
    """
    sites = _objects(contract, part) if part.reference else []
    missing = _missing(sites)
    for violation in part.violates:
        steps = pointer.parse(violation.at)
        if steps[: len(part.at)] != part.at or violation.clause == DEPRECATED:
            continue
        at = steps[len(part.at) :]
        clause = violation.clause
        told = (clause in contract.rules, len(steps), part.file, violation.at, clause)
        if not part.reference:
            yield Member(part.operation, at[0]), Break(Nearness.ITSELF, *told)
        for site in sites:
            for name, nearness in _about(site, at, clause, missing):
                yield Member(site.node.reference, name), Break(nearness, *told)


def _objects(contract: Contract, part: Part) -> list[Site]:
    sites = plan_of(contract).visit(part.reference, part.value, guess=bool(part.violates))
    return [site for site in sites if isinstance(site.value, dict)]


def _missing(sites: list[Site]) -> dict[Steps, set[str]]:
    """Name the required members that are not there, by the place of their object."""
    missing: dict[Steps, set[str]] = defaultdict(set)
    for site in sites:
        needed = set(site.node.schema.get("required", ()))
        for name, others in site.node.schema.get("dependentRequired", {}).items():
            needed.update(others if name in site.value else ())
        missing[_steps(site)] |= needed - site.value.keys()
    return missing


def _about(
    site: Site, at: Steps, clause: str, missing: dict[Steps, set[str]]
) -> Iterator[tuple[str, Nearness]]:
    here = _steps(site)
    if at == here and clause in ("required", "dependentRequired"):
        yield from ((name, Nearness.ABSENT) for name in sorted(missing[here]))
    if at[: len(here)] == here and at != here:
        name, *inside = at[len(here) :]
        near = Nearness.MARKED if clause == READ_ONLY else Nearness.ITSELF
        yield name, Nearness.INSIDE if inside else near


def _steps(site: Site) -> Steps:
    return tuple(map(str, site.at))
