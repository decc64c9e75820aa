"""JSON text that keeps numbers exact: integers of any size and decimals digit by digit."""

import json
from collections.abc import Mapping
from decimal import Decimal
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any


def to_text(value: Any) -> str:
    """Write a value in one line.

    Raises:
        TypeError: the value holds something that JSON has no word for.
    """
    return _write(value, ascii_only=False)


def to_bytes(value: Any) -> bytes:
    """Write a value for the wire, in UTF-8.

    A surrogate without its partner has no UTF-8 form and goes out as the escape it came in as.

    Raises:
        TypeError: the value holds something that JSON has no word for.
    """
    return _write(value, ascii_only=False).encode("utf-8", errors="backslashreplace")


def to_ascii(value: Any) -> str:
    """Write a value in ASCII: NUL and lone surrogates, which databases refuse, are escapes there.

    Raises:
        TypeError: the value holds something that JSON has no word for.
    """
    return _write(value, ascii_only=True)


def from_text(text: str | bytes) -> Any:
    """Read what this module wrote: integers as int, all other numbers as Decimal."""
    return json.loads(text, parse_float=Decimal)


def _write(value: Any, *, ascii_only: bool) -> str:  # noqa: PLR0911 (one for each type of JSON)
    quote = encode_basestring_ascii if ascii_only else encode_basestring
    match value:
        case str():
            return quote(value)
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return int.__repr__(value)
        case dict() | Mapping():
            members = [
                f"{quote(name)}:{_write(member, ascii_only=ascii_only)}"
                for name, member in value.items()
            ]
            return f"{{{','.join(members)}}}"
        case list() | tuple():
            elements = [_write(element, ascii_only=ascii_only) for element in value]
            return f"[{','.join(elements)}]"
        case Decimal() | float() if Decimal(value).is_finite():
            return str(value)
        case _:
            raise TypeError(f"JSON has no form for {value!r}")
