"""Most payloads are right: tell so at little more than the cost of parsing them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson

from orderspec.contract.build import RULES
from orderspec.contract.model import Contract
from orderspec.rules.quick_nodes import DoubtError
from orderspec.rules.tokens import UnsupportedError
from orderspec.validation.digits import Numbers, numbers_of, quotes
from orderspec.validation.engine import Options, wanted_of
from orderspec.validation.flaws import MAX_DEPTH
from orderspec.validation.quick_survey import Survey
from orderspec.validation.schemas import schemas_of

if TYPE_CHECKING:
    from orderspec.validation.screen import Screen

_ENOUGH = 20
_LEVELS = 254 - MAX_DEPTH
# How fractions that are whole numbers end.
_WHOLE = (b".0,", b".0}", b".0]")
_NOTHING: tuple[str, ...] = ()
Doubts = Sequence[str] | None
"""The rules that may find something, if nothing else can; empty where surely nothing is to be
found; None where anything may be."""


@dataclass(frozen=True, slots=True)
class _Screens:
    """What looks at a payload that is valid by its schema.

    Attributes:
        marks: looks for deprecated members, and read-only ones.
        members: looks for members that no schema names.
        rules: looks at the rules.
    """

    marks: "Screen | None"
    members: "Screen | None"
    rules: "Screen | None"

    def doubts(self, value: Any, *, has_nulls: bool, has_whole: bool) -> Doubts:
        """Look at a value.

        Args:
            value: the value.
            has_nulls: whether there may be null in it.
            has_whole: whether there may be doubles that are whole numbers.
        """
        if self.marks is not None and self.marks.doubts(value) is None:
            return None
        if self.members is not None and self.members.doubts(value) is None:
            return None
        if self.rules is None:
            return _NOTHING
        if has_nulls and self.rules.chooses:
            return None
        return self.rules.doubts(_as_rules_see(value) if has_nulls or has_whole else value)


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
            value = orjson.loads(text)
            return self._doubts(text, value, orjson.dumps([[[[value]]]]), screens)
        except (ValueError, TypeError, RecursionError):
            return None

    def doubts_value(self, payload: Any) -> Doubts:
        """Look at a value that was parsed elsewhere."""
        screens = self._screens or self._written()
        if screens is None:
            return None
        survey = Survey(MAX_DEPTH, is_foreign=True)
        try:
            survey.take(payload)
            if survey.has_fractions and numbers_of(*_written_back(payload)) is Numbers.DOUBTFUL:
                return None
            if not self._accepts(payload):
                return None
        except (ValueError, TypeError, RecursionError, DoubtError):
            return None
        return screens.doubts(
            payload, has_nulls=survey.has_nulls, has_whole=survey.has_whole_fractions
        )

    def _doubts(self, text: bytes, value: Any, nested: bytes, screens: "_Screens") -> Doubts:
        # Deeper than `MAX_DEPTH` levels it could not have been written within so many lists.
        written = nested[_LEVELS:-_LEVELS]
        is_rewritten = written != text
        if is_rewritten and quotes(written) != quotes(text):
            return None
        # Written back alike, no digit was lost that shape alone could tell from another.
        is_asked = is_rewritten or self._needs_digits
        numbers = numbers_of(text, nested) if is_asked else Numbers.INTS
        if numbers is Numbers.DOUBTFUL or not self._accepts(value):
            return None
        has_whole = numbers is not Numbers.INTS and any(end in nested for end in _WHOLE)
        return screens.doubts(value, has_nulls=b"null" in nested, has_whole=has_whole)

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
            self._screens = _Screens(
                screen_of(self._contract, self._reference, self._wanted - {RULES}),
                names_screen_of(self._contract, self._reference) if self._is_strict else None,
                screen_of(self._contract, self._reference, self._wanted & {RULES}),
            )
        except UnsupportedError:
            self._is_possible = False
        return self._screens


def _written_back(value: Any) -> tuple[bytes, bytes]:
    """Write a value as JSON, and a list around it."""
    text = orjson.dumps(value)
    return text, b"[%s]" % text


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
