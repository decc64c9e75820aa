"""What a contract's schemas say of a value before it is there."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from orderspec.rules.quick_text import OBJECT, UNKNOWN, Shape
from orderspec.validation.plan import Node

_KINDS = {
    bool: "boolean",
    dict: "object",
    float: "number",
    int: "integer",
    list: "array",
    str: "string",
    type(None): "null",
}


_NULL = frozenset({"null"})
_Following = Callable[[Node], Iterable[Node]]


@dataclass(frozen=True)
class SchemaShape:
    """The shape of a value that is valid against all of some schemas.

    Attributes:
        nodes: the schemas, with all that they lead to for the same value, unless it is null.
        may_be_null: whether it may be null.
        is_element: whether it is an element of a list.
    """

    nodes: tuple[Node, ...]
    may_be_null: bool
    is_element: bool = False

    @classmethod
    def of(cls, *nodes: Node) -> "SchemaShape":
        """Follow `$ref`, `allOf`, and the only branch that is not null."""
        return _followed(nodes)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Names of JSON types that the value may have, without null; empty: nothing is known."""
        if self.is_element and self.may_be_null:
            return frozenset()
        return _kinds(self.nodes) - {"null"}

    def member(self, name: str) -> Shape:
        """The shape of a member."""
        below = [
            node.below.members.get(name, node.below.others)
            for node in self.nodes
            if "patternProperties" not in node.schema
        ]
        return _shape([node for node in below if node])

    def other(self) -> Shape:
        """The shape of members that are not named."""
        return _shape([node.below.others for node in self.nodes if node.below.others])

    def element(self) -> Shape:
        """The shape of each element; unlike a member, one that is null is there."""
        nodes = [
            node.below.elements
            for node in self.nodes
            if node.below.elements and not node.below.first
        ]
        return replace(SchemaShape.of(*nodes), is_element=True) if nodes else UNKNOWN

    def requires(self, name: str) -> bool:
        """Tell whether a member is there for sure, and not null."""
        if not any(name in node.schema.get("required", ()) for node in self.nodes):
            return False
        if self.kinds != OBJECT:
            return False
        member = self.member(name)
        return isinstance(member, SchemaShape) and not member.may_be_null


@lru_cache(maxsize=10_000)
def _followed(nodes: tuple[Node, ...]) -> SchemaShape:
    stated = _closure(nodes, lambda node: node.below.always)
    followed = _closure(nodes, lambda node: (*node.below.always, *only_branches(node)))
    return SchemaShape(followed, may_be_null=not any(map(_refuses_null, stated)))


def is_open(node: Node) -> bool:
    """Tell whether a value that is not null may fit one branch or another."""
    return any(len(_fitting(branches)) != 1 for branches in _alternatives(node))


def only_branches(node: Node) -> Iterator[Node]:
    """Give the one branch of `anyOf`, or of `oneOf`, that a value fits unless it is null."""
    for branches in _alternatives(node):
        fitting = _fitting(branches)
        if len(fitting) == 1:
            yield fitting[0]


def _fitting(branches: tuple[Node, ...]) -> list[Node]:
    return [branch for branch in branches if _stated(branch.schema) != _NULL]


def _alternatives(node: Node) -> Iterator[tuple[Node, ...]]:
    """Give the branches of each keyword that holds a value to one of them."""
    count = len(node.schema.get("anyOf", ()))
    yield from filter(None, (node.below.choices[:count], node.below.choices[count:]))


def _closure(nodes: Iterable[Node], following: _Following) -> tuple[Node, ...]:
    found = {node.reference: node for node in nodes}
    todo = list(found.values())
    while todo:
        for other in following(todo.pop()):
            if other.reference not in found:
                found[other.reference] = other
                todo.append(other)
    return tuple(found.values())


def _refuses_null(node: Node) -> bool:
    return any(kinds and "null" not in kinds for kinds in _told(node))


def _kinds(nodes: Iterable[Node]) -> frozenset[str]:
    told = [kinds for node in nodes for kinds in _told(node) if kinds]
    return frozenset.intersection(*told) if told else frozenset()


def _told(node: Node) -> Iterator[frozenset[str]]:
    """Read the types that a schema allows, by itself and by its branches; empty: all."""
    yield _stated(node.schema)
    for branches in _alternatives(node):
        allowed = [_kinds_beside(branch) for branch in branches]
        yield frozenset().union(*allowed) if all(allowed) else frozenset()


def _kinds_beside(branch: Node) -> frozenset[str]:
    """Read the types of a branch without its own branches: schemas may choose each other."""
    stated = [
        kinds
        for node in _closure([branch], lambda node: node.below.always)
        if (kinds := _stated(node.schema))
    ]
    return frozenset.intersection(*stated) if stated else frozenset()


def _shape(nodes: list[Node]) -> Shape:
    return SchemaShape.of(*nodes) if nodes else UNKNOWN


def _stated(schema: dict[str, Any]) -> frozenset[str]:
    """Read the types that a schema itself allows; empty: it says nothing of them."""
    stated = schema.get("type")
    if isinstance(stated, str):
        return frozenset({stated})
    if isinstance(stated, list):
        return frozenset(stated)
    if "const" in schema:
        return frozenset({_KINDS[type(schema["const"])]})
    if "enum" in schema:
        return frozenset(_KINDS[type(one)] for one in schema["enum"])
    return frozenset()
