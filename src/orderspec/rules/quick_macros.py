"""Macros of CEL as trees that evaluate themselves; see `quick_nodes`."""

from orderspec.rules.quick_nodes import ABSENT, DoubtError, Expression, Frame, stopped


class Walk:
    """What a macro walks.

    Attributes:
        slot: the place of the element in frames.
    """

    def __init__(self, elements: Expression, slot: int, *, counts: bool) -> None:
        """Keep the list; where it is walked again and again, that `counts`."""
        self._elements, self.slot, self._counts = elements, slot, counts

    def listed(self, frame: Frame) -> list[object] | None:
        """Give the elements; None if the list is absent."""
        value = self._elements.value(frame)
        if not isinstance(value, list):
            stopped(value)
            return None
        if self._counts:
            frame.look.left -= len(value)
            if frame.look.left < 0:
                raise DoubtError
        return value


class Quantified(Expression):
    """``elements.all(element, condition)``, or ``exists``: the first that decides or fails."""

    def __init__(self, walk: Walk, condition: Expression, *, decisive: bool) -> None:
        """Keep the parts; `decisive` is what one element decides by."""
        self._walk, self._condition, self._decisive = walk, condition, decisive

    def value(self, frame: Frame) -> object:
        """Ask element after element."""
        elements = self._walk.listed(frame)
        if elements is None:
            return ABSENT
        decisive, slot, slots = self._decisive, self._walk.slot, frame.slots
        for element in elements:
            slots[slot] = element
            asked = self._condition.value(frame)
            if asked is ABSENT:
                return ABSENT
            if _is_true(asked) is decisive:
                return decisive
        return not decisive


class ExistsOne(Expression):
    """``elements.exists_one(element, condition)``."""

    def __init__(self, walk: Walk, condition: Expression) -> None:
        """Keep the parts."""
        self._walk, self._condition = walk, condition

    def value(self, frame: Frame) -> object:
        """Ask every element."""
        elements = self._walk.listed(frame)
        if elements is None:
            return ABSENT
        slot, slots, count = self._walk.slot, frame.slots, 0
        for element in elements:
            slots[slot] = element
            asked = self._condition.value(frame)
            if asked is ABSENT:
                return ABSENT
            if _is_true(asked):
                count += 1
        return count == 1


class Mapped(Expression):
    """``elements.map(element, result)`` or ``filter``, of what meets a condition."""

    def __init__(self, walk: Walk, condition: Expression | None, result: Expression) -> None:
        """Keep the parts."""
        self._walk, self._condition, self._result = walk, condition, result

    def value(self, frame: Frame) -> object:
        """Make the list."""
        elements = self._walk.listed(frame)
        if elements is None:
            return ABSENT
        slot, slots, condition = self._walk.slot, frame.slots, self._condition
        found: list[object] = []
        for element in elements:
            slots[slot] = element
            if condition is not None:
                asked = condition.value(frame)
                if asked is ABSENT:
                    return ABSENT
                if not _is_true(asked):
                    continue
            value = self._result.value(frame)
            if value is ABSENT:
                return ABSENT
            found.append(value)
        return found


def _is_true(value: object) -> bool:
    if value is True:
        return True
    if value is False:
        return False
    raise DoubtError
