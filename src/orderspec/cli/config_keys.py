"""The keys of a settings file for campaigns, and what each may hold."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from orderspec.cli.fuzz_options import rate_of


@dataclass(frozen=True, slots=True)
class Kind:
    """What a key may hold, in words and as a check."""

    words: str
    fits: Callable[[Any], bool]


def _number(words: str, least: float, most: float = math.inf) -> Kind:
    def fits(value: Any) -> bool:
        is_one = isinstance(value, int | float) and not isinstance(value, bool)
        return is_one and math.isfinite(value) and least <= value <= most

    return Kind(words, fits)


def _whole(words: str, least: int, most: float = math.inf) -> Kind:
    inner = _number(words, least, most)
    return Kind(words, lambda value: isinstance(value, int) and inner.fits(value))


def is_table(value: Any) -> bool:
    """Tell whether a value is a table."""
    return isinstance(value, dict)


def is_text(value: Any) -> bool:
    """Tell whether a value is a text that says something."""
    return isinstance(value, str) and bool(value)


def _is_rate(value: Any) -> bool:
    return not isinstance(value, bool) and rate_of(str(value)) is not None


OPTIONS: Mapping[str, Kind] = {
    "url": Kind("an address as text", is_text),
    "max_time": _number("a number of seconds, 1 or more", 1),
    "max_examples": _whole("a whole number, 1 or more", 1),
    "seed": _whole("a whole number, 0 or more", 0),
    "timeout": _number("a number of seconds, 0.1 or more", 0.1),
    "workers": _whole("a whole number from 1 to 64", 1, 64),
    "rate": Kind('a rate such as "20/s" or "100/m"', _is_rate),
    "stop_after": _whole("a whole number, 0 or more", 0),
    "baseline": Kind("the path of a file as text", is_text),
    "report": Kind("the path of a folder as text", is_text),
}

TABLES: Mapping[str, Kind] = {
    "credentials": Kind('a table such as { bearer = { env = "TOKEN" } }', is_table),
    "values": Kind('a table such as { location = ["L1"] }', is_table),
    "leave_out": Kind(
        "tables, each headed by [[fuzz.leave_out]]",
        lambda value: isinstance(value, list) and all(is_table(one) for one in value),
    ),
}

LEFT_OUT: Mapping[str, Kind] = {
    "clause": Kind("the id of a clause, or its beginning and .*", is_text),
    "reason": Kind("why it is left out, as text", is_text),
    "until": Kind(
        "the last day of it as a date without quotation marks, such as 2027-01-31",
        lambda value: isinstance(value, date) and not isinstance(value, datetime),
    ),
}
