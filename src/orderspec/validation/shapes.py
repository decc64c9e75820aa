"""What a contract's schemas say of a value before it is there."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from orderspec.rules.quick_text import UNKNOWN, Shape
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


@dataclass(frozen=True)
class SchemaShape:
    """The shape of a value that is valid against all of some schemas.

    Attributes:
        nodes: the schemas, with all that they lead to for the same value.
        is_element: whether it is an element of a list.
    """

    nodes: tuple[Node, ...]
    is_element: bool = False

    @classmethod
    def of(cls, *nodes: Node) -> "SchemaShape":
        """Follow `$ref` and `allOf`."""
        found = {node.reference: node for node in nodes}
        todo = list(nodes)
        while todo:
            for other in todo.pop().below.always:
                if other.reference not in found:
                    found[other.reference] = other
                    todo.append(other)
        return cls(tuple(found.values()))

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Names of JSON types that the value may have, without null; empty: nothing is known."""
        if self.is_element and "null" in self._kinds:
            return frozenset()
        return self._kinds - {"null"}

    @cached_property
    def _kinds(self) -> frozenset[str]:
        stated = [kinds for node in self.nodes if (kinds := _stated(node.schema))]
        if not stated:
            return frozenset()
        return frozenset.intersection(*stated)

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
        if self._kinds != {"object"}:
            return False
        member = self.member(name)
        return isinstance(member, SchemaShape) and not ({"null"} & (member._kinds or {"null"}))  # noqa: SLF001 (its own class)


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
