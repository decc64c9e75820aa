"""The functions that rules have beyond CEL's own. None of them raises: see `Recorder`."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal, localcontext
from functools import partial
from typing import Any

from orderspec.rules.echo import Difference, Leniency, difference, instant
from orderspec.rules.view import INT64_MAX, INT64_MIN, from_number, to_number

_KINDS: dict[type, str] = {
    bool: "boolean",
    dict: "object",
    float: "number",
    int: "number",
    list: "array",
    str: "string",
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST_PORTABLE = 2**53
_EXPONENTIAL = re.compile(r"-?[0-9.]+[eE][+-]?[0-9]+")
_LONG_NUMERAL = re.compile(r"-?([0-9.]{16,}|[0-9.]+[eE][+-]?[0-9]+)")
EXACT = Context(prec=200)  # beyond any product of two numbers that a payload may sensibly hold


class InexactError(ArithmeticError):
    """A value that cannot be carried or compared exactly: the rule does not apply."""


@dataclass(slots=True)
class Recorder:
    """What the functions of one evaluation want to say besides their result.

    The CEL library prints and rewraps whatever a Python function raises, so a function keeps its
    exception here and returns null.
    """

    problem: Exception | None = None
    difference: Difference | None = None

    def clear(self) -> None:
        """Forget the evaluation before."""
        self.problem = self.difference = None


def functions(recorder: Recorder) -> dict[str, Callable[..., Any]]:
    """Bind the functions to one evaluation's recorder."""
    bound = dict(_PURE)
    bound.update((name, partial(function, recorder)) for name, function in _RECORDING.items())
    return {name: _kept(recorder, function) for name, function in bound.items()}


def _kept(recorder: Recorder, function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        try:
            with localcontext(EXACT):
                return function(*arguments)
        except (TypeError, ValueError, ArithmeticError) as problem:
            recorder.problem = recorder.problem or problem
            return None

    return call


def _values(value: Any, name: str, beside: str) -> list[Any]:
    """Collect every member of a name, anywhere below, that stands beside a number of a name."""
    found: list[Any] = []
    if isinstance(value, dict):
        if name in value and isinstance(value.get(beside), (int, float)):
            found.append(value[name])
        for item in value.values():
            found.extend(_values(item, name, beside))
    elif isinstance(value, list):
        for item in value:
            found.extend(_values(item, name, beside))
    return found


def _number(value: Any) -> Decimal:
    number = to_number(value)
    if number is None and isinstance(value, str) and _EXPONENTIAL.fullmatch(value):
        message = f"{value} is beyond the numbers that are computed with"
        raise InexactError(message)
    if number is None:
        message = f"not a number: {value!r}"
        raise TypeError(message)
    return number


def _carried(number: Decimal) -> int | str:
    if not INT64_MIN <= number <= INT64_MAX:
        message = f"{number} does not fit int64"
        raise InexactError(message)
    return from_number(number)


def _sum(values: Sequence[Any]) -> int | str:
    if set(map(type, values)) == {int}:
        return _carried(Decimal(sum(values)))
    return _carried(sum((_number(value) for value in values), Decimal(0)))


def _times(one: Any, other: Any) -> int | str:
    return _carried(_number(one) * _number(other))


def _percent(amount: Any, percentage: Any) -> int | str:
    return _carried(_number(amount) * _number(percentage) / 100)


def _near(got: Any, expected: Any, tolerance: Any) -> bool:
    return abs(_number(got) - _number(expected)) <= _number(tolerance)


def _same(got: Any, expected: Any) -> bool:
    return _number(got) == _number(expected)


def _between(got: Any, low: Any, high: Any, tolerance: Any) -> bool:
    margin = _number(tolerance)
    return _number(low) - margin <= _number(got) <= _number(high) + margin


def _compare(one: Any, other: Any) -> int:
    left, right = _number(one), _number(other)
    return (left > right) - (left < right)


def _decimals(value: Any) -> int:
    exponent = _number(value).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _whole(value: Any) -> bool:
    number = _number(value)
    return number == number.to_integral_value()


def _kind(value: Any) -> str:
    """Name the JSON type of a value; a number that CEL cannot carry has become a text."""
    return _KINDS.get(type(value), "null")


def _portable(value: Any) -> bool:
    """Tell whether a double holds every number in a value; a text may stand for one that it cannot.

    Many readers of JSON keep numbers as doubles, and write the nearest one back.
    """
    match value:
        case dict():
            return all(map(_portable, value.values()))
        case list():
            return all(map(_portable, value))
        case int():
            return abs(value) <= _LARGEST_PORTABLE
        case str():
            return _LONG_NUMERAL.fullmatch(value) is None
        case _:
            return True


def _unique(recorder: Recorder, values: Sequence[Any]) -> bool:
    scalars: set[Any] = set()
    others: list[Any] = []
    for value in values:
        if value in (others if isinstance(value, (dict, list)) else scalars):
            recorder.difference = Difference("", "no value twice", value)
            return False
        if isinstance(value, (dict, list)):
            others.append(value)
        else:
            scalars.add(value)
    return True


def _alike(recorder: Recorder, values: Sequence[Any]) -> bool:
    for value in values:
        if value != values[0]:
            recorder.difference = Difference("", values[0], value)
            return False
    return True


def _in_order(recorder: Recorder, earlier: str, later: str) -> bool:
    one, other = instant(earlier), instant(later)
    if not _comparable(one, other):
        message = f"not two instants: {earlier!r}, {later!r}"
        raise InexactError(message)
    if one <= other:
        return True
    recorder.difference = Difference("", f"not before {earlier}", later)
    return False


def _milliseconds(text: str) -> int:
    """Count the milliseconds from the beginning of 1970 to a time, down to a whole one."""
    moment = instant(text)
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        message = f"not an instant: {text!r}"
        raise InexactError(message)
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _comparable(one: Any, other: Any) -> bool:
    """Tell whether both are instants with, or both without, an offset: a leap second is text."""
    return (
        isinstance(one, datetime)
        and isinstance(other, datetime)
        and (one.tzinfo is None) == (other.tzinfo is None)
    )


def _echoes(
    recorder: Recorder, sent: Any, got: Any, options: Mapping[str, Sequence[str]] | None = None
) -> bool:
    recorder.difference = difference(sent, got, Leniency.of(options or {}))
    return recorder.difference is None


_PURE: dict[str, Callable[..., Any]] = {
    "sum": _sum,
    "times": _times,
    "percent": _percent,
    "near": _near,
    "same": _same,
    "between": _between,
    "compare": _compare,
    "decimals": _decimals,
    "kind": _kind,
    "milliseconds": _milliseconds,
    "portable": _portable,
    "whole": _whole,
    "values": _values,
}
_RECORDING: dict[str, Callable[..., Any]] = {
    "unique": _unique,
    "alike": _alike,
    "in_order": _in_order,
    "echoes": _echoes,
}
NAMES = frozenset({**_PURE, **_RECORDING})
