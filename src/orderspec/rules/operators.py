"""CEL's operators on Python values, with the types and the errors that the CEL library has.

An int is an int64, a float is a double, and a bool is neither. Python raises the kinds of errors
that the library raises: KeyError for an absent member, IndexError, OverflowError,
ZeroDivisionError, and TypeError where an operator is not defined for what stands beside it.
"""

import operator
from collections.abc import Callable
from functools import lru_cache
from math import copysign, inf, isnan, nan
from threading import local
from typing import Any

from orderspec.rules.view import INT64_MAX, INT64_MIN

Operator = Callable[[Any, Any], Any]

_NAMES = {
    bool: "a bool",
    int: "an int",
    float: "a double",
    str: "a string",
    list: "a list",
    dict: "a map",
    type(None): "null",
}
_SCALARS = frozenset({bool, int, float, str, type(None)})
_NUMBERS = frozenset({int, float})


def named(value: Any) -> str:
    """Name the type of a value as CEL does, with its article."""
    return _NAMES.get(type(value), type(value).__name__)


def not_defined(sign: str, *operands: Any) -> TypeError:
    """Word an operator that is not defined for what it was given."""
    return TypeError(f"{sign} is not defined for {' and '.join(map(named, operands))}")


def no_member(value: Any, name: str) -> TypeError:
    """Word a member that is read from what has no members."""
    return TypeError(f"{named(value)} has no member {name!r}")


def boolean(sign: str, value: Any) -> bool:
    """Hold a value to be a bool: nothing else is true or false."""
    if value is True or value is False:
        return value
    raise not_defined(sign, value)


def invert(value: Any) -> bool:
    """``!value``."""
    return not boolean("!", value)


def add(left: Any, right: Any) -> Any:
    """``left + right``: numbers of one type, strings, lists."""
    kind = type(left)
    if kind is int and type(right) is int:
        return _int64("+", left + right)
    if kind is type(right) and kind in (float, str, list):
        return left + right
    if kind is list and type(right) is dict:
        return [*left, *right]  # no CEL, but what the library does
    raise not_defined("+", left, right)


def subtract(left: Any, right: Any) -> Any:
    """``left - right``."""
    return _arithmetic("-", operator.sub, left, right)


def multiply(left: Any, right: Any) -> Any:
    """``left * right``."""
    return _arithmetic("*", operator.mul, left, right)


def divide(left: Any, right: Any) -> Any:
    """``left / right``: ints truncate toward zero, doubles follow IEEE 754."""
    return _arithmetic("/", _quotient, left, right)


def remainder(left: Any, right: Any) -> Any:
    """``left % right``, for ints: it has the sign of `left`."""
    if type(left) is not int or type(right) is not int:
        raise not_defined("%", left, right)
    _int64("%", _truncated(left, right))
    return left - right * _truncated(left, right)


def negate(value: Any) -> Any:
    """``-value``; as in the library the least int stays itself, and a bool turns over."""
    match value:
        case bool():
            return not value
        case int():
            return value if value == INT64_MIN else -value
        case float():
            return -value
    raise not_defined("-", value)


def equal(left: Any, right: Any) -> bool:
    """``left == right``: never an error; an int equals a double of its value."""
    kind = type(left)
    if kind is type(right):
        if kind in _SCALARS:
            return bool(left == right)
        if kind is list:
            return len(left) == len(right) and all(map(equal, left, right))
        return left.keys() == right.keys() and all(equal(left[name], right[name]) for name in left)
    if kind in _NUMBERS and type(right) in _NUMBERS:
        return float(left) == float(right)
    return False


def unequal(left: Any, right: Any) -> bool:
    """``left != right``."""
    return not equal(left, right)


def ordered(sign: str) -> Operator:
    """Make one of ``<``, ``<=``, ``>`` and ``>=``: for numbers, strings and bools."""
    compare = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}[sign]

    def evaluate(left: Any, right: Any) -> Any:
        kind = type(left)
        if kind is type(right) and kind in (int, str, bool):
            return compare(left, right)
        if kind in _NUMBERS and type(right) in _NUMBERS:
            one, other = float(left), float(right)
            if not (isnan(one) or isnan(other)):
                return compare(one, other)
        raise not_defined(sign, left, right)

    return evaluate


