"""What an expression of CEL holds."""

from collections.abc import Iterable, Iterator
from dataclasses import fields

from orderspec.rules.nodes import (
    Binary,
    Call,
    Conditional,
    Has,
    Index,
    Logical,
    Macro,
    Member,
    MethodCall,
    Name,
    Node,
    Unary,
)


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


def has_macro(node: Node) -> bool:
    """Tell whether an expression walks a list."""
    return isinstance(node, Macro) or any(map(has_macro, children(node)))


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


def sure_reads(node: Node) -> Iterable[tuple[str, str]]:
    """Name the members of variables that are read whatever else an expression comes to."""
    match node:
        case Member(Name(variable), name):
            yield variable, name
        case Member(operand, _) | Has(operand, _) | Unary(_, operand):
            yield from sure_reads(operand)
        case Macro(elements=elements):
            yield from sure_reads(elements)
        case Binary(_, left, right) | Index(left, right):
            yield from (*sure_reads(left), *sure_reads(right))
        case Call(_, arguments):
            for one in arguments:
                yield from sure_reads(one)
        case MethodCall(target, _, arguments):
            for one in (target, *arguments):
                yield from sure_reads(one)
        case Conditional(condition, _, _):
            yield from sure_reads(condition)
