"""Expressions of CEL as trees that evaluate themselves; mypyc compiles them.

They give the value that CEL gives, or `ABSENT` where CEL finds a member absent, or raise something
where they cannot tell. `orderspec.rules.compiled` can explain what it finds; these can only pass
or doubt, many times faster.
"""

from typing import Final

from orderspec.rules.operators import holder, indexed


class DoubtError(Exception):
    """It cannot be told quickly that a rule holds."""


class _Mark:
    """A value that no payload holds."""


ABSENT: Final = _Mark()
UNSET: Final = _Mark()


class Look:
    """What is learned of a payload.

    Attributes:
        left: how many elements may still be walked again.
        level: how deep the look is, in schemas.
        doubts: the rules that may find something.
    """

    def __init__(self, left: int) -> None:
        """Start with nothing found."""
        self.left, self.level = left, 0
        self.doubts: list[str] = []


class Frame:
    """The values of one place of a payload: variables, and what was computed once.

    Attributes:
        slots: a value for each slot of the tree; the first one is `self`.
        look: what is learned of the payload.
    """

    def __init__(self, value: object, size: int, look: Look) -> None:
        """Start with nothing but the value itself."""
        self.slots: list[object] = [UNSET] * size
        self.slots[0] = value
        self.look = look


class Expression:
    """What has a value in a frame."""

    def value(self, frame: Frame) -> object:
        """Evaluate.

        Returns:
            The value, or `ABSENT`.

        Raises:
            DoubtError: it cannot be told; so says any other exception.
        """
        raise NotImplementedError


class Constant(Expression):
    """A literal."""

    def __init__(self, value: object) -> None:
        """Keep the value."""
        self._value = value

    def value(self, frame: Frame) -> object:
        """Give it."""
        del frame
        return self._value


class Variable(Expression):
    """`self`, or what a macro binds."""

    def __init__(self, slot: int) -> None:
        """Keep its place in frames."""
        self.slot = slot

    def value(self, frame: Frame) -> object:
        """Read it."""
        return frame.slots[self.slot]


class Shared(Expression):
    """An expression whose value is computed once, until its slot is `UNSET` again.

    Attributes:
        slot: the place of its value in frames.
    """

    def __init__(self, slot: int, expression: Expression) -> None:
        """Keep the parts."""
        self.slot, self._expression = slot, expression

    def value(self, frame: Frame) -> object:
        """Compute it, or read what was computed."""
        value = frame.slots[self.slot]
        if value is UNSET:
            value = self._expression.value(frame)
            frame.slots[self.slot] = value
        return value


def _followed(value: object, names: list[str]) -> object:
    for name in names:
        if not isinstance(value, dict):
            return stopped(value)
        value = value.get(name, ABSENT)
    return value


def stopped(value: object) -> object:
    """Give `ABSENT` on; whatever else it is, is of no use here.

    Raises:
        DoubtError: it is something else.
    """
    if value is ABSENT:
        return ABSENT
    raise DoubtError


class Path(Expression):
    """``root.a.b.c``."""

    def __init__(self, root: Expression, names: list[str]) -> None:
        """Keep the names in their order."""
        self._root, self._names = root, names

    def value(self, frame: Frame) -> object:
        """Read the member."""
        return _followed(self._root.value(frame), self._names)


class VariablePath(Expression):
    """A path from a variable, as most are."""

    def __init__(self, variable: Variable, names: list[str]) -> None:
        """Keep the names in their order."""
        self._slot, self._names = variable.slot, names

    def value(self, frame: Frame) -> object:
        """Read the member."""
        return _followed(frame.slots[self._slot], self._names)


class HasMember(Expression):
    """``has(operand.name)``."""

    def __init__(self, operand: Expression, name: str) -> None:
        """Keep the parts."""
        self._operand, self._name = operand, name

    def value(self, frame: Frame) -> object:
        """Ask for the member."""
        value = self._operand.value(frame)
        return self._name in value if isinstance(value, dict) else stopped(value)


class Item(Expression):
    """``operand[key]``."""

    def __init__(self, operand: Expression, key: Expression) -> None:
        """Keep the parts."""
        self._operand, self._key = operand, key

    def value(self, frame: Frame) -> object:
        """Read the element."""
        value = self._operand.value(frame)
        if value is ABSENT:
            return ABSENT
        held = holder(value)
        key = self._key.value(frame)
        if key is ABSENT:
            return ABSENT
        try:
            return indexed(held, key)
        except KeyError:
            return ABSENT


class MakeList(Expression):
    """``[a, b]``."""

    def __init__(self, elements: list[Expression]) -> None:
        """Keep the elements."""
        self._elements = elements

    def value(self, frame: Frame) -> object:
        """Make the list."""
        found: list[object] = []
        for element in self._elements:
            value = element.value(frame)
            if value is ABSENT:
                return ABSENT
            found.append(value)
        return found


class MakeMap(Expression):
    """``{"a": b}``."""

    def __init__(self, names: list[str], values: list[Expression]) -> None:
        """Keep names and values in the same order."""
        self._names, self._values = names, values

    def value(self, frame: Frame) -> object:
        """Make the map."""
        found: dict[str, object] = {}
        for name, expression in zip(self._names, self._values, strict=True):
            value = expression.value(frame)
            if value is ABSENT:
                return ABSENT
            found[name] = value
        return found
