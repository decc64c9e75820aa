"""The places of an answer that a fault can be at: what the contract names there."""

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from orderspec import pointer
from orderspec.contract.model import Contract
from orderspec.exchange import MISSING, Exchange
from orderspec.fuzz.places import Path, Place, get, places
from orderspec.score.recording import Recording

ANY = "*"
"""Stands in a pattern for an index of a list, or for a name that is data."""

ENOUGH = 8
"""Values of one place that are kept, to put in the place of others."""

_NOUNS = ("x-names", "x-refers-to", "x-unify")


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of an answer's body.

    Attributes:
        at: path in the body.
        pattern: JSON Pointer of the path, with ``*`` for indexes and for names that are data.
        member: the schema's title and the members below it, such as ``Order/lines``.
        value: the value there.
        holder: the object or list that holds it; None for the body itself.
        siblings: names of the holder's members that the contract names.
        noun: what the value names or refers to, or an empty string.
        choices: the values that an `enum` allows there.
        is_whole: whether a number there is asked to be an integer.
        names: whether the server gives what holds the value its name by it.
    """

    at: Path
    pattern: str
    member: str
    value: Any
    holder: Any = None
    siblings: tuple[str, ...] = ()
    noun: str = ""
    choices: tuple[Any, ...] = ()
    is_whole: bool = True
    names: bool = False


def spots(contract: Contract, exchange: Exchange) -> list[Spot]:
    """Give every place of an answer that the contract names, parents before children."""
    spec = contract.operations[exchange.operation].response_for(exchange.response.status)
    body = exchange.response.body
    if spec is None or spec.schema is None or body is MISSING:
        return []
    found = {place.at: place for place in places(contract, spec.schema, body)}
    named: dict[Path, list[str]] = defaultdict(list)
    for at in found:
        if at:
            named[at[:-1]].append(str(at[-1]))
    return [
        Spot(
            at,
            pointer.join(_pattern(found, at)),
            _member(place.reference),
            place.value,
            get(body, at[:-1]) if at else None,
            tuple(named[at[:-1]]) if at else (),
            next((str(noun) for noun in map(place.keyword, _NOUNS) if noun), ""),
            tuple(place.keyword("enum") or ()),
            any(schema.get("type") == "integer" for schema in place.schemas),
            bool(place.keyword("x-names")) and place.keyword("readOnly") is True,
        )
        for at, place in found.items()
    ]


def is_spoken_of(body: Any, at: Path, names: AbstractSet[str]) -> bool:
    """Tell whether a place is in something that other exchanges speak of.

    Nobody can tell whether an order is right that stands in a list beside the one that was made
    just before; the same fault at the same place of that one is told.

    Args:
        body: the answer's body.
        at: the place.
        names: what the exchanges before and after it give names to.
    """
    for step in at:
        body = body[step]
        if isinstance(step, int) and isinstance(body, dict):
            return _speaks_of(body, names)
    return True


def _speaks_of(element: Any, names: AbstractSet[str]) -> bool:
    return isinstance(element, dict) and any(
        str(value) in names for value in element.values() if isinstance(value, str | int)
    )


def _pattern(found: Mapping[Path, Place], at: Path) -> list[str]:
    steps = []
    for depth, step in enumerate(at):
        holder = found.get(at[:depth])
        is_data = isinstance(step, int) or (holder and step not in holder.properties())
        steps.append(ANY if is_data else str(step))
    return steps


def _member(reference: str) -> str:
    """Name a place by its schema.

    ``#/components/schemas/Order/properties/lines/items`` is ``Order/lines/*``.
    """
    steps = list(pointer.parse(reference))
    told = [steps[2]] if steps[:2] == ["components", "schemas"] else []
    for before, step in pairwise(steps[2:]):
        if before == "properties":
            told.append(step)
        elif step in ("items", "additionalProperties"):
            told.append(ANY)
    return "/".join(told)


class Known:
    """The values that a recording holds, by place and by noun: others to put in a value's place."""

    def __init__(self, contract: Contract, recording: Recording) -> None:
        """Gather them from the answers that the contract binds."""
        self._by_place: dict[tuple[str, str], list[Any]] = defaultdict(list)
        self._by_noun: dict[str, list[Any]] = defaultdict(list)
        for judged in recording.exchanges:
            if judged.is_bound:
                for spot in spots(contract, judged.exchange):
                    _keep(self._by_place[judged.exchange.operation, spot.pattern], spot.value)
                    if spot.noun and isinstance(spot.value, str | int):
                        _keep(self._by_noun[spot.noun], spot.value)

    def elsewhere(self, operation: str, spot: Spot) -> list[Any]:
        """Give the values of the same place in other answers, oldest first."""
        return _others(self._by_place[operation, spot.pattern], spot.value)

    def of_noun(self, spot: Spot) -> list[Any]:
        """Give the other values of the same noun, oldest first."""
        return _others(self._by_noun[spot.noun], spot.value)


def _keep(known: list[Any], value: Any) -> None:
    if len(known) < ENOUGH and value not in known:
        known.append(value)


def _others(known: list[Any], value: Any) -> list[Any]:
    """Give what is known beside a value, from the one that was met after it, round and round."""
    start = known.index(value) + 1 if value in known else 0
    return [*known[start:], *known[: max(start - 1, 0)]]
