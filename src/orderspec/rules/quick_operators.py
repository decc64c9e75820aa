"""Operators and calls of CEL as trees that evaluate themselves; see `quick_nodes`."""

from collections.abc import Callable
from decimal import Decimal

from orderspec.rules.operators import contained, equal, size
from orderspec.rules.quick_nodes import ABSENT, DoubtError, Expression, Frame, stopped
from orderspec.rules.view import INT64_MAX, INT64_MIN

Operator = Callable[[object, object], object]


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
        return True if value is False else stopped(value)


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


class TwoSided(Expression):
    """``left operator right``, where both sides are always evaluated."""

    def __init__(self, left: Expression, right: Expression) -> None:
        """Keep the sides."""
        self._left, self._right = left, right

    def value(self, frame: Frame) -> object:
        """Evaluate both."""
        left = self._left.value(frame)
        if left is ABSENT:
            return ABSENT
        right = self._right.value(frame)
        if right is ABSENT:
            return ABSENT
        return self.computed(left, right)

    def computed(self, left: object, right: object) -> object:
        """Compute the value of what the sides are."""
        raise NotImplementedError


class Equal(TwoSided):
    """``left == right``, or ``left != right``."""

    def __init__(self, left: Expression, right: Expression, *, turned: bool) -> None:
        """Keep the sides."""
        super().__init__(left, right)
        self._turned = turned

    def computed(self, left: object, right: object) -> object:
        """Compare."""
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


class Contained(TwoSided):
    """``left in right``."""

    def computed(self, left: object, right: object) -> object:
        """Look for it."""
        if not isinstance(right, list):
            return contained(left, right)
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


class Ordered(TwoSided):
    """``left < right`` and its like."""

    def __init__(self, sign: str, left: Expression, right: Expression, compare: Operator) -> None:
        """Keep the sides, and the operator for all that is no int."""
        super().__init__(left, right)
        self._compare = compare
        self._is_less, self._is_open = sign[0] == "<", len(sign) == 1

    def computed(self, left: object, right: object) -> object:
        """Compare."""
        if type(left) is int and type(right) is int:
            low, high = (left, right) if self._is_less else (right, left)
            return low < high if self._is_open else low <= high
        return self._compare(left, right)


class Arithmetic(TwoSided):
    """``left + right`` and its like."""

    def __init__(self, sign: str, left: Expression, right: Expression, compute: Operator) -> None:
        """Keep the sides, and the operator for all that is not as plain."""
        super().__init__(left, right)
        self._sign, self._compute = sign, compute

    def computed(self, left: object, right: object) -> object:
        """Compute it."""
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
        return self._other.value(frame) if asked is False else stopped(asked)


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


class CalledWithTwo(TwoSided):
    """``function(a, b)``."""

    def __init__(self, function: Operator, one: Expression, other: Expression) -> None:
        """Keep the parts."""
        super().__init__(one, other)
        self._function = function

    def computed(self, left: object, right: object) -> object:
        """Call it."""
        return self._function(left, right)
