"""The standard JSON parser, made exact: it rounds no number and drops no member."""

import json
from decimal import Decimal
from typing import NoReturn

from orderspec.validation.flaws import MAX_DIGITS

_LONGEST_EXPONENT = len(str(MAX_DIGITS))
_SURELY_READABLE = 1000


def is_readable_number(number: str) -> bool:
    """Tell whether a JSON number has at most `MAX_DIGITS` digits when written out."""
    mantissa, _, exponent = number.lower().partition("e")
    shift = exponent.lstrip("+-0") or "0"
    digits = len(mantissa.lstrip("-"))
    return len(shift) <= _LONGEST_EXPONENT and digits + int(shift) <= MAX_DIGITS


def _decimal(number: str) -> Decimal:
    is_short = len(number) < _SURELY_READABLE and "e" not in number and "E" not in number
    if not is_short and not is_readable_number(number):
        raise ValueError("a number is too long")
    return Decimal(number)


def _object(members: list[tuple[str, object]]) -> dict[str, object]:
    unique = dict(members)
    if len(unique) != len(members):
        raise ValueError("a member name stands twice")
    return unique


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_decimal, parse_constant=_refuse_constant
)
"""Raises ValueError for everything that `syntax` finds, but for nesting and half characters."""
