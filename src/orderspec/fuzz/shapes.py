"""Which members stand together: what an object needs that its schema does not say."""

from collections import defaultdict
from typing import Any

from orderspec.contract.build import EVIDENCE
from orderspec.contract.model import Contract
from orderspec.findings import Level
from orderspec.fuzz.places import Place, places


class Shapes:
    """The sets of members that objects had in requests known to be right.

    Every member of an object may be optional, and an object without any of them still mean
    nothing. So only an object that has at least the members of a known one is sure to be accepted.
    """

    def __init__(self, contract: Contract) -> None:
        """Know nothing yet."""
        self._contract = contract
        self._known: dict[str, set[frozenset[str]]] = defaultdict(set)
        self._nulls: dict[str, set[str]] = defaultdict(set)

    def learn(self, reference: str, body: Any) -> None:
        """Take the objects of a body for right."""
        for place in places(self._contract, reference, body):
            if isinstance(place.value, dict):
                self._take(place)

    def suppose(self, reference: str, body: Any) -> None:
        """Take the objects of a fixture for right, but for those whose members are our reading."""
        for place in places(self._contract, reference, body):
            evidence = place.keyword(EVIDENCE)
            is_reading = isinstance(evidence, dict) and evidence.get("level") == Level.INFERRED
            if isinstance(place.value, dict) and not is_reading:
                self._take(place)

    def vouch(self, reference: str, body: Any) -> bool:
        """Tell whether every object of a body has at least the members of a known one.

        And no null but where a known one has it: some servers know no null.
        """
        return all(
            any(known <= _members(place) for known in self._known[place.reference])
            and _nulls(place) <= self._nulls[place.reference]
            for place in places(self._contract, reference, body)
            if isinstance(place.value, dict) and place.properties()
        )

    def _take(self, place: Place) -> None:
        self._known[place.reference].add(_members(place))
        self._nulls[place.reference] |= _nulls(place)


def _nulls(place: Place) -> set[str]:
    return {name for name, value in place.value.items() if value is None}


def _members(place: Place) -> frozenset[str]:
    """Name the members that the contract knows; a null counts as absent."""
    named = place.properties()
    return frozenset(
        name for name, value in place.value.items() if name in named and value is not None
    )
