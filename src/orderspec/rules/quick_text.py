"""Texts of Python expressions, and what is known of their values. See `orderspec.rules.quick`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from orderspec.rules.nodes import ListOf, Literal, Node


class Shape(Protocol):
    """What is known of a value before it is there."""

    @property
    def kinds(self) -> frozenset[str]:
        """Names of JSON types that it may have, without null; empty where nothing is known."""

    def member(self, name: str) -> "Shape":
        """What is known of a member."""

    def element(self) -> "Shape":
        """What is known of each element."""

    def requires(self, name: str) -> bool:
        """Tell whether a member is there for sure, and not null."""


@dataclass(frozen=True)
class Known:
    """The shape of what an expression computes."""

    kinds: frozenset[str] = frozenset()
    of: "Shape | None" = None

    def member(self, name: str) -> Shape:
        """Nothing."""
        del name
        return UNKNOWN

    def element(self) -> Shape:
        """What is known of each element."""
        return self.of or UNKNOWN

    def requires(self, name: str) -> bool:
        """Nothing."""
        del name
        return False


UNKNOWN = Known()
BOOLEAN, INTEGER, STRING = (Known(frozenset({kind})) for kind in ("boolean", "integer", "string"))
OBJECT, ARRAY = frozenset({"object"}), frozenset({"array"})
EMPTY_LIST, ANY_LIST = Known(ARRAY), Known(ARRAY)
_NUMBERS = frozenset({"integer", "number"})
_ORDERS = frozenset({"<", "<=", ">", ">="})
OPERATOR_NAMES = {
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "/": "divide",
    "%": "remainder",
    "==": "equal",
    "!=": "unequal",
    "in": "contained",
    "<": "less",
    "<=": "at_most",
    ">": "more",
    ">=": "at_least",
}

"""What the function of an operator is called by."""
_NEVER_FAIL = frozenset({"len", "plain_sum"})

Facts = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Text:
    """The text of a Python expression.

    Attributes:
        source: the text.
        shape: what is known of its value.
        absent: whether it may raise KeyError.
        doubtful: whether it may raise anything else.
    """

    source: str
    shape: Shape = UNKNOWN
    absent: bool = False
    doubtful: bool = False

    @property
    def kinds(self) -> frozenset[str]:
        """The types that its value may have."""
        return self.shape.kinds


@dataclass(frozen=True)
class Bound:
    """What an expression is written for.

    Attributes:
        names: the Python name and the shape of each variable of CEL.
        facts: members that are there: the text of their object, and their name.
        depth: how many elements of lists are bound, one within the other.
        innermost: the variable of the last of them. Lists below it are walked once in all; others
            once for each element, which counts.
    """

    names: Mapping[str, Text]
    facts: Facts = frozenset()
    depth: int = 0
    innermost: str = ""

    def knowing(self, facts: Facts) -> "Bound":
        """Add members that are there."""
        return replace(self, facts=self.facts | facts)

    def element(self, variable: str, shape: Shape) -> tuple[str, "Bound"]:
        """Bind an element of a list; give its Python name, which tells how deep it stands."""
        name, depth = f"e{self.depth}", self.depth + 1
        names = {**self.names, variable: Text(name, shape)}
        return name, replace(self, names=names, depth=depth, innermost=variable)


def made(source: str, texts: Iterable[Text], shape: Shape) -> Text:
    """Make a text of others; it fails where they fail."""
    given = list(texts)
    return Text(
        source,
        shape,
        absent=any(text.absent for text in given),
        doubtful=any(text.doubtful for text in given),
    )


def called(name: str, texts: Iterable[Text], shape: Shape = UNKNOWN) -> Text:
    """Write a call."""
    given = list(texts)
    text = made(f"{name}({', '.join(text.source for text in given)})", given, shape)
    return replace(text, doubtful=text.doubtful or name not in _NEVER_FAIL)


def all_there(members: Iterable[tuple[str, str]]) -> str:
    """Write that members are there, each given by the text of its object and its name."""
    return " and ".join(f"{name!r} in {holder}" for holder, name in members)


def boolean(text: Text) -> Text:
    """Hold a value to be true or false."""
    return text if text.kinds == BOOLEAN.kinds else called("boolean", [text], BOOLEAN)


def either(one: Shape, other: Shape) -> Shape:
    """Tell what is known of a value that is one of two."""
    for shape, beside in ((one, other), (other, one)):
        if beside is EMPTY_LIST and shape.kinds == ARRAY:
            return shape
    return one if one.kinds == other.kinds and not one.kinds & (ARRAY | OBJECT) else UNKNOWN


def computed(operator: str, left: Text, right: Text, right_node: Node) -> Text:
    """Write a binary operator, plainly where the types of its sides are known."""
    sides = [left, right]
    one, other = left.kinds, right.kinds
    are_numbers = bool(one and other) and one | other <= _NUMBERS
    are_integers = one == other == INTEGER.kinds
    is_text = STRING.kinds in (one, other) and one and other and "decimal" not in one | other
    plain = f"({left.source} {operator} {right.source})"
    if operator in ("==", "!=") and (are_numbers or is_text or one == other == BOOLEAN.kinds):
        return made(plain, sides, BOOLEAN)
    if operator in _ORDERS and (are_numbers or one == other == STRING.kinds):
        return made(plain, sides, BOOLEAN)
    if operator in ("+", "-", "*") and are_integers:
        return made(plain, sides, INTEGER)
    if operator == "in" and _are_texts(right_node) and one and "decimal" not in one:
        return made(plain, sides, BOOLEAN)
    is_asking = operator in _ORDERS or operator in ("==", "!=", "in")
    return called(OPERATOR_NAMES[operator], sides, BOOLEAN if is_asking else UNKNOWN)


def _are_texts(node: Node) -> bool:
    return isinstance(node, ListOf) and all(
        isinstance(one, Literal) and isinstance(one.value, str) for one in node.elements
    )
