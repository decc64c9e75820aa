"""The words of CEL: names, signs and literals."""

import re
from collections.abc import Iterator
from math import isinf
from typing import NamedTuple

from orderspec.rules.view import INT64_MAX, INT64_MIN


class UnsupportedError(Exception):
    """The expression is outside the subset: the CEL library has to say what it means."""


CONSTANTS = {"true": True, "false": False, "null": None}
_TOKEN = re.compile(
    r"""
      (?P<blank>(?:[ \t\r\n\f]|//[^\r\n]*(?=[\n]|\Z))+)
    | (?P<double>(?:[0-9]+\.[0-9]+|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)
    | (?P<int>0x[0-9a-fA-F]+|[0-9]+)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<text>"(?!"")(?:[^"\\\r\n]|\\.)*"|'(?!'')(?:[^'\\\r\n]|\\.)*')
    | (?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%!<>?:.,()\[\]{}])
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_SURROGATES = frozenset(map(chr, range(0xD800, 0xE000)))
_ESCAPED = {
    **{letter: letter for letter in "\\\"'`?"},
    **dict(zip("abfnrtv", "\a\b\f\n\r\t\v", strict=True)),
}


class Token(NamedTuple):
    """One word.

    Attributes:
        kind: name, sign, int, double or text; end after the last one.
        text: as it is written.
    """

    kind: str
    text: str


END = Token("end", "")


def tokens(source: str) -> Iterator[Token]:
    """Split an expression; blanks and comments fall away."""
    place = 0
    while place < len(source):
        match = _TOKEN.match(source, place)
        if match is None or match.lastgroup is None:
            message = f"no token starts with {source[place]!r}"
            raise UnsupportedError(message)
        place = match.end()
        if match.lastgroup != "blank":
            yield Token(match.lastgroup, match.group())


def literal(kind: str, text: str) -> int | float | str | bool | None:
    """Read a literal.

    Raises:
        UnsupportedError: it is none, or beyond its type.
    """
    match kind:
        case "int":
            return _int(text)
        case "double":
            return _double(text)
        case "text":
            return _text(text)
    return CONSTANTS[text]


def _int(text: str) -> int:
    number = int(text, 16 if "x" in text else 10)
    if not INT64_MIN <= number <= INT64_MAX:
        message = f"{text} does not fit int64"
        raise UnsupportedError(message)
    return number


def _double(text: str) -> float:
    number = float(text)
    if isinf(number):
        message = f"{text} is beyond a double"
        raise UnsupportedError(message)
    return number


def _text(quoted: str) -> str:
    return _ESCAPE.sub(_unescaped, quoted[1:-1])


def _unescaped(match: re.Match[str]) -> str:
    code, letter = match.groups()
    character = chr(int(code, 16)) if code else _ESCAPED.get(letter, "")
    if not character or character in _SURROGATES:
        message = f"{match.group()} escapes nothing"
        raise UnsupportedError(message)
    return character
