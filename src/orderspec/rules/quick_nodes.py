"""Expressions of CEL as trees that evaluate themselves; mypyc compiles them.

They give the value that CEL gives, or `ABSENT` where CEL finds a member absent, or raise something
where they cannot tell. `orderspec.rules.compiled` can explain what it finds; these can only pass
or doubt, many times faster.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from orderspec.rules.operators import equal, holder, indexed, size
from orderspec.rules.view import INT64_MAX, INT64_MIN

Operator = Callable[[object, object], object]


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
            return _stopped(value)
        value = value.get(name, ABSENT)
    return value


def _stopped(value: object) -> object:
    if value is ABSENT:
        return ABSENT
    raise DoubtError


def _is_true(value: object) -> bool:
    if value is True:
        return True
    if value is False:
        return False
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
        return self._name in value if isinstance(value, dict) else _stopped(value)


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


class Not(Expression):
    """``!operand``."""

    def __init__(self, operand: Expression) -> None:
        """Keep the operand."""
        self._operand = operand

    def value(self, frame: Frame) -> object:
        """Turn it over."""
        value = self._operand.value(frame)
        if value is True:
            return False
        return True if value is False else _stopped(value)


class Size(Expression):
    """``size(operand)``."""

    def __init__(self, operand: Expression) -> None:
        """Keep the operand."""
        self._operand = operand

    def value(self, frame: Frame) -> object:
        """Count."""
        value = self._operand.value(frame)
        if isinstance(value, list):
            return len(value)
        return ABSENT if value is ABSENT else size(value)


class Equal(Expression):
    """``left == right``, or ``left != right``."""

    def __init__(self, left: Expression, right: Expression, *, turned: bool) -> None:
        """Keep the sides."""
        self._left, self._right, self._turned = left, right, turned

    def value(self, frame: Frame) -> object:
        """Compare."""
        left = self._left.value(frame)
        if left is ABSENT:
            return ABSENT
        right = self._right.value(frame)
        if right is ABSENT:
            return ABSENT
        return _is_equal(left, right) is not self._turned


def _is_equal(left: object, right: object) -> bool:
    kind = type(left)
    if kind is type(right) and (kind is int or kind is str or kind is bool):
        return left == right
    if holds_decimal(left) or holds_decimal(right):
        raise DoubtError
    return equal(left, right)


def holds_decimal(value: object) -> bool:
    """Tell whether a value is, or holds, what is a number here and a text for CEL."""
    if isinstance(value, list):
        return any(holds_decimal(item) for item in value)
    if isinstance(value, dict):
        return any(holds_decimal(item) for item in value.values())
    return isinstance(value, Decimal)


class Contained(Expression):
    """``left in right``."""

    def __init__(self, left: Expression, right: Expression, contained: Operator) -> None:
        """Keep the sides, and the operator for all that is no list."""
        self._left, self._right, self._contained = left, right, contained

    def value(self, frame: Frame) -> object:
        """Look for it."""
        left = self._left.value(frame)
        if left is ABSENT:
            return ABSENT
        right = self._right.value(frame)
        if right is ABSENT:
            return ABSENT
        if not isinstance(right, list):
            return self._contained(left, right)
        return any(_is_equal(left, element) for element in right)


class ContainedText(Expression):
    """``left in ["a", "b"]``: whether a value is one of some texts."""

    def __init__(self, left: Expression, texts: list[str]) -> None:
        """Keep the texts."""
        self._left, self._texts = left, frozenset(texts)

    def value(self, frame: Frame) -> object:
        """Look for it."""
        left = self._left.value(frame)
        if isinstance(left, str):
            return left in self._texts
        if left is ABSENT:
            return ABSENT
        if isinstance(left, Decimal):
            raise DoubtError
        return False


class Ordered(Expression):
    """``left < right`` and its like."""

    def __init__(self, sign: str, left: Expression, right: Expression, compare: Operator) -> None:
        """Keep the sides, and the operator for all that is no int."""
        self._left, self._right, self._compare = left, right, compare
        self._is_less, self._is_open = sign[0] == "<", len(sign) == 1

    def value(self, frame: Frame) -> object:
        """Compare."""
        left = self._left.value(frame)
        if left is ABSENT:
            return ABSENT
        right = self._right.value(frame)
        if right is ABSENT:
            return ABSENT
        if type(left) is int and type(right) is int:
            low, high = (left, right) if self._is_less else (right, left)
            return low < high if self._is_open else low <= high
        return self._compare(left, right)


class Arithmetic(Expression):
    """``left + right`` and its like."""

    def __init__(self, sign: str, left: Expression, right: Expression, compute: Operator) -> None:
        """Keep the sides, and the operator for all that is not as plain."""
        self._sign, self._left, self._right, self._compute = sign, left, right, compute

    def value(self, frame: Frame) -> object:
        """Compute it."""
        left = self._left.value(frame)
        if left is ABSENT:
            return ABSENT
        right = self._right.value(frame)
        if right is ABSENT:
            return ABSENT
        if type(left) is int and type(right) is int:
            if self._sign == "+":
                value = left + right
            elif self._sign == "-":
                value = left - right
            elif self._sign == "*":
                value = left * right
            else:
                return self._compute(left, right)
            if INT64_MIN <= value <= INT64_MAX:
                return value
        return self._compute(left, right)


class Chain(Expression):
    """``a && b && c``, or ``a || b || c``: what decides does so wherever it stands."""

    def __init__(self, sides: list[Expression], *, decisive: bool) -> None:
        """Keep the sides; `decisive` is what one of them decides by."""
        self._sides, self._decisive = sides, decisive

    def value(self, frame: Frame) -> object:
        """Ask side after side."""
        decisive, is_absent = self._decisive, False
        for side in self._sides:
            value = side.value(frame)
            if value is ABSENT:
                is_absent = True
            elif value is True:
                if decisive:
                    return True
            elif value is not False:
                raise DoubtError
            elif not decisive:
                return False
        return ABSENT if is_absent else not decisive


class Conditional(Expression):
    """``condition ? then : other``."""

    def __init__(self, condition: Expression, then: Expression, other: Expression) -> None:
        """Keep the parts."""
        self._condition, self._then, self._other = condition, then, other

    def value(self, frame: Frame) -> object:
        """Choose."""
        asked = self._condition.value(frame)
        if asked is True:
            return self._then.value(frame)
        return self._other.value(frame) if asked is False else _stopped(asked)


class Called(Expression):
    """``function(a, b)``."""

    def __init__(self, function: Callable[..., object], arguments: list[Expression]) -> None:
        """Keep the parts."""
        self._function, self._arguments = function, arguments

    def value(self, frame: Frame) -> object:
        """Call it."""
        values: list[object] = []
        for argument in self._arguments:
            value = argument.value(frame)
            if value is ABSENT:
                return ABSENT
            values.append(value)
        if len(values) == 3:  # noqa: PLR2004 (as most that are not of one or two)
            return self._function(values[0], values[1], values[2])
        return self._function(*values)


class CalledWithOne(Expression):
    """``function(a)``."""

    def __init__(self, function: Callable[[object], object], argument: Expression) -> None:
        """Keep the parts."""
        self._function, self._argument = function, argument

    def value(self, frame: Frame) -> object:
        """Call it."""
        value = self._argument.value(frame)
        return ABSENT if value is ABSENT else self._function(value)


class CalledWithTwo(Expression):
    """``function(a, b)``, and any operator."""

    def __init__(self, function: Operator, one: Expression, other: Expression) -> None:
        """Keep the parts."""
        self._function, self._one, self._other = function, one, other

    def value(self, frame: Frame) -> object:
        """Call it."""
        one = self._one.value(frame)
        if one is ABSENT:
            return ABSENT
        other = self._other.value(frame)
        return ABSENT if other is ABSENT else self._function(one, other)


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
            _stopped(value)
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