def contained(left: Any, right: Any) -> bool:
    """``left in right``: an element of a list, or a key of a map."""
    if type(right) is list:
        return any(equal(left, element) for element in right)
    if type(right) is dict:
        return _key(left) in right
    raise not_defined("in", left, right)


def holder(value: Any) -> Any:
    """Hold a value to have elements or members: a list or a map."""
    match value:
        case list() | dict():
            return value
    raise not_defined("[]", value)


def indexed(value: Any, key: Any) -> Any:
    """``value[key]``, of a list or a map."""
    if type(value) is dict:
        name = _key(key)
        if name in value:
            return value[name]
        raise KeyError(str(key).lower() if isinstance(key, bool) else str(key))
    if type(key) is not int:
        raise not_defined("[]", value, key)
    if not 0 <= key < len(value):
        message = f"there is no element {key} in a list of {len(value)}"
        raise IndexError(message)
    return value[key]


def size(value: Any) -> int:
    """``size(value)``: of a string, as in the library, its bytes in UTF-8."""
    match value:
        case str():
            return len(value) if value.isascii() else len(value.encode())
        case list() | dict():
            return len(value)
    message = f"size() is not defined for {named(value)}"
    raise RuntimeError(message)


class ExhaustedError(OverflowError):
    """A rule walks too much of a payload: nested macros cost as much as their lists multiply to."""


class Budget(local):
    """How many elements macros may still walk, in this thread."""

    left: float = inf


BUDGET = Budget()


def walked(macro: str, value: Any) -> list[Any]:
    """Give what a macro walks: the elements of a list, the keys of a map.

    Raises:
        ExhaustedError: more was walked than `BUDGET` leaves.
    """
    if not isinstance(value, list | dict):
        raise not_defined(f".{macro}()", value)
    BUDGET.left -= len(value)
    if BUDGET.left < 0:
        message = "a payload too large for this rule"
        raise ExhaustedError(message)
    return value if isinstance(value, list) else list(value)


def text_method(name: str, compute: Callable[[str, str], bool]) -> Operator:
    """Make a method of strings that takes a string."""

    def evaluate(text: Any, other: Any) -> bool:
        match text, other:
            case str(), str():
                return compute(text, other)
        message = f".{name}() is not defined for {named(text)} and {named(other)}"
        raise RuntimeError(message)

    return evaluate


def _matches(text: str, pattern: str) -> bool:
    return bool(_pattern(pattern).is_valid(text))


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> Any:
    """Compile a pattern once, in the dialect of CEL: RE2's, which takes linear time.

    The CEL library compiles it anew at each evaluation, tens of milliseconds for a long one.

    Raises:
        RuntimeError: it is no such pattern.
    """
    import jsonschema_rs  # noqa: PLC0415 (few rules need it)

    options = jsonschema_rs.RegexOptions()
    try:
        return jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=options)
    except jsonschema_rs.ValidationError as problem:
        message = f"{pattern!r} is no regular expression"
        raise RuntimeError(message) from problem


def _key(value: Any) -> str | None:
    """Read a value as a key of a map of JSON; None for a key that no such map has."""
    match value:
        case str():
            return value
        case int():
            return None
    message = f"{named(value)} is no key of a map"
    raise TypeError(message)


def _arithmetic(sign: str, compute: Operator, left: Any, right: Any) -> Any:
    if type(left) is int and type(right) is int:
        return _int64(sign, compute(left, right))
    if type(left) is float and type(right) is float:
        return compute(left, right)
    raise not_defined(sign, left, right)


def _int64(sign: str, value: int) -> int:
    if INT64_MIN <= value <= INT64_MAX:
        return value
    message = f"the result of {sign} does not fit int64: {value}"
    raise OverflowError(message)


def _quotient(left: Any, right: Any) -> Any:
    if type(left) is int:
        return _truncated(left, right)
    if right:
        return left / right
    return nan if isnan(left) or left == 0 else copysign(inf, left) * copysign(1.0, right)


def _truncated(left: int, right: int) -> int:
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


ORDERS = {sign: ordered(sign) for sign in ("<", "<=", ">", ">=")}
BINARY: dict[str, Operator] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "%": remainder,
    "==": equal,
    "!=": unequal,
    "in": contained,
    **ORDERS,
}
TEXT_METHODS = {
    name: text_method(name, compute)
    for name, compute in (
        ("startsWith", str.startswith),
        ("endsWith", str.endswith),
        ("contains", str.__contains__),
        ("matches", _matches),
    )
}
