"""Whether anything can break a member: other values are put in its place and judged."""

from collections import Counter
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from orderspec import pointer
from orderspec.contract.model import Contract
from orderspec.coverage.members import Break, Member, Place, breaks
from orderspec.coverage.parts import violations
from orderspec.fixtures import Violation

Way = tuple[str, str]

ABSENT: Final = object()
_TEXTS = ("?", "", "-1", "x" * 5000)
_VALUES: tuple[Any, ...] = (-1, *_TEXTS, True, Decimal("0.5"), [], {}, None)
_MOST_ALIKE = 5


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of another value.

    Attributes:
        place: where the member stood.
        value: what was put there, or ABSENT.
        about: the violation that is about the member itself, or None.
        found: everything that was broken.
    """

    place: Place
    value: Any
    about: Break | None
    found: tuple[Violation, ...]


def trials(contract: Contract, member: Member, places: Iterable[Place]) -> Iterator[Trial]:
    """Put other values in the place of a member, wherever valid fixtures hold it.

    Only a few places of one kind are tried.

    Raises:
        RuleError: a rule's CEL fails on a payload of the right shape.
    """
    met: Counter[tuple[Any, ...]] = Counter()
    for place in places:
        part = place.part
        kind = (type(part.fixture), part.at, part.reference, part.operation)
        met[kind] += 1
        if met[kind] <= _MOST_ALIKE:
            for value in _others(place):
                yield _trial(contract, member, place, value)


def way_of(violation: Violation) -> Way:
    """Give the clause of a violation and the member that its pointer ends at."""
    names = [step for step in pointer.parse(violation.at) if not step.isdigit()]
    return violation.clause, names[-1] if names else ""


def _others(place: Place) -> Iterator[Any]:
    for value in _VALUES if place.part.reference else _TEXTS:
        if value != place.value:
            yield value
    if place.part.at[-1:] != ("path",):
        yield ABSENT


def _trial(contract: Contract, member: Member, place: Place, value: Any) -> Trial:
    changed = _with(place, value)
    found = tuple(violations(contract, place.part, changed))
    part = replace(place.part, value=changed, violates=found)
    about = min((one for name, one in breaks(contract, part) if name == member), default=None)
    return Trial(place, value, about, found)


def _with(place: Place, value: Any) -> Any:
    """Copy a part's value with another member in one place, or with none there."""
    changed = deepcopy(place.part.value)
    holder = changed
    for step in place.at[:-1]:
        holder = holder[step]
    if value is ABSENT:
        holder.pop(place.at[-1], None)
    else:
        holder[place.at[-1]] = value
    return changed
