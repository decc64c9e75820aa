"""Find the first place where a text stops being JSON, in linear time and without recursion.

The fast parser only says *that* a text is wrong. This walk is for the texts it refused: it knows
which bracket is open and what came before, so that the flaw can be named.
"""

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orderspec.validation import exact, flaws
from orderspec.validation.flaws import Expected, Flaw
from orderspec.validation.nesting import is_too_deep

if TYPE_CHECKING:
    from collections.abc import Callable

_SPACE = re.compile(r"[ \t\n\r]*")
_WORD = re.compile(r"[-+.\w$]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_STRING_PART = re.compile(r'(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+')
_LONE_SURROGATE = re.compile(
    r"(?:[^\\]++|\\[^u]|\\u(?![dD][89a-fA-F])....|\\u[dD][89abAB]..\\u[dD][c-fC-F]..)*+(\\u....)",
    re.DOTALL,
)
SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_LITERALS = frozenset({"true", "false", "null"})
_SKIPPED_LEVELS = 8


@dataclass(slots=True)
class _Container:
    """An open bracket, and for an object the offsets of the names met so far."""

    bracket: str
    offset: int
    names: dict[str, int] = field(default_factory=dict)


def find_flaw(text: str) -> Flaw | None:
    """Return the first flaw of a text, or None if it is one JSON document that can be read.

    Besides the grammar of RFC 8259 this asks for what exact reading needs: member names that are
    unique in their object, no half characters, and the limits of `flaws`.
    """
    return _Walk(text).first_flaw()


class _Walk:
    """The state of one pass: where it is, what may come next, and which brackets are open."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._offset = 0
        self._previous = 0
        self._expected = Expected.DOCUMENT
        # The parser recurses, and does not mind half characters: where these are, it is no help.
        self._skips = not is_too_deep(text) and not SURROGATE_ESCAPE.search(text)
        self._open: list[_Container] = []
        self._steps: dict[Expected, Callable[[str], Flaw | None]] = {
            Expected.DOCUMENT: self._value,
            Expected.FIRST_NAME: self._name,
            Expected.NAME: self._name,
            Expected.COLON: self._colon,
            Expected.MEMBER: self._value,
            Expected.FIRST_ITEM: self._value,
            Expected.ITEM: self._value,
            Expected.NEXT_MEMBER: self._next,
            Expected.NEXT_ITEM: self._next,
            Expected.NOTHING: lambda _: self._unexpected(),
        }

    def first_flaw(self) -> Flaw | None:
        while True:
            space = _SPACE.match(self._text, self._offset)
            self._offset = space.end() if space else self._offset
            char = self._text[self._offset : self._offset + 1]
            if not char and self._expected is Expected.NOTHING:
                return None
            flaw = self._steps[self._expected](char)
            if flaw:
                return flaw

    def _name(self, char: str) -> Flaw | None:
        if char == "}" and self._expected is Expected.FIRST_NAME:
            self._close()
            return None
        if char != '"':
            return self._unexpected()
        start = self._offset
        flaw = self._string()
        if flaw:
            return flaw
        name = json.loads(self._text[start : self._offset])
        names = self._open[-1].names
        if name in names:
            return flaws.repeated_name(start, name, self._line(names[name]))
        names[name] = start
        self._expected = Expected.COLON
        return None

    def _colon(self, char: str) -> Flaw | None:
        if char != ":":
            return self._unexpected()
        self._advance(Expected.MEMBER)
        return None

    def _value(self, char: str) -> Flaw | None:
        if char and char in "[{":
            return None if self._skip() else self._enter(char)
        if char == "]" and self._expected is Expected.FIRST_ITEM:
            self._close()
            return None
        flaw = self._string() if char == '"' else self._word()
        self._after_value()
        return flaw

    def _next(self, char: str) -> Flaw | None:
        in_object = self._expected is Expected.NEXT_MEMBER
        if char == ",":
            self._advance(Expected.NAME if in_object else Expected.ITEM)
            return None
        if char != ("}" if in_object else "]"):
            return self._unexpected()
        self._close()
        return None

    def _skip(self) -> bool:
        """Pass a flawless array or object at the speed of the parser.

        Only on the outer levels: a flawed one is parsed once a level, which must stay linear.
        """
        if not self._skips or len(self._open) >= _SKIPPED_LEVELS:
            return False
        try:
            _, self._offset = exact.DECODER.raw_decode(self._text, self._offset)
        except ValueError:
            return False
        self._after_value()
        return True

    def _enter(self, bracket: str) -> Flaw | None:
        if len(self._open) == flaws.MAX_DEPTH:
            return flaws.too_deep(self._offset)
        self._open.append(_Container(bracket, self._offset))
        self._advance(Expected.FIRST_NAME if bracket == "{" else Expected.FIRST_ITEM)
        return None

    def _close(self) -> None:
        self._open.pop()
        self._offset += 1
        self._after_value()

    def _word(self) -> Flaw | None:
        match = _WORD.match(self._text, self._offset)
        word = match[0] if match else ""
        if not word:
            return self._unexpected()
        if _NUMBER.fullmatch(word):
            if not exact.is_readable_number(word):
                return flaws.too_long_a_number(self._offset)
        elif word not in _LITERALS:
            return flaws.bad_word(self._offset, word)
        self._offset += len(word)
        return None

    def _string(self) -> Flaw | None:
        start = self._offset
        part = _STRING_PART.match(self._text, start + 1)
        stop = part.end() if part else start + 1
        if self._text[stop : stop + 1] != '"':
            return flaws.bad_string(self._text, start, stop)
        half = _LONE_SURROGATE.match(self._text, start + 1, stop)
        if half:
            return flaws.lone_surrogate(half.start(1), half[1])
        self._previous = start
        self._offset = stop + 1
        return None

    def _after_value(self) -> None:
        if not self._open:
            self._expected = Expected.NOTHING
        elif self._open[-1].bracket == "{":
            self._expected = Expected.NEXT_MEMBER
        else:
            self._expected = Expected.NEXT_ITEM

    def _advance(self, expected: Expected) -> None:
        self._previous = self._offset
        self._offset += 1
        self._expected = expected

    def _unexpected(self) -> Flaw:
        opened = self._open[-1] if self._open else None
        return flaws.unexpected(
            self._text,
            self._offset,
            self._expected,
            previous=self._previous,
            opened=(opened.bracket, self._line(opened.offset)) if opened else None,
        )

    def _line(self, offset: int) -> int:
        return self._text.count("\n", 0, offset) + 1
