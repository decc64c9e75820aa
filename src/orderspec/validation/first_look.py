"""Most payloads are right: tell so at little more than the cost of parsing them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from orderspec.contract.build import RULES
from orderspec.contract.model import Contract
from orderspec.rules.quick_nodes import DoubtError
from orderspec.rules.tokens import UnsupportedError
from orderspec.validation.digits import are_carried, strings
from orderspec.validation.engine import Options, wanted_of
from orderspec.validation.flaws import MAX_DEPTH
from orderspec.validation.quick_survey import Survey
from orderspec.validation.schemas import schemas_of

if TYPE_CHECKING:
    from orderspec.validation.screen import Screen

_ENOUGH = 20


@dataclass(frozen=True, slots=True)
class Doubts:
    """What may be found in a payload.

    Attributes:
        rules: the only rules that may find something; None: any may.
        is_right: whether surely nothing is to be found.
    """

    rules: frozenset[str] | None
    is_right: bool = False


RIGHT, ANYTHING = Doubts(frozenset(), is_right=True), Doubts(None)


@dataclass(frozen=True, slots=True)
class _Screens:
    """What looks at a payload, beside its shape.

    Attributes:
        marks: looks for deprecated members, and read-only ones.
        members: looks for members that no schema names.
        rules: looks at the rules.
    """

    marks: "Screen | None"
    members: "Screen | None"
    rules: "Screen | None"

    def doubts(self, value: Any, survey: Survey, *, is_valid: bool) -> Doubts:
        """Look at a value, of which a survey was taken, and which has the right shape or not."""
        # What is read-only may bind no rule.
        if self.marks is not None and self.marks.doubts(value) is None:
            return ANYTHING
        is_right = is_valid and (self.members is None or self.members.doubts(value) is not None)
        if self.rules is None:
            return RIGHT if is_right else Doubts(frozenset())
        if survey.has_nulls and self.rules.chooses:
            return ANYTHING
        is_seen = not (survey.has_nulls or survey.has_whole_fractions)
        rules = self.rules.doubts(value if is_seen else _as_rules_see(value))
        if rules is None:
            return ANYTHING
        return RIGHT if is_right and not rules else Doubts(frozenset(rules))


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
                made, which costs as much as judging some.
        """
        self._contract, self._reference = contract, reference
        self._wanted = wanted_of(options)
        self._accepts = schemas_of(contract).validator(reference).is_valid
        self._is_strict, self._is_possible = options.strict, True
        self._patience, self._asked = patience, 0
        self._screens: _Screens | None = None

    def doubts(self, text: bytes) -> Doubts:
        """Look at a text: is it JSON without a finding?"""
        screens = self._screens or self._made()
        if screens is None:
            return ANYTHING
        survey = Survey(MAX_DEPTH, is_foreign=False)
        try:
            value = orjson.loads(text)
            survey.take(value)
            if survey.strings != strings(text) or (survey.has_fractions and not are_carried(text)):
                return ANYTHING
            return screens.doubts(value, survey, is_valid=self._accepts(value))
        except (ValueError, TypeError, RecursionError, DoubtError):
            return ANYTHING

    def doubts_value(self, payload: Any) -> Doubts:
        """Look at a value that was parsed elsewhere."""
        screens = self._screens or self._made()
        if screens is None:
            return ANYTHING
        survey = Survey(MAX_DEPTH, is_foreign=True)
        try:
            survey.take(payload)
            # It refuses names that are no strings, and strings that UTF-8 cannot hold.
            text = orjson.dumps(payload)
            if survey.has_fractions and not are_carried(text):
                return ANYTHING
            return screens.doubts(payload, survey, is_valid=self._accepts(payload))
        except (ValueError, TypeError, RecursionError, DoubtError):
            return ANYTHING

    def prepare(self) -> None:
        """Make the screens now."""
        self._patience = 0
        self._made()

    def _made(self) -> "_Screens | None":
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
        except (UnsupportedError, RecursionError):
            self._is_possible = False
        return self._screens


def _as_rules_see(value: Any) -> Any:
    """Leave out members that are null, and read 7.0 as 7."""
    kind = type(value)
    if kind is dict:
        return {name: _as_rules_see(item) for name, item in value.items() if item is not None}
    if kind is list:
        return [_as_rules_see(item) for item in value]
    return int(value) if kind is float and value.is_integer() else value
