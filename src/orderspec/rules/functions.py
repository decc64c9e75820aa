"""The functions that rules have beyond CEL's own. None of them raises: see `Recorder`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import wraps
from typing import Any

from orderspec.rules.echo import Difference, Leniency, difference, instant
from orderspec.rules.view import INT64_MAX, INT64_MIN, from_number, to_number


class InexactError(ArithmeticError):
    """A number that CEL cannot carry: the rule does not apply."""


@dataclass(slots=True)
class Recorder:
    """What the functions of one evaluation want to say besides their result.

    The CEL library prints and rewraps whatever a Python function raises, so a function keeps its
    exception here and returns null.
    """

    problem: Exception | None = None
    difference: Difference | None = None


def functions(recorder: Recorder) -> dict[str, Callable[..., Any]]:
    """Bind the functions to one evaluation's recorder."""

    def total(values: Sequence[Any]) -> int | str:
        return _carried(sum((_number(value) for value in values), Decimal(0)))

    def times(one: Any, other: Any) -> int | str:
        return _carried(_number(one) * _number(other))

    def percent(amount: Any, percentage: Any) -> int | str:
        return _carried(_number(amount) * _number(percentage) / 100)

    def near(got: Any, expected: Any, tolerance: Any) -> bool:
        return abs(_number(got) - _number(expected)) <= _number(tolerance)

    def same(got: Any, expected: Any) -> bool:
        return _number(got) == _number(expected)

    def between(got: Any, low: Any, high: Any, tolerance: Any) -> bool:
        margin = _number(tolerance)
        return _number(low) - margin <= _number(got) <= _number(high) + margin

    def compare(one: Any, other: Any) -> int:
        left, right = _number(one), _number(other)
        return (left > right) - (left < right)

    def decimals(value: Any) -> int:
        exponent = _number(value).normalize().as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0

    def whole(value: Any) -> bool:
        number = _number(value)
        return number == number.to_integral_value()

    def unique(values: Sequence[Any]) -> bool:
        seen: list[Any] = []
        for value in values:
            if value in seen:
                recorder.difference = Difference("", "no value twice", value)
                return False
            seen.append(value)
        return True

    def alike(values: Sequence[Any]) -> bool:
        other = next((value for value in values if value != values[0]), None)
        if other is not None:
            recorder.difference = Difference("", values[0], other)
        return other is None

    def in_order(earlier: str, later: str) -> bool:
        if instant(earlier) <= instant(later):
            return True
        recorder.difference = Difference("", f"not before {earlier}", later)
        return False

    def echoes(sent: Any, got: Any, options: Mapping[str, Sequence[str]] | None = None) -> bool:
        recorder.difference = difference(sent, got, Leniency.of(options or {}))
        return recorder.difference is None

    named = {
        "sum": total,
        "times": times,
        "percent": percent,
        "near": near,
        "same": same,
        "between": between,
        "compare": compare,
        "decimals": decimals,
        "whole": whole,
        "unique": unique,
        "alike": alike,
        "values": _values,
        "in_order": in_order,
        "echoes": echoes,
    }
    return {name: _kept(recorder, function) for name, function in named.items()}


def _kept(recorder: Recorder, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def call(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except (TypeError, ValueError, ArithmeticError) as problem:
            recorder.problem = recorder.problem or problem
            return None

    return call


def _values(value: Any, name: str, beside: str) -> list[Any]:
    """Collect every member of a name, anywhere below, that stands beside a number of a name."""
    found: list[Any] = []
    if isinstance(value, dict):
        if name in value and isinstance(value.get(beside), int | float):
            found.append(value[name])
        for item in value.values():
            found.extend(_values(item, name, beside))
    elif isinstance(value, list):
        for item in value:
            found.extend(_values(item, name, beside))
    return found


def _number(value: Any) -> Decimal:
    number = to_number(value)
    if number is None:
        message = f"not a number: {value!r}"
        raise TypeError(message)
    return number


def _carried(number: Decimal) -> int | str:
    if not INT64_MIN <= number <= INT64_MAX:
        message = f"{number} does not fit int64"
        raise InexactError(message)
    return from_number(number)


NAMES = frozenset(functions(Recorder()))
