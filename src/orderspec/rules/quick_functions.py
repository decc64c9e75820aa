"""The functions of rules for the common case: whole numbers, plain texts. See `quick_nodes`.

Each gives what its namesake in `orderspec.rules.functions` gives, or raises something where that
one would keep a problem. Where that one gives the digits of a fraction as a text, it may give a
`Decimal`. mypyc compiles them.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, Final

from orderspec.rules.functions import EXACT
from orderspec.rules.quick_exact import exactly
from orderspec.rules.quick_nodes import ABSENT, Expression, Frame

_LONGEST: Final = 18
_SECONDS: Final = len("2026-01-01T00:00:00")

Number = int | Decimal


def _number(value: object) -> Number | None:
    """Read a number, or a text of some digits that is one; None for all else."""
    if type(value) is int:
        return value
    if type(value) is str:
        return _digits(value)
    return value if type(value) is Decimal else None


@lru_cache(maxsize=4096)
def _digits(text: str) -> Number | None:
    whole, point, fraction = text.removeprefix("-").partition(".")
    is_plain = whole.isdecimal() and text.isascii() and len(text) < _LONGEST
    if not is_plain or (point and not fraction.isdecimal()):
        return None
    return _lowest(Decimal(text)) if point else int(text)


def _lowest(value: Decimal) -> Number:
    """Give a whole number as an int, as `orderspec.rules.functions` does."""
    whole = int(value)
    return whole if whole == value else value


def _sum(values: object) -> object:
    if not isinstance(values, list):
        return exactly("sum", values)
    total = 0
    rest: Decimal | None = None
    for value in values:
        if type(value) is int:
            total += value
            continue
        number = _number(value)
        if type(number) is int:
            total += number
        elif type(number) is Decimal:
            rest = number if rest is None else EXACT.add(rest, number)
        else:
            return exactly("sum", values)
    return total if rest is None else _lowest(EXACT.add(rest, total))


def _times(one: object, other: object) -> object:
    left, right = _number(one), _number(other)
    if left is None or right is None:
        return exactly("times", one, other)
    if type(left) is int and type(right) is int:
        return left * right
    return _lowest(EXACT.multiply(left, right))


def _percent(amount: object, percentage: object) -> object:
    if type(amount) is int and type(percentage) is str:
        share = _share(percentage)
        if share is not None:
            parts, whole, exact = share
            product = amount * parts
            return product // whole if product % whole == 0 else EXACT.multiply(exact, amount)
    left, right = _number(amount), _number(percentage)
    if left is None or right is None:
        return exactly("percent", amount, percentage)
    return _lowest(EXACT.scaleb(EXACT.multiply(Decimal(left), right), -2))


@lru_cache(maxsize=1024)
def _share(percentage: str) -> tuple[int, int, Decimal] | None:
    """Read a percentage: parts of a whole, and the share that they are."""
    number = _digits(percentage)
    if number is None:
        return None
    share = EXACT.scaleb(Decimal(number), -2)
    parts, whole = share.as_integer_ratio()
    return parts, whole, share


def _near(got: object, expected: object, tolerance: object) -> object:
    one, other, margin = _number(got), _number(expected), _number(tolerance)
    if one is None or other is None or margin is None:
        return exactly("near", got, expected, tolerance)
    if type(one) is int and type(other) is int and type(margin) is int:
        return -margin <= one - other <= margin
    return EXACT.abs(EXACT.subtract(one, other)) <= margin


def _same(got: object, expected: object) -> object:
    one, other = _number(got), _number(expected)
    return exactly("same", got, expected) if one is None or other is None else one == other


def _between(got: object, low: object, high: object, tolerance: object) -> object:
    one, least, most, margin = _number(got), _number(low), _number(high), _number(tolerance)
    if one is None or least is None or most is None or margin is None:
        return exactly("between", got, low, high, tolerance)
    if type(one) is int and type(least) is int and type(most) is int and type(margin) is int:
        return least - margin <= one <= most + margin
    return EXACT.subtract(least, margin) <= one <= EXACT.add(most, margin)


def _compare(one: object, other: object) -> object:
    left, right = _number(one), _number(other)
    if left is None or right is None:
        return exactly("compare", one, other)
    if left == right:
        return 0
    return 1 if left > right else -1


def _decimals(value: object) -> object:
    number = _number(value)
    if type(number) is int:
        return 0
    return exactly("decimals", format(number, "f") if type(number) is Decimal else value)


def _whole(value: object) -> object:
    number = _number(value)
    if type(number) is int:
        return True
    return int(number) == number if type(number) is Decimal else exactly("whole", value)


def _unique(values: object) -> object:
    if isinstance(values, list):
        seen: set[str] = set()
        for value in values:
            if not isinstance(value, str):
                return exactly("unique", values)
            seen.add(value)
        return len(seen) == len(values)
    return exactly("unique", values)


def _alike(values: object) -> object:
    if isinstance(values, list):
        for value in values:
            if not isinstance(value, str):
                return exactly("alike", values)
            if value != values[0]:
                return exactly("alike", values)
        return True
    return exactly("alike", values)


def _in_order(earlier: Any, later: Any) -> Any:
    """Compare two times of one form as texts: `2026-01-01T00:00:00Z`."""
    if (
        type(earlier) is type(later) is str
        and len(earlier) == len(later) > _SECONDS
        and earlier[4] == later[4] == earlier[7] == later[7] == "-"
        and earlier[10] == later[10] == "T"
        and earlier[13] == later[13] == earlier[16] == later[16] == ":"
        and earlier[_SECONDS] == later[_SECONDS]
        and earlier[-1] == later[-1] == "Z"
        and earlier <= later
    ):
        return True
    return exactly("in_order", earlier, later)


class AlikeValues(Expression):
    """``alike(values(operand, name, beside))``."""

    def __init__(self, operand: Expression, name: str, beside: str) -> None:
        """Keep the parts."""
        self._operand, self._name, self._beside = operand, name, beside

    def value(self, frame: Frame) -> object:
        """Compare all with the first."""
        value = self._operand.value(frame)
        if value is ABSENT:
            return ABSENT
        if _Comparison(self._name, self._beside).is_alike(value):
            return True
        return _alike(exactly("values", value, self._name, self._beside))


class _Comparison:
    """Compares texts with the first one that is found; what is no text is not alike."""

    def __init__(self, name: str, beside: str) -> None:
        self._name, self._beside = name, beside
        self._first: str | None = None

    def is_alike(self, value: object) -> bool:
        """Compare all that stands in a value."""
        if isinstance(value, dict):
            return self._is_alike_in(value)
        if isinstance(value, list):
            for item in value:
                if not self.is_alike(item):
                    return False
        return True

    def _is_alike_in(self, holder: dict[str, object]) -> bool:
        value = holder.get(self._name, ABSENT)
        if value is not ABSENT and _is_number(holder.get(self._beside)):
            if not isinstance(value, str):
                return False
            if self._first is None:
                self._first = value
            if value != self._first:
                return False
            if len(holder) == 2:  # noqa: PLR2004 (these two)
                return True
        for item in holder.values():
            if not isinstance(item, str) and not self.is_alike(item):
                return False
        return True


def _is_number(value: object) -> bool:
    if isinstance(value, int):
        return True
    return isinstance(value, float)


FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "sum": _sum,
    "times": _times,
    "percent": _percent,
    "near": _near,
    "same": _same,
    "between": _between,
    "compare": _compare,
    "decimals": _decimals,
    "kind": partial(exactly, "kind"),
    "milliseconds": partial(exactly, "milliseconds"),
    "portable": partial(exactly, "portable"),
    "whole": _whole,
    "values": partial(exactly, "values"),
    "unique": _unique,
    "alike": _alike,
    "in_order": _in_order,
    "echoes": partial(exactly, "echoes"),
}
"""Every function of `functions`, by its name."""
