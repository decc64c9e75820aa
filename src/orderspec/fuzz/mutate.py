"""Valid requests from valid requests: cross them, take parts away, go to the boundaries."""

import random
from collections import defaultdict
from copy import deepcopy
from decimal import Decimal
from typing import Any

from orderspec.contract.model import Contract
from orderspec.fuzz.places import Place, drop, get, places, put, repeated
from orderspec.validation.schemas import schemas_of

AMOUNTS = (
    0,
    1,
    2,
    3,
    5,
    7,
    9,
    10,
    33,
    49,
    50,
    99,
    100,
    101,
    250,
    333,
    999,
    1000,
    4999,
    12345,
    999999,
)
DECIMALS = (
    "0",
    "1",
    "2",
    "3",
    "10",
    "12",
    "25",
    "100",
    "0.5",
    "1.5",
    "2.25",
    "7.25",
    "12.5",
    "33.333",
)
ALPHABETS = ("a", "Ä", "😀", "ש", "e\u0301", "漢")
EVERYDAY = ("0070", "de  la Cruz + 1")
"""What people write: leading zeros, blanks, small letters and signs that programs tidy away."""

SIZES = (2, 3, 4, 10, 12, 25)
MARKED = ("x-fresh", "x-names", "x-refers-to", "x-unify", "enum", "const", "pattern", "format")


class Mutator:
    """Changes bodies of one operation within the shape that the contract gives them."""

    def __init__(self, contract: Contract, reference: str, seeds: list[Any]) -> None:
        """Learn what stands where in the seeds: parts are crossed only among equal places."""
        self._contract = contract
        self._reference = reference
        self._parts: dict[str, list[Any]] = defaultdict(list)
        for seed in seeds:
            for place in places(contract, reference, seed):
                if place.at and place.value not in self._parts[place.reference]:
                    self._parts[place.reference].append(place.value)

    def mutated(self, body: Any, choices: random.Random) -> Any:
        """Change a copy of a body in one to four ways."""
        changed = deepcopy(body)
        for _ in range(choices.choice((1, 1, 2, 2, 3, 4))):
            changes = (self._cross, self._add, self._take_away, self._resize, self._bound)
            choices.choice(changes)(changed, choices)
        return changed

    def _places(self, body: Any) -> list[Place]:
        return [place for place in places(self._contract, self._reference, body) if place.at]

    def _cross(self, body: Any, choices: random.Random) -> None:
        crossed = [place for place in self._places(body) if len(self._parts[place.reference]) > 1]
        if crossed:
            place = choices.choice(crossed)
            put(body, place.at, deepcopy(choices.choice(self._parts[place.reference])))

    def _add(self, body: Any, choices: random.Random) -> None:
        """Add an optional member that another seed has in such a place."""
        addable = [
            (place, name, f"{reference}/properties/{name}")
            for place in places(self._contract, self._reference, body)
            if isinstance(place.value, dict)
            for name in place.properties()
            if name not in place.value
            for reference in self._references(place)
            if self._parts.get(f"{reference}/properties/{name}")
        ]
        if addable:
            place, name, reference = choices.choice(addable)
            get(body, place.at)[name] = deepcopy(choices.choice(self._parts[reference]))

    def _references(self, place: Place) -> list[str]:
        """Name the schemas of a place by pointer: parts are filed under them."""
        return [place.reference, *(schema["$ref"] for schema in place.schemas if "$ref" in schema)]

    def _take_away(self, body: Any, choices: random.Random) -> None:
        all_places = self._places(body)
        required = {
            (*place.at, name)
            for place in places(self._contract, self._reference, body)
            for name in place.required()
        }
        removable = [place for place in all_places if place.at not in required]
        if removable:
            drop(body, choices.choice(removable).at)

    def _resize(self, body: Any, choices: random.Random) -> None:
        """Double, repeat or turn round a list."""
        lists = [
            place
            for place in places(self._contract, self._reference, body)
            if isinstance(place.value, list) and place.value
        ]
        if not lists:
            return
        place = choices.choice(lists)
        most = place.keyword("maxItems") or max(SIZES)
        if choices.random() < 1 / 3:
            place.value.reverse()
            return
        size = min(most, max(len(place.value) + 1, choices.choice(SIZES)))
        place.value[:] = repeated(place.value, size)

    def _bound(self, body: Any, choices: random.Random) -> None:
        bounded = [
            (place, boundary)
            for place in self._places(body)
            for boundary in [self._boundaries(place)]
            if boundary
        ]
        if bounded:
            place, boundary = choices.choice(bounded)
            put(body, place.at, choices.choice(boundary))

    def _boundaries(self, place: Place) -> list[Any]:
        value = place.value
        if isinstance(value, bool):
            return [not value]
        if isinstance(value, int | Decimal):
            candidates: list[Any] = list(AMOUNTS)
        elif isinstance(value, str) and place.keyword("format") == "decimal":
            candidates = list(DECIMALS)
        elif isinstance(value, str) and not any(place.keyword(name) for name in MARKED):
            candidates = texts(place.keyword("minLength") or 0, place.keyword("maxLength"))
        else:
            return []
        validator = schemas_of(self._contract).validator(place.reference)
        return [candidate for candidate in candidates if validator.is_valid(candidate)]


def _units(character: str) -> int:
    return len(character.encode("utf-16-le")) // 2


def texts(shortest: int, longest: int | None) -> list[str]:
    """Make texts of the smallest and the largest length, in several scripts.

    No longer than the largest length in UTF-16 either: many servers count so.
    """
    most = min(longest, 4000) if longest else 300
    filled = [(alphabet * most)[: most // _units(alphabet[0])] for alphabet in ALPHABETS]
    return [*filled, "x" * shortest, *EVERYDAY, " x ", 'O\'Neil & "Co" <b>', "日本語 テキスト 🍣"]
