"""What an expression of CEL holds."""

from collections.abc import Iterator
from dataclasses import fields

from orderspec.rules.nodes import Logical, Macro, Name, Node


def children(node: Node) -> Iterator[Node]:
    """Give the expressions right below an expression."""
    for field in fields(node):
        yield from _nodes(getattr(node, field.name))


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)


def free_variables(node: Node) -> frozenset[str]:
    """Name the variables that an expression reads and does not bind itself."""
    if isinstance(node, Name):
        return frozenset({node.name})
    found = frozenset[str]().union(*map(free_variables, children(node)))
    if isinstance(node, Macro):
        inner = frozenset[str]().union(
            *(free_variables(one) for one in (node.condition, node.result) if one)
        )
        return free_variables(node.elements) | (inner - {node.variable})
    return found


def chain(node: Node, operator: str = "") -> list[Node]:
    """Split ``a && b && c``, or ``a || b || c``; anything else is a chain of one."""
    if isinstance(node, Logical) and node.operator == (operator or node.operator):
        return [*chain(node.left, node.operator), *chain(node.right, node.operator)]
    return [node]
