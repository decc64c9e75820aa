"""The CEL that rules use, as a tree."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Literal:
    """An int, double, string, bool or null; `1`, `1.0` and `true` are not the same."""

    value: int | float | str | bool | None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Literal) and self._written() == other._written()

    def __hash__(self) -> int:
        return hash(self._written())

    def _written(self) -> tuple[type, str]:
        return type(self.value), repr(self.value)


@dataclass(frozen=True, slots=True)
class Name:
    """A variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """``operand.name``."""

    operand: "Node"
    name: str


@dataclass(frozen=True, slots=True)
class Has:
    """``has(operand.name)``."""

    operand: "Node"
    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """``operand[key]``."""

    operand: "Node"
    key: "Node"


@dataclass(frozen=True, slots=True)
class ListOf:
    """``[a, b]``."""

    elements: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class MapOf:
    """``{"a": b}``: the keys are string literals."""

    entries: tuple[tuple[str, "Node"], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """``function(a, b)``."""

    function: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class MethodCall:
    """``target.method(a, b)``."""

    target: "Node"
    method: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Macro:
    """``elements.kind(variable, condition, result)``.

    Attributes:
        kind: all, exists, exists_one, filter or map.
        elements: what is walked.
        variable: the name of an element.
        condition: what is asked of each element; None for a map of two arguments.
        result: what a map makes of each element; None for the other kinds.
    """

    kind: str
    elements: "Node"
    variable: str
    condition: "Node | None"
    result: "Node | None"


@dataclass(frozen=True, slots=True)
class Unary:
    """``!operand`` or ``-operand``."""

    operator: str
    operand: "Node"


@dataclass(frozen=True, slots=True)
class Binary:
    """``left operator right``, where both sides are always evaluated."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Logical:
    """``left && right`` or ``left || right``."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Conditional:
    """``condition ? then : other``."""

    condition: "Node"
    then: "Node"
    other: "Node"


Node = (
    Literal
    | Name
    | Member
    | Has
    | Index
    | ListOf
    | MapOf
    | Call
    | MethodCall
    | Macro
    | Unary
    | Binary
    | Logical
    | Conditional
)
