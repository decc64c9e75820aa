"""What the texts of `quick` call: operators, macros, and what to do where a member is absent."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from orderspec.rules.operators import (
    BINARY,
    TEXT_METHODS,
    boolean,
    contained,
    equal,
    holder,
    indexed,
    negate,
    size,
    unequal,
)
from orderspec.rules.quick_functions import FUNCTIONS, LOOK, DoubtError, alike_values
from orderspec.rules.quick_text import OPERATOR_NAMES

UNSET, ABSENT, FAILED = object(), object(), object()
"""What rules share: before it was computed; where a member is absent; where it cannot be told."""


def _comparing(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def evaluate(left: Any, right: Any) -> bool:
        if type(left) is Decimal or type(right) is Decimal:
            raise DoubtError
        return compare(left, right)

    return evaluate


def _walked(elements: Any) -> Any:
    if type(elements) is not list:
        raise DoubtError
    LOOK.left -= len(elements)
    if LOOK.left < 0:
        raise DoubtError
    return elements


def _given(value: Any) -> Any:
    """Fail where computing it did: what rules share is computed once."""
    if value is ABSENT:
        raise KeyError
    if value is FAILED:
        raise DoubtError
    return value


def _has(value: Any, name: str) -> bool:
    if type(value) is not dict:
        raise DoubtError
    return name in value


def _both(left: Callable[[], bool], right: Callable[[], bool]) -> bool:
    try:
        if not left():
            return False
    except KeyError:
        if not right():
            return False
        raise
    return right()


def _one_of(left: Callable[[], bool], right: Callable[[], bool]) -> bool:
    try:
        if left():
            return True
    except KeyError:
        if right():
            return True
        raise
    return right()


HELPERS: dict[str, Any] = {
    **{name: BINARY[sign] for sign, name in OPERATOR_NAMES.items()},
    "equal": _comparing(equal),
    "unequal": _comparing(unequal),
    "contained": _comparing(contained),
    "alike_values": alike_values,
    "boolean": partial(boolean, "a condition"),
    "both": _both,
    "one_of": _one_of,
    "has": _has,
    "indexed": lambda value, key: indexed(holder(value), key),
    "negate": negate,
    "plain_sum": sum,
    "given": _given,
    "UNSET": UNSET,
    "ABSENT": ABSENT,
    "FAILED": FAILED,
    "size": size,
    "walked": _walked,
    **{f"text_{name}": method for name, method in TEXT_METHODS.items()},
    **{name: function.call for name, function in FUNCTIONS.items()},
}
"""Each by the name that it is called by."""
