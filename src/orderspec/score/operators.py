"""The faults of one value: pure functions from a place to the wrong values that may stand there."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from orderspec.score.spots import Spot
from orderspec.score.texts import as_number, as_time, written_like

Operator = Callable[[Spot], Iterator[Any]]
"""Gives wrong values for a place, best first; none where the fault makes no sense there."""

_CURRENCY = re.compile(r"[A-Z]{3}")
_CENT = Decimal("0.01")
_MAJOR = 100


def _null(spot: Spot) -> Iterator[Any]:
    if spot.value is not None:
        yield None


def _retype(spot: Spot) -> Iterator[Any]:
    value = spot.value
    if isinstance(value, bool):
        yield str(value).lower()
    elif isinstance(value, int | Decimal):
        yield str(value)
    elif isinstance(value, str):
        number = as_number(value)
        yield {"value": value} if number is None else number
    elif isinstance(value, dict):
        yield [value]
    elif isinstance(value, list):
        yield {str(index): item for index, item in enumerate(value)}


def _off_by_one(spot: Spot) -> Iterator[Any]:
    number = _amount(spot)
    if number is not None:
        yield written_like(spot.value, number + 1)


def _minor_unit(spot: Spot) -> Iterator[Any]:
    """Take one of the smallest unit away: 1 where the place holds integers, else a hundredth."""
    number = _amount(spot)
    if number is not None:
        is_whole = spot.is_whole or (isinstance(spot.value, str) and number == int(number))
        yield written_like(spot.value, number - (1 if is_whole else _CENT))


def _sign(spot: Spot) -> Iterator[Any]:
    number = _amount(spot)
    if number:
        yield written_like(spot.value, -number)


def _zero(spot: Spot) -> Iterator[Any]:
    number = _amount(spot)
    if number:
        yield written_like(spot.value, number * 0)


def _hundredfold(spot: Spot) -> Iterator[Any]:
    """Take minor units for major ones."""
    number = _amount(spot)
    if number:
        yield written_like(spot.value, number * _MAJOR)


def _precision(spot: Spot) -> Iterator[Any]:
    """Add a decimal that nothing accounts for."""
    number = _amount(spot)
    if number is not None and not spot.is_whole:
        yield written_like(spot.value, Decimal(number) + Decimal("0.001"))


def _flip(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, bool):
        yield not spot.value


def _truncate(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, str | list) and spot.value:
        yield spot.value[:-1]


def _lengthen(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, str):
        yield f"{spot.value}0" if spot.value[-1:].isdigit() else f"{spot.value}x"


def _empty(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, str | list | dict) and spot.value:
        yield type(spot.value)()


def _case(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, str) and as_time(spot.value) is None:
        yield spot.value.swapcase()


def _duplicate(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, list) and spot.value:
        yield [*spot.value, spot.value[-1]]


def _reorder(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, list):
        yield spot.value[::-1]


def _currency(spot: Spot) -> Iterator[Any]:
    if _is_currency(spot):
        yield from (code for code in ("EUR", "JPY") if code != spot.value)


def _choice(spot: Spot) -> Iterator[Any]:
    yield from spot.choices


def _time_shift(spot: Spot) -> Iterator[Any]:
    time = as_time(spot.value)
    if time is not None:
        yield from (time.moved(days) for days in (timedelta(days=1), timedelta(days=-1)))


def _time_zone(spot: Spot) -> Iterator[Any]:
    """Keep the digits and name another zone: another instant."""
    time = as_time(spot.value)
    if time is not None and time.has_zone:
        yield time.elsewhere()


def _amount(spot: Spot) -> int | Decimal | None:
    """Read a number, or a text that is asked to be one."""
    value = spot.value
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return value
    return as_number(value) if isinstance(value, str) and not spot.noun else None


def _is_currency(spot: Spot) -> bool:
    return (
        isinstance(spot.value, str)
        and bool(_CURRENCY.fullmatch(spot.value))
        and (spot.noun == "currency" or spot.pattern.lower().endswith("currency"))
    )


OPERATORS: Mapping[str, Operator] = {
    "null": _null,
    "retype": _retype,
    "off-by-one": _off_by_one,
    "minor-unit": _minor_unit,
    "sign": _sign,
    "zero": _zero,
    "hundredfold": _hundredfold,
    "precision": _precision,
    "flip": _flip,
    "truncate": _truncate,
    "lengthen": _lengthen,
    "empty": _empty,
    "case": _case,
    "duplicate": _duplicate,
    "reorder": _reorder,
    "other-currency": _currency,
    "other-choice": _choice,
    "time-shift": _time_shift,
    "time-zone": _time_zone,
}
"""Name to the fault of one value."""
