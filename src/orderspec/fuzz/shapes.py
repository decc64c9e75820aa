"""Which members stand together: what an object needs that its schema does not say."""

import re
from collections import defaultdict
from decimal import Decimal
from typing import Any

from orderspec.contract.build import EVIDENCE
from orderspec.contract.model import Contract
from orderspec.findings import Level
from orderspec.fuzz.places import Place, places
from orderspec.rules.view import to_number

_NUMBER = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")


class Shapes:
    """The sets of members that objects had in requests known to be right, and the least numbers.

    Every member of an object may be optional, and an object without any of them still mean
    nothing. So only an object that has at least the members of a known one is sure to be accepted.
    Nor does a schema say what a thing can be divided into: only a number is sure to be accepted
    that has no more decimals than known ones of its kind, and is not below the least of them.
    """

    def __init__(self, contract: Contract) -> None:
        """Know nothing yet."""
        self._contract = contract
        self._known: dict[str, set[frozenset[str]]] = defaultdict(set)
        self._nulls: dict[str, set[str]] = defaultdict(set)
        self._scales: dict[str, int] = {}
        self._least: dict[str, Decimal] = {}

    def learn(self, reference: str, body: Any) -> None:
        """Take the objects of a body for right."""
        for place in places(self._contract, reference, body):
            self._take(place)

    def suppose(self, reference: str, body: Any) -> None:
        """Take the objects of a fixture for right, but for those whose members are our reading."""
        for place in places(self._contract, reference, body):
            evidence = place.keyword(EVIDENCE)
            is_reading = isinstance(evidence, dict) and evidence.get("level") == Level.INFERRED
            if not is_reading:
                self._take(place)

    def vouch(self, reference: str, body: Any) -> bool:
        """Tell whether every object of a body has at least the members of a known one.

        And no null but where a known one has it: some servers know no null.
        """
        found = places(self._contract, reference, body)
        return all(self._is_known_number(place) for place in found) and all(
            any(known <= _members(place) for known in self._known[place.reference])
            and _nulls(place) <= self._nulls[place.reference]
            for place in found
            if isinstance(place.value, dict) and place.properties()
        )

    def _is_known_number(self, place: Place) -> bool:
        number = _number(place.value)
        if number is None or place.reference not in self._scales:
            return True
        return _scale(number) <= self._scales[place.reference] and number >= min(
            Decimal(1), self._least[place.reference]
        )

    def _take(self, place: Place) -> None:
        number = _number(place.value)
        if number is not None:
            kind = place.reference
            self._scales[kind] = max(_scale(number), self._scales.get(kind, 0))
            self._least[kind] = min(number, self._least.get(kind, number))
        if not isinstance(place.value, dict):
            return
        self._known[place.reference].add(_members(place))
        self._nulls[place.reference] |= _nulls(place)


def _number(value: Any) -> Decimal | None:
    """Read a number, or a text that is nothing but one."""
    is_text = isinstance(value, str) and _NUMBER.fullmatch(value) is not None
    return to_number(value) if is_text or isinstance(value, int | Decimal) else None


def _scale(number: Decimal) -> int:
    """Count the decimals of a number that say something."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _nulls(place: Place) -> set[str]:
    return {name for name, value in place.value.items() if value is None}


def _members(place: Place) -> frozenset[str]:
    """Name the members that the contract knows; a null counts as absent."""
    named = place.properties()
    return frozenset(
        name for name, value in place.value.items() if name in named and value is not None
    )
