"""Valid requests at the edges of what a contract allows, one edge at a time."""

from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from orderspec import exact_json
from orderspec.contract.model import Contract
from orderspec.fuzz.mutate import EVERYDAY, MARKED, texts
from orderspec.fuzz.places import Path, Place, drop, get, places, put, repeated
from orderspec.fuzz.values import UNIFY
from orderspec.validation.schemas import schemas_of

NUMBERS = (0, 1, 2, 99, 100, 101, 999_999)
DECIMALS = ("0", "0.01", "0.1", "0.5", "1", "2", "3", "10.5", "33.333", "100", "999")
MANY = 30
FEW_VALUES = 4


@dataclass(frozen=True, slots=True)
class Edge:
    """A body that goes to one edge; `what` says which, in words."""

    what: str
    body: Any


def edges(contract: Contract, reference: str, seeds: list[Any]) -> Iterator[Edge]:
    """Take each kind of place to each of its edges: the first of each kind, then the second.

    A fault may need company: a tax that is wrong where a discount meets it. So values are tried in
    the smallest body that holds the place and in the largest; what is left out, repeated or long,
    in one of those that hold the place, in turn.

    Args:
        contract: the contract.
        reference: pointer of the bodies' schema.
        seeds: valid bodies.
    """
    turns = []
    for turn, holders in enumerate(_holders(contract, reference, seeds).values()):
        _, place = holders[0]
        ways = [(way, holders[0]) for way in _values(contract, place)]
        ways += [(way, holders[-1]) for way, _ in ways if holders[1:]]
        forms = _forms(contract, place, turn)
        ways += [(way, holders[(turn + step) % len(holders)]) for step, way in enumerate(forms)]
        turns.append(ways)
    done: set[str] = set()
    for (what, value), (body, place) in (way for turn in _in_rounds(turns) for way in turn):
        changed = _changed(contract, reference, body, place, value)
        text = exact_json.to_text(changed)
        if text not in done:
            done.add(text)
            yield Edge(f"{what} at {'/'.join(map(str, place.at)) or 'the body'}", changed)


def _in_rounds(turns: list[list[Any]]) -> Iterator[list[Any]]:
    """Give the first of each kind, then the second of each, so that an early end misses little."""
    for number in range(max(map(len, turns), default=0)):
        yield [turn[number] for turn in turns if number < len(turn)]


def _holders(
    contract: Contract, reference: str, seeds: list[Any]
) -> dict[str, list[tuple[Any, Place]]]:
    """Find for each kind of place the smallest body that holds one, the largest and the middle."""
    found: dict[str, list[tuple[Any, Place]]] = defaultdict(list)
    for seed in sorted(seeds, key=lambda seed: len(exact_json.to_text(seed))):
        met: set[str] = set()
        for place in places(contract, reference, seed):
            if place.keyword("readOnly") is not True and place.reference not in met:
                met.add(place.reference)
                found[place.reference].append((seed, place))
    return {
        kind: list({id(held): held for held in (all_[0], all_[-1], all_[len(all_) // 2])}.values())
        for kind, all_ in found.items()
    }


_ABSENT = object()
_BARE = object()
Way = tuple[str, Any]
"""An edge of a place: in words, and the value there, or a mark of what is left out."""


def _values(contract: Contract, place: Place) -> list[Way]:
    """List other values of a place that its schema allows: what they mean, rules must get right."""
    value = place.value
    found: list[Any] = []
    match value:
        case bool():
            found = [not value]
        case int() | Decimal():
            found = _numbers(place)
        case str() if place.keyword("enum") is not None:
            values = place.keyword("enum")
            found = values[:: max(1, len(values) // FEW_VALUES)]
        case str() if place.keyword("format") == "decimal":
            found = list(DECIMALS)
        case str() if value.isdigit():
            found = [f"00{value}", *DECIMALS]
        case _:
            pass
    validator = schemas_of(contract).validator(place.reference)
    return [(repr(one), one) for one in found if one != value and validator.is_valid(one)]


def _forms(contract: Contract, place: Place, turn: int) -> list[Way]:
    """List other forms of a place that its schema allows: absent, bare, repeated, long."""
    value = place.value
    ways: list[Way] = [("nothing", _ABSENT)] if place.at else []
    match value:
        case str() if not any(place.keyword(name) for name in MARKED) and not value.isdigit():
            found = texts(place.keyword("minLength") or 0, place.keyword("maxLength"))
            chosen = (found[0], found[1 + turn % (len(found) - 1)], found[-2 - turn % 2], *EVERYDAY)
            ways += [(f"{len(text)} characters ({text[:8]!r})", text) for text in chosen]
        case list() if value:
            many = min(place.keyword("maxItems") or MANY, MANY)
            ways += [
                ("many elements", repeated(value, many)),
                ("three elements", repeated(value, 3)),
                ("the order reversed", value[::-1]),
                ("one element", value[:1]),
            ]
        case dict():
            ways.append(("no optional member", _BARE))
        case _:
            pass
    validator = schemas_of(contract).validator(place.reference)
    return [
        (what, one)
        for what, one in ways
        if one is _ABSENT or one is _BARE or (one != value and validator.is_valid(one))
    ]


def _numbers(place: Place) -> list[Any]:
    least, most = place.keyword("minimum"), place.keyword("maximum")
    own = [least, least + 1] if least is not None else []
    own += [most, most - 1] if most is not None else []
    value = place.value
    near = [value + 1, value * 10] if value else []
    return list(dict.fromkeys([*own, *NUMBERS, *near]))


def _changed(contract: Contract, reference: str, body: Any, place: Place, value: Any) -> Any:
    changed = deepcopy(body)
    if value is _ABSENT:
        drop(changed, place.at)
    elif value is _BARE:
        members = get(changed, place.at)
        for name in [name for name in members if name not in place.required()]:
            del members[name]
    elif place.at:
        for at in _alike(contract, reference, changed, place):
            put(changed, at, deepcopy(value))
    else:
        changed = deepcopy(value)
    return changed


def _alike(contract: Contract, reference: str, body: Any, place: Place) -> list[Path]:
    """Find the places that must be one with a place, as all currencies of an order; or itself."""
    group = place.keyword(UNIFY)
    if not isinstance(group, str):
        return [place.at]
    return [one.at for one in places(contract, reference, body) if one.keyword(UNIFY) == group]
