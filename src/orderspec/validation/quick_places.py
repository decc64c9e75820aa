"""The places of payloads that a contract's own keywords apply to, with what is asked there.

See `orderspec.validation.screen`; mypyc compiles it.
"""

from collections.abc import Callable, Collection

from orderspec.rules.quick_nodes import ABSENT, UNSET, DoubtError, Expression, Frame, Look
from orderspec.validation.plan import DEEPEST


class QuickRule:
    """A rule whose trees pass, or doubt.

    Attributes:
        clause: its id.
    """

    def __init__(self, clause: str, conditions: list[Expression], check: Expression) -> None:
        """Keep the parts of the rule's condition, all of which hold where it applies."""
        self.clause, self._conditions, self._check = clause, conditions, check

    def ask(self, frame: Frame) -> None:
        """Add the rule to the doubts unless it surely holds, or does not apply."""
        try:
            if not self._is_right(frame):
                frame.look.doubts.append(self.clause)
        except Exception:  # noqa: BLE001 (whatever fails here is judged with care)
            frame.look.doubts.append(self.clause)

    def _is_right(self, frame: Frame) -> bool:
        is_absent = False
        for condition in self._conditions:
            applies = condition.value(frame)
            if applies is False:
                return True
            if applies is ABSENT:
                is_absent = True
            elif applies is not True:
                return False
        if is_absent:
            return True
        holds = self._check.value(frame)
        return holds is True or holds is ABSENT


class RuleGroup:
    """Rules about the value itself."""

    def __init__(self, rules: list[QuickRule]) -> None:
        """Keep the rules."""
        self._rules = rules

    def ask(self, frame: Frame) -> None:
        """Ask every rule."""
        for rule in self._rules:
            rule.ask(frame)


class ElementRules(RuleGroup):
    """Rules about each element of a list."""

    def __init__(
        self, rules: list[QuickRule], elements: Expression, slot: int, slots: list[int]
    ) -> None:
        """Keep the rules, the list, the slot of its element and of what is computed of it."""
        super().__init__(rules)
        self._elements, self._slot, self._slots = elements, slot, slots

    def ask(self, frame: Frame) -> None:
        """Ask every rule of each element."""
        try:
            elements = self._elements.value(frame)
        except Exception:  # noqa: BLE001 (whatever fails here is judged with care)
            frame.look.doubts.extend([rule.clause for rule in self._rules])
            return
        if not isinstance(elements, list):
            return
        slots = frame.slots
        for element in elements:
            slots[self._slot] = element
            for slot in self._slots:
                slots[slot] = UNSET
            for rule in self._rules:
                rule.ask(frame)


class Place:
    """A value of payloads, and where it leads to.

    Attributes:
        members: of an object, by name.
        known: the names that the contract knows.
        others: for members of any other name.
        elements: for each element of a list.
    """

    def __init__(self) -> None:
        """Start with nothing below: places may lead to themselves."""
        self.members: list[tuple[str, Place]] = []
        self.known: Collection[str] = frozenset()
        self.others: Place | None = None
        self.elements: Place | None = None

    def look(self, value: object, look: Look) -> None:
        """Look at a value and all below it.

        Raises:
            DoubtError: it cannot be told what may be found; so says any other exception.
        """
        if isinstance(value, dict):
            self._look_at_members(value, look)
        elif isinstance(value, list) and self.elements is not None:
            for element in value:
                self.elements.look(element, look)

    def _look_at_members(self, value: dict[str, object], look: Look) -> None:
        for name, place in self.members:
            if name in value:
                place.look(value[name], look)
        if self.others is not None:
            for name, item in value.items():
                if name not in self.known:
                    self.others.look(item, look)


class Choice:
    """A schema that applies to values which are valid against it."""

    def __init__(
        self, accepts: Callable[[object], bool], place: "ClausePlace", *, is_sure: bool
    ) -> None:
        """Keep what asks whether a value is valid; where `is_sure`, only null has to be asked."""
        self._accepts, self._place, self._is_sure = accepts, place, is_sure

    def look(self, value: object, look: Look) -> None:
        """Look where it applies."""
        if (self._is_sure and value is not None) or self._accepts(value):
            self._place.look(value, look)


class Condition:
    """Schemas that apply if a value is valid against another, and those that apply if not."""

    def __init__(
        self,
        accepts: Callable[[object], bool],
        then: "list[ClausePlace]",
        other: "list[ClausePlace]",
    ) -> None:
        """Keep the parts."""
        self._accepts, self._then, self._other = accepts, then, other

    def look(self, value: object, look: Look) -> None:
        """Look at what applies."""
        for place in self._then if self._accepts(value) else self._other:
            place.look(value, look)


class ClausePlace(Place):
    """A place with keywords of the contract's own, or one that leads to some.

    Attributes:
        is_marked: that there is a value is to be told.
        groups: the rules.
        size: how many slots their frames have.
        always: for the same value.
        choices: for the same value, if it is valid.
        condition: for the same value, after a condition.
    """

    def __init__(self) -> None:
        """Start with nothing to ask."""
        super().__init__()
        self.is_marked = False
        self.groups: list[RuleGroup] = []
        self.size = 1
        self.always: list[ClausePlace] = []
        self.choices: list[Choice] = []
        self.condition: Condition | None = None

    def look(self, value: object, look: Look) -> None:
        """Ask the rules, and look at all below."""
        if self.is_marked or look.level > DEEPEST:
            raise DoubtError
        look.level += 1
        if self.groups:
            frame = Frame(value, self.size, look)
            for group in self.groups:
                group.ask(frame)
        for place in self.always:
            place.look(value, look)
        for choice in self.choices:
            choice.look(value, look)
        if self.condition is not None:
            self.condition.look(value, look)
        super().look(value, look)
        look.level -= 1


class NamePlace(Place):
    """A place whose members have names that the contract knows, or any.

    Attributes:
        is_open: whether schemas are chosen from.
        is_naming: whether the contract names all members.
    """

    def __init__(self) -> None:
        """Start with any name."""
        super().__init__()
        self.is_open = False
        self.is_naming = False

    def look(self, value: object, look: Look) -> None:
        """Look for other names."""
        if self.is_open and isinstance(value, (dict, list)):
            raise DoubtError
        if self.is_naming and isinstance(value, dict):
            for name in value:
                if name not in self.known:
                    raise DoubtError
        super().look(value, look)
