"""What was sent comes back: a comparison that says where it first fails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orderspec.rules.view import to_number


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place where an echo differs: a pointer below the echo, the two values."""

    at: str
    expected: Any
    got: Any


@dataclass(frozen=True, slots=True)
class Leniency:
    """Where a server may write the same thing in another way.

    Attributes:
        unordered: lists that may come back in another order and with further elements.
        permuted: lists that may come back in another order.
        decimals: members compared as numbers (``"1.50"`` is ``"1.5"``).
        times: members compared as instants.
        ignored: members that are not compared.
    """

    unordered: frozenset[str] = frozenset()
    permuted: frozenset[str] = frozenset()
    decimals: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()

    @classmethod
    def of(cls, options: Mapping[str, Sequence[str]]) -> "Leniency":
        """Read the options of a rule; an unknown one is a mistake in the contract."""
        return cls(**{name: frozenset(members) for name, members in options.items()})


def difference(
    sent: Any, got: Any, leniency: Leniency, at: str = "", name: str = ""
) -> Difference | None:
    """Find the first place where `got` does not hold what `sent` holds.

    Members that `got` has beyond `sent` are no difference; what is empty may come back as
    nothing at all. Numbers are compared by value.
    """
    match sent, got:
        case dict(), dict():
            return _members(sent, got, leniency, at)
        case list(), list():
            if name in leniency.permuted and len(sent) != len(got):
                return Difference(at, _counted(sent), _counted(got))
            if name in leniency.unordered | leniency.permuted:
                return _unordered(sent, got, leniency, at)
            return _ordered(sent, got, leniency, at)
        case _:
            return None if _same(sent, got, name, leniency) else Difference(at, sent, got)


def _members(
    sent: Mapping[str, Any], got: Mapping[str, Any], leniency: Leniency, at: str
) -> Difference | None:
    for name, value in sorted(sent.items()):
        if name in leniency.ignored:
            continue
        place = f"{at}/{name.replace('~', '~0').replace('/', '~1')}"
        if name not in got:
            if _is_empty(value):
                continue
            return Difference(place, value, None)
        found = difference(value, got[name], leniency, place, name)
        if found:
            return found
    return None


def _is_empty(value: Any) -> bool:
    """Tell whether a value says nothing, all the way down: then nothing may come back."""
    match value:
        case dict():
            return all(_is_empty(item) for item in value.values())
        case list():
            return all(_is_empty(item) for item in value)
        case _:
            return bool(value == "")


def _ordered(sent: list[Any], got: list[Any], leniency: Leniency, at: str) -> Difference | None:
    for index, (one, other) in enumerate(zip(sent, got, strict=False)):
        found = difference(one, other, leniency, f"{at}/{index}")
        if found:
            return found
    if len(sent) != len(got):
        return Difference(at, _counted(sent), _counted(got))
    return None


def _unordered(sent: list[Any], got: list[Any], leniency: Leniency, at: str) -> Difference | None:
    left = dict(enumerate(got))
    named = {_name(other): position for position, other in left.items() if _name(other)}
    for index, one in enumerate(sent):
        position = named.get(_name(one)) if _name(one) else None
        if position in left:
            found = difference(one, left.pop(position), leniency, f"{at}/{position}")
        else:
            found = _anywhere(one, left, leniency, at)
            if found is not None and index in left:
                found = difference(one, left[index], leniency, f"{at}/{index}")
            elif found is not None and not left:
                found = Difference(f"{at}/{index}", one, None)
        if found:
            return found
    return None


def _anywhere(one: Any, left: dict[int, Any], leniency: Leniency, at: str) -> Difference | None:
    """Take the first element that holds what `one` holds; where none does, say how one differs."""
    found: Difference | None = None
    for position, other in left.items():
        found = difference(one, other, leniency, f"{at}/{position}")
        if found is None:
            del left[position]
            return None
    return found or Difference(at, one, None)


def _name(value: Any) -> tuple[str, str] | None:
    """Give what tells an element of a list from the others, if it has a name of its own."""
    if isinstance(value, dict):
        for name in ("uid", "id"):
            if isinstance(value.get(name), str):
                return name, value[name]
    return None


def _same(sent: Any, got: Any, name: str, leniency: Leniency) -> bool:
    if name in leniency.decimals:
        one, other = to_number(sent), to_number(got)
        return bool(sent == got) if one is None or other is None else one == other
    if name in leniency.times and isinstance(sent, str) and isinstance(got, str):
        return bool(instant(sent) == instant(got))
    if isinstance(sent, bool) or isinstance(got, bool):
        return sent is got
    return bool(sent == got)


def instant(text: str) -> Any:
    """Read an RFC 3339 time as an instant; a text that is none stays itself."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


def _counted(elements: list[Any]) -> str:
    return "1 element" if len(elements) == 1 else f"{len(elements)} elements"
