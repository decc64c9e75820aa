"""The functions of rules for the common case: whole numbers, plain texts. See `quick`.

Each gives what its namesake in `orderspec.rules.functions` gives, or raises something that is no
KeyError where that one would keep a problem.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial, reduce
from threading import local
from typing import Any

from orderspec.rules.functions import EXACT, Recorder, functions

_INTEGERS = frozenset({int})
_TEXTS = frozenset({str})
_EXACT_NUMBERS = frozenset({int, Decimal})
_NUMERIC = frozenset({"sum", "times", "percent", "near", "same", "between", "compare"})
_LONGEST = 18
_SECONDS = len("2026-01-01T00:00:00")


class DoubtError(Exception):
    """It cannot be told quickly that a rule holds."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function, and the JSON type of its value where that is sure.

    What is ``decimal`` may be a `Decimal` where the exact function gives its digits as a text.
    """

    call: Callable[..., Any]
    kind: str = ""


class _Look(local):
    """What is looked at, in this thread.

    Attributes:
        left: how many elements may still be walked again.
        text: the whole payload as JSON without spaces, or nothing.
    """

    left = 0
    text = b""


LOOK = _Look()


class _Exact(local):
    """The functions that every value is right for, bound once in each thread."""

    def __init__(self) -> None:
        self.recorder = Recorder()
        self.functions = functions(self.recorder)


_EXACT = _Exact()


def _exactly(name: str, *arguments: Any) -> Any:
    if name not in _NUMERIC and any(map(_holds_decimal, arguments)):
        raise DoubtError
    _EXACT.recorder.clear()
    value = _EXACT.functions[name](*arguments)
    if _EXACT.recorder.problem is not None:
        raise DoubtError
    return value


def _holds_decimal(value: Any) -> bool:
    return type(value) is Decimal or (type(value) is list and Decimal in map(type, value))


def _whole_number(value: Any) -> int | None:
    """Read a whole number that is written plainly."""
    if type(value) is int:
        return value
    return _plain(value) if type(value) is str else None


@lru_cache(maxsize=1024)
def _plain(text: str) -> int | None:
    is_plain = text.isdecimal() and text.isascii() and len(text) < _LONGEST
    return int(text) if is_plain else None


def _sum(values: Any) -> Any:
    if type(values) is list:
        kinds = set(map(type, values))
        if kinds <= _INTEGERS:
            return sum(values)
        if kinds <= _EXACT_NUMBERS:
            value = reduce(EXACT.add, values)
            return int(value) if value == int(value) else value
    return _exactly("sum", values)


def _times(one: Any, other: Any) -> Any:
    left, right = _whole_number(one), _whole_number(other)
    if left is None or right is None:
        return _exactly("times", one, other)
    return left * right


def _percent(amount: Any, percentage: Any) -> Any:
    if type(amount) is int and type(percentage) is str and (rate := _rate(percentage)):
        parts, whole, share = rate
        value, rest = divmod(amount * parts, whole)
        return EXACT.multiply(Decimal(amount), share) if rest else value
    return _exactly("percent", amount, percentage)


@lru_cache(maxsize=1024)
def _rate(percentage: str) -> tuple[int, int, Decimal] | None:
    """Read a percentage that is written plainly: parts of a whole, and the share that they are."""
    digits = percentage.replace(".", "", 1)
    if not (digits.isdecimal() and digits.isascii() and len(digits) < _LONGEST):
        return None
    if not (percentage[0].isdecimal() and percentage[-1].isdecimal()):
        return None
    share = Decimal(percentage).scaleb(-2, EXACT)
    return *share.as_integer_ratio(), share


def _near(got: Any, expected: Any, tolerance: Any) -> Any:
    if type(got) is type(tolerance) is int:
        if type(expected) is int:
            return -tolerance <= got - expected <= tolerance
        if type(expected) is Decimal:
            return -tolerance <= EXACT.subtract(Decimal(got), expected) <= tolerance
    return _exactly("near", got, expected, tolerance)


def _same(got: Any, expected: Any) -> Any:
    if type(got) is type(expected) is int:
        return got == expected
    return _exactly("same", got, expected)


def _between(got: Any, low: Any, high: Any, tolerance: Any) -> Any:
    if type(got) is type(tolerance) is int:
        return _at_most(low, got + tolerance) and _at_most(got - tolerance, high)
    return _exactly("between", got, low, high, tolerance)


def _at_most(one: Any, other: Any) -> bool:
    if {type(one), type(other)} <= _EXACT_NUMBERS:
        return bool(one <= other)
    return bool(_exactly("compare", one, other) <= 0)


def _compare(one: Any, other: Any) -> Any:
    left, right = _whole_number(one), _whole_number(other)
    if left is None or right is None:
        return _exactly("compare", one, other)
    return (left > right) - (left < right)


def _decimals(value: Any) -> Any:
    return 0 if _whole_number(value) is not None else _exactly("decimals", value)


def _whole(value: Any) -> Any:
    return True if _whole_number(value) is not None else _exactly("whole", value)


def _unique(values: Any) -> Any:
    if type(values) is list and _TEXTS.issuperset(map(type, values)):
        return len(set(values)) == len(values)
    return _exactly("unique", values)


def _alike(values: Any) -> Any:
    if type(values) is list and _TEXTS.issuperset(map(type, values)):
        return len(set(values)) < 2  # noqa: PLR2004 (one value, or none at all)
    return _exactly("alike", values)


def _in_order(earlier: Any, later: Any) -> Any:
    """Compare two times of one form as texts: `2026-01-01T00:00:00Z`."""
    if (
        type(earlier) is type(later) is str
        and len(earlier) == len(later) > _SECONDS
        and earlier[4] == later[4] == "-"
        and earlier[10] == later[10] == "T"
        and earlier[_SECONDS] == later[_SECONDS]
        and earlier[-1] == later[-1] == "Z"
        and earlier <= later
    ):
        return True
    return _exactly("in_order", earlier, later)


def alike_values(value: Any, name: str, beside: str) -> Any:
    """``alike(values(value, name, beside))``, in any order."""
    if _is_one_text(LOOK.text, b'"%s":' % name.encode()):
        return True
    found, todo = set(), list[Any]([[value]])
    for one in todo:
        for item in one.values() if type(one) is dict else one:
            kind = type(item)
            if kind is dict:
                todo.append(item)
                if name in item and isinstance(item.get(beside), (int, float)):
                    found.add(item[name])
                    if len(item) == 2 and type(item[name]) is str:  # noqa: PLR2004 (both of them)
                        todo.pop()
            elif kind is list and item:
                todo.append(item)
    return _alike(list(found))


def _is_one_text(text: bytes, member: bytes) -> bool:
    """Tell whether all members of a name, anywhere in a payload, are one and the same string."""
    start = text.find(member)
    end = text.find(b'"', start + len(member) + 1)
    if start < 0 or end < 0:
        return False
    first = text[start : end + 1]
    is_string = first.startswith(member + b'"') and b"\\" not in first
    return is_string and text.count(first) == text.count(member)


def _values(value: Any, name: str, beside: str) -> list[Any]:
    found: list[Any] = []
    _collect([value], name, beside, found)
    return found


def _collect(value: Any, name: str, beside: str, found: list[Any]) -> None:
    for item in value.values() if type(value) is dict else value:
        kind = type(item)
        if kind is dict:
            if name in item and isinstance(item.get(beside), (int, float)):
                found.append(item[name])
                if len(item) == 2 and type(item[name]) is str:  # noqa: PLR2004 (the two members)
                    continue
            _collect(item, name, beside, found)
        elif kind is list and item:
            _collect(item, name, beside, found)


FUNCTIONS = {
    "sum": Function(_sum, "decimal"),
    "times": Function(_times, "decimal"),
    "percent": Function(_percent, "decimal"),
    "near": Function(_near, "boolean"),
    "same": Function(_same, "boolean"),
    "between": Function(_between, "boolean"),
    "compare": Function(_compare, "integer"),
    "decimals": Function(_decimals, "integer"),
    "kind": Function(partial(_exactly, "kind"), "string"),
    "milliseconds": Function(partial(_exactly, "milliseconds"), "integer"),
    "portable": Function(partial(_exactly, "portable"), "boolean"),
    "whole": Function(_whole, "boolean"),
    "values": Function(_values),
    "unique": Function(_unique, "boolean"),
    "alike": Function(_alike, "boolean"),
    "in_order": Function(_in_order, "boolean"),
    "echoes": Function(partial(_exactly, "echoes"), "boolean"),
}
"""Every function of `functions`, by its name."""
