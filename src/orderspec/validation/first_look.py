"""Most payloads are right: tell so at little more than the cost of parsing them."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson

from orderspec.contract.build import RULES
from orderspec.contract.model import Contract
from orderspec.rules.tokens import UnsupportedError
from orderspec.validation.engine import Options, wanted_of
from orderspec.validation.flaws import MAX_DEPTH
from orderspec.validation.schemas import schemas_of

if TYPE_CHECKING:
    from orderspec.validation.screen import Screen

    _Screens = tuple[Screen | None, Screen | None, Screen | None]

# Digits and points become 0, so that numbers that matter are found by their look.
_LOOKS = bytes.maketrans(b"123456789.E+", b"0000000000e-")
# A double carries fifteen digits for sure.
_MANY_DIGITS = b"0" * 16
_ENOUGH = 20
_AS_JSON = (
    orjson.OPT_PASSTHROUGH_SUBCLASS
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
)
_LEVELS = 254 - MAX_DEPTH
# Nineteen digits, or sixteen with a point, or an exponent; it stands in no string.
_LOSSY = re.compile(rb"(?:[:\[,]|^)\s*-?(?:[0-9]{19}|(?=[0-9.]{17})[0-9]*\.|[0-9.]+[eE])")

_NOTHING: tuple[str, ...] = ()
Doubts = Sequence[str] | None
"""The rules that may find something, if nothing else can; empty where surely nothing is to be
found; None where anything may be."""


class FirstLook:
    """Tells of JSON texts what may be found in them, without the findings."""

    def __init__(
        self, contract: Contract, reference: str, options: Options, patience: int = _ENOUGH
    ) -> None:
        """Prepare for one schema.

        Args:
            contract: the contract.
            reference: JSON Pointer of the schema in the contract's document.
            options: what is judged, and who writes the payloads.
            patience: how many payloads with rules are left to others before their screen is
                written, which costs as much as judging some.
        """
        self._contract, self._reference = contract, reference
        self._wanted = wanted_of(options)
        self._accepts = schemas_of(contract).validator(reference).is_valid
        self._needs_digits = RULES in self._wanted or _has_fractions(contract.document)
        self._is_strict, self._is_possible = options.strict, True
        self._patience, self._asked = patience, 0
        self._screens: _Screens | None = None

    def doubts(self, text: bytes) -> Doubts:
        """Look at a text: is it JSON without a finding?"""
        screens = self._screens or self._written()
        if screens is None:
            return None
        try:
            return self._doubts(text, orjson.loads(text), *screens)
        except (ValueError, TypeError, RecursionError):
            return None

    def doubts_value(self, payload: Any) -> Doubts:
        """Look at a value that was parsed elsewhere."""
        screens = self._screens or self._written()
        if screens is None:
            return None
        try:
            text = orjson.dumps(payload, option=_AS_JSON)
            value = orjson.loads(text)
            # What is no JSON, and was written all the same, comes back as something else.
            return self._doubts(text, value, *screens) if value == payload else None
        except (ValueError, TypeError, RecursionError):
            return None

    def _doubts(
        self,
        text: bytes,
        value: Any,
        marks: "Screen | None",
        members: "Screen | None",
        rules: "Screen | None",
    ) -> Doubts:
        # Deeper than `MAX_DEPTH` levels this is more than orjson writes.
        written = orjson.dumps([[[[value]]]])[_LEVELS:-_LEVELS]
        if not (self._is_exact(text, written) and self._accepts(value)):
            return None
        if marks is not None and marks.doubts(value, written) is None:
            return None
        if members is not None and members.doubts(value) is None:
            return None
        if rules is None:
            return _NOTHING
        if b"null" in text:
            return None if rules.chooses else rules.doubts(_as_rules_see(value), written)
        outside = _outside_strings(written) or written
        if b".0," in outside or b".0}" in outside or b".0]" in outside or outside.endswith(b".0"):
            value = _as_rules_see(value)
        return rules.doubts(value, written)

    def _is_exact(self, text: bytes, written: bytes) -> bool:
        """Tell whether the fast parser lost nothing: no digit, and no member that stands twice."""
        if written == text:
            return not self._needs_digits or _is_carried(text)
        return _strings(text) == _strings(written) and _is_carried(text)

    def prepare(self) -> None:
        """Write the screens now."""
        self._patience = 0
        self._written()

    def _written(self) -> "_Screens | None":
        self._asked += 1
        if not self._is_possible or (RULES in self._wanted and self._asked <= self._patience):
            return None
        # Some documents need none of this.
        from orderspec.validation.names_screen import names_screen_of  # noqa: PLC0415 (see above)
        from orderspec.validation.screen import screen_of  # noqa: PLC0415 (see above)

        try:
            self._screens = (
                screen_of(self._contract, self._reference, self._wanted - {RULES}),
                names_screen_of(self._contract, self._reference) if self._is_strict else None,
                screen_of(self._contract, self._reference, self._wanted & {RULES}),
            )
        except UnsupportedError:
            self._is_possible = False
        return self._screens


def _strings(text: bytes) -> int:
    """Count strings by their quotes: a member that stands twice is parsed once."""
    if b"\\" in text:
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    return text.count(b'"')


def _is_carried(text: bytes) -> bool:
    """Tell whether doubles carry every number; those with an exponent are left to others."""
    looks = (_outside_strings(text) or text).translate(_LOOKS)
    is_plain = _MANY_DIGITS not in looks and b"0e" not in looks
    return is_plain or _LOSSY.search(text) is None


def _outside_strings(text: bytes) -> bytes:
    """Leave out all that stands in strings; nothing is left where a quote may be escaped."""
    return b"" if b"\\" in text else b"".join(text.split(b'"')[::2])


def _as_rules_see(value: Any) -> Any:
    """Leave out members that are null, and read 7.0 as 7."""
    kind = type(value)
    if kind is dict:
        return {name: _as_rules_see(item) for name, item in value.items() if item is not None}
    if kind is list:
        return [_as_rules_see(item) for item in value]
    return int(value) if kind is float and value.is_integer() else value


def _has_fractions(schema: Any) -> bool:
    """Tell whether a schema asks for multiples of a fraction, which digits decide."""
    if isinstance(schema, dict):
        step = schema.get("multipleOf")
        return (isinstance(step, float | Decimal) and step != int(step)) or any(
            map(_has_fractions, schema.values())
        )
    return isinstance(schema, list) and any(map(_has_fractions, schema))
