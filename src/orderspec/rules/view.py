"""How rules see JSON: nulls are absent members, numbers stay exact or become decimal strings."""

from decimal import Decimal
from typing import Any

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1


def to_cel(value: Any) -> Any:
    """Turn a decoded JSON value into what the CEL library can carry without loss.

    A member that is null is left out: in a rule, null and absent are the same. A number that
    neither int64 nor a double carries exactly becomes a decimal string, which the functions of
    `orderspec.rules.functions` read as a number and CEL's own operators refuse.
    """
    match value:
        case str():
            return _text(value)
        case dict():
            return {_text(name): to_cel(item) for name, item in value.items() if item is not None}
        case list() | tuple():
            return [to_cel(item) for item in value]
        case int() if not isinstance(value, bool):
            return value if INT64_MIN <= value <= INT64_MAX else str(value)
        case Decimal():
            return _double(value)
    return value


def _text(text: str) -> str:
    """Replace lone surrogates, which no UTF-8 text can hold."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _double(value: Decimal) -> Any:
    if not value.is_finite():
        return str(value)
    if value == value.to_integral_value() and INT64_MIN <= value <= INT64_MAX:
        return int(value)
    double = float(value)
    return double if Decimal(repr(double)) == value else str(value)


def to_number(value: Any) -> Decimal | None:
    """Read a number or a decimal string exactly; None for anything else."""
    match value:
        case bool():
            return None
        case int():
            return Decimal(value)
        case Decimal():
            return value
        case float():
            return Decimal(repr(value))
        case str():
            return _from_text(value)
        case _:
            return None


def _from_text(text: str) -> Decimal | None:
    digits = text.removeprefix("-")
    whole, _, fraction = digits.partition(".")
    if not (whole.isascii() and whole.isdigit()):
        return None
    if "." in digits and not (fraction.isascii() and fraction.isdigit()):
        return None
    return Decimal(text)


def from_number(value: Decimal) -> int | str:
    """Give a number back to CEL: an int where it is whole and fits, else a decimal string."""
    if value == value.to_integral_value() and INT64_MIN <= value <= INT64_MAX:
        return int(value)
    return format(value.normalize(), "f")
