"""Words for text that is not JSON: what stands there, what JSON asks for, and what to do."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from itertools import takewhile

MAX_DEPTH = 250
"""Levels of nesting that are read. orjson writes 254 and jsonschema-rs converts 255 levels; a
value must still fit once a report has wrapped it."""

MAX_DIGITS = 4300
"""Digits of the longest number that is read, written out without an exponent: what Python turns
into an int (`sys.int_info.default_max_str_digits`), so that every number read can be printed."""


class Expected(Enum):
    """What JSON allows next, worded for messages."""

    DOCUMENT = "a JSON value"
    FIRST_NAME = "a member name in double quotes or }"
    NAME = "a member name in double quotes"
    COLON = "a colon after the member name"
    MEMBER = "the member's value"
    FIRST_ITEM = "a value or ]"
    ITEM = "a value"
    NEXT_MEMBER = "a comma or }"
    NEXT_ITEM = "a comma or ]"
    NOTHING = "the end of the text"


@dataclass(frozen=True, slots=True)
class Flaw:
    """The first thing wrong in a text.

    Attributes:
        offset: where, in characters from 0.
        message: what is wrong, without the place.
        hint: what to do about it.
    """

    offset: int
    message: str
    hint: str


_WORD_CHARACTER = re.compile(r"[-\w$]")
_NOT_JSON_WORDS = {
    "NaN": ("NaN is not JSON: JSON has no such number", "Write null, or leave the member out."),
    "Infinity": (
        "Infinity is not JSON: JSON has no such number",
        "Write null, or leave the member out.",
    ),
    "True": ("True is Python, not JSON", "Write true."),
    "False": ("False is Python, not JSON", "Write false."),
    "None": ("None is Python, not JSON", "Write null."),
    "undefined": ("undefined is JavaScript, not JSON", "Write null, or leave the member out."),
}
_FOREIGN = {
    "'": ("single quotes do not make a string in JSON", 'Use double quotes: "…".'),
    "`": ("backquotes do not make a string in JSON", 'Use double quotes: "…".'),
    "\N{LEFT DOUBLE QUOTATION MARK}": (
        "typographic quotes do not make a string in JSON",
        'Use straight double quotes: "…".',
    ),
    "\N{RIGHT DOUBLE QUOTATION MARK}": (
        "typographic quotes do not make a string in JSON",
        'Use straight double quotes: "…".',
    ),
    "#": ("comments are not JSON", "Take the comment out."),
    "//": ("comments are not JSON", "Take the comment out."),
    "/*": ("comments are not JSON", "Take the comment out."),
}
_SHOWN_CHARACTERS = 40
_SPACE = " \t\r\n"
_CONTROL_ESCAPES = {"\b": "\\b", "\f": "\\f", "\t": "\\t"}


def too_deep(offset: int) -> Flaw:
    """Say that nesting goes beyond `MAX_DEPTH`."""
    return Flaw(
        offset,
        f"arrays and objects are nested more than {MAX_DEPTH} levels deep",
        "Flatten the document; no order needs so many levels.",
    )


def too_long_a_number(offset: int) -> Flaw:
    """Say that a number needs more than `MAX_DIGITS` digits."""
    return Flaw(
        offset,
        f"the number has more than {MAX_DIGITS} digits when written out",
        "Check the digits and the exponent; a value of that size cannot be an amount.",
    )


def repeated_name(offset: int, name: str, first_line: int) -> Flaw:
    """Say that an object has two members of one name."""
    return Flaw(
        offset,
        f'the member name "{name}" stands twice in one object, first on line {first_line}',
        "Keep one of the two: readers disagree on which one counts.",
    )


def bad_word(offset: int, word: str) -> Flaw:
    """Explain a run of letters, digits and signs that is neither a number nor a JSON literal."""
    bare = word.lstrip("+-")
    if bare in _NOT_JSON_WORDS:
        return Flaw(offset, *_NOT_JSON_WORDS[bare])
    if bare.lower() in {"true", "false", "null", "nan", "inf", "infinity"}:
        return Flaw(offset, f"{word} is not JSON", "JSON has true, false and null, in lower case.")
    if re.match(r"[+-]?\.?\d|[+-]", word):
        return Flaw(offset, *_bad_number(word))
    return Flaw(offset, f"{_clip(word)} has no quotes", f'A string is written "{_clip(word)}".')


def _bad_number(word: str) -> tuple[str, str]:
    shown = _clip(word)
    if word.startswith("+"):
        return f"{shown} has a plus sign", "A JSON number has a minus sign or none."
    if re.match(r"-?0[xXoObB]", word):
        return f"{shown} is no decimal number", "Write the number in decimal digits."
    if re.match(r"-?0\d", word):
        plain = re.sub(r"^(-?)0+(?=\d)", r"\1", word)
        return (
            f"{shown} has a leading zero",
            f'Write {_clip(plain)}, or "{shown}" if it is a code.',
        )
    if re.match(r"-?\.|-?\d+\.(?!\d)", word):
        return f"{shown} lacks a digit beside its decimal point", "Write 0.5 or 5.0."
    return f"{shown} is not a JSON number", f'Write digits only, or "{shown}" if it is text.'


def bad_string(text: str, start: int, stop: int) -> Flaw:
    """Explain a string that opens at `start` and breaks at `stop`."""
    char = text[stop : stop + 1]
    if char in {"", "\n", "\r"}:
        return Flaw(
            start,
            "the string that starts here has no closing quote",
            'End it with "; a line break inside a string is written \\n.',
        )
    if char == "\\":
        return Flaw(stop, *_bad_escape(text, stop))
    escape = _CONTROL_ESCAPES.get(char, f"\\u{ord(char):04x}")
    return Flaw(
        stop,
        f"a control character ({_name_of(char)}) stands bare in a string",
        f"Write it as {escape}.",
    )


def _bad_escape(text: str, offset: int) -> tuple[str, str]:
    if text[offset + 1 : offset + 2] == "u":
        return (
            f"{_clip(text[offset : offset + 6])} is no JSON escape",
            "\\u takes four hexadecimal digits.",
        )
    return (
        f"{_clip(text[offset : offset + 2])} is no JSON escape",
        'A backslash itself is written \\\\; JSON knows \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX.',
    )


def lone_surrogate(offset: int, escape: str) -> Flaw:
    r"""Say that a ``\uD8xx`` escape lacks its other half, so that it is no character."""
    return Flaw(
        offset,
        f"{escape} is half of a character",
        "A character beyond U+FFFF takes two escapes: \\ud83d\\ude00, or stands as itself.",
    )


def unexpected(
    text: str, offset: int, expected: Expected, *, previous: int, opened: tuple[str, int] | None
) -> Flaw:
    """Explain a character that JSON does not allow where it stands.

    Args:
        text: the whole text.
        offset: where the walk stopped.
        expected: what JSON allows there.
        previous: offset of the token before, such as the comma of a trailing comma.
        opened: the innermost open bracket and the line that it stands on.
    """
    char = text[offset : offset + 1]
    if not char:
        return _end(len(text.rstrip(_SPACE)), expected, opened)
    foreign = _FOREIGN.get(char) or _FOREIGN.get(text[offset : offset + 2])
    if foreign:
        return Flaw(offset, *foreign)
    if char in "]}":
        return _closing(offset, char, expected, previous=previous, opened=opened)
    if char == ",":
        return _comma(offset, expected)
    if char in '"[{' or _WORD_CHARACTER.match(char):
        return _unseparated(text, offset, expected)
    return Flaw(
        offset,
        f"{expected.value} is expected here, not {_name_of(char)}",
        "Take it out or quote it.",
    )


def _end(offset: int, expected: Expected, opened: tuple[str, int] | None) -> Flaw:
    if opened is None:
        return Flaw(0, "the text is empty", "A JSON document has at least one value, such as {}.")
    bracket, line = opened
    kind, closer = ("object", "}") if bracket == "{" else ("array", "]")
    return Flaw(
        offset,
        f"unexpected end: {expected.value} is missing for the {kind} opened on line {line}",
        f"Close it with {closer}, or look whether the text was cut off. In JSON Lines, a document "
        "is one line.",
    )


def _closing(
    offset: int,
    char: str,
    expected: Expected,
    *,
    previous: int,
    opened: tuple[str, int] | None,
) -> Flaw:
    if expected in {Expected.NAME, Expected.ITEM}:
        return Flaw(previous, f"trailing comma before {char}", "Take the comma out.")
    if expected in {Expected.COLON, Expected.MEMBER}:
        return Flaw(
            offset, "the member has no value", 'A member is written "name": value; null is a value.'
        )
    if opened is None:
        return Flaw(offset, f"one {char} too many", "Take it out, or add the bracket it closes.")
    bracket, line = opened
    return Flaw(
        offset,
        f"{char} cannot close the {bracket} opened on line {line}",
        f"Write {'}' if bracket == '{' else ']'} here, or look for a bracket missing before it.",
    )


def _comma(offset: int, expected: Expected) -> Flaw:
    if expected is Expected.NOTHING:
        return Flaw(
            offset,
            "a comma stands after the document",
            "Take it out; several values belong in an array.",
        )
    if expected in {Expected.COLON, Expected.MEMBER}:
        return Flaw(
            offset, "the member has no value", 'A member is written "name": value; null is a value.'
        )
    return Flaw(
        offset,
        f"a comma where {expected.value} is expected",
        "Take the comma out, or write the value that it follows.",
    )


def _unseparated(text: str, offset: int, expected: Expected) -> Flaw:
    """Explain something that could be fine, if only a sign or quotes were around it."""
    word = _clip("".join(takewhile(_WORD_CHARACTER.match, text[offset : offset + 99])))
    match expected:
        case Expected.FIRST_NAME | Expected.NAME:
            message = f"the member name {word} has no quotes" if word else "a name is not a string"
            return Flaw(offset, message, f'Member names are strings: "{word or "name"}".')
        case Expected.COLON:
            return Flaw(
                offset, "missing colon after the member name", _put_before("colon", text, offset)
            )
        case Expected.NEXT_MEMBER:
            return Flaw(offset, "missing comma between members", _put_before("comma", text, offset))
        case Expected.NEXT_ITEM:
            return Flaw(offset, "missing comma between items", _put_before("comma", text, offset))
        case _:
            return Flaw(
                offset,
                "a second document begins after the end of the first",
                "Several documents, one a line, are JSON Lines: name the file .jsonl. Several in "
                "one .json file belong in an array.",
            )


def _put_before(sign: str, text: str, offset: int) -> str:
    """Say where a sign belongs: behind the last thing before an offset, maybe some lines up."""
    before = text[:offset].rstrip(_SPACE)
    line = before.count("\n") + 1
    column = len(before) - before.rfind("\n")
    last = _clip(before[-1])
    hint = f"Put a {sign} after the {last} of line {line}, at column {column}."
    return f'{hint} A quote inside a string is written \\".' if last == '"' else hint


def _name_of(char: str) -> str:
    """Show a character so that an invisible one can be seen."""
    if char.isprintable() and not char.isspace():
        return char
    return f"U+{ord(char):04X} {unicodedata.name(char, '')}".rstrip()


def _clip(word: str) -> str:
    return word if len(word) <= _SHOWN_CHARACTERS else f"{word[:_SHOWN_CHARACTERS]}…"
