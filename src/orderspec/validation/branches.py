"""Which schemas apply to a value in any case, and where it may fit one branch or another."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from orderspec.validation.plan import Node


def certain(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Follow `$ref`, `allOf`, and the only branch that is not null, for a value that is not."""
    found = {node.reference: node for node in nodes}
    todo = list(found.values())
    while todo:
        node = todo.pop()
        for other in (*node.below.always, *only_branches(node)):
            if other.reference not in found:
                found[other.reference] = other
                todo.append(other)
    return tuple(found.values())


def is_open(node: Node) -> bool:
    """Tell whether a value that is not null may fit one branch or another."""
    return any(len(_fitting(branches)) != 1 for branches in _alternatives(node))


def only_branches(node: Node) -> Iterator[Node]:
    """Give the one branch of `anyOf`, or of `oneOf`, that a value fits unless it is null."""
    for branches in _alternatives(node):
        fitting = _fitting(branches)
        if len(fitting) == 1:
            yield fitting[0]


def _alternatives(node: Node) -> Iterator[tuple[Node, ...]]:
    """Give the branches of each keyword that holds a value to one of them."""
    count = len(node.schema.get("anyOf", ()))
    yield from filter(None, (node.below.choices[:count], node.below.choices[count:]))


def _fitting(branches: tuple[Node, ...]) -> list[Node]:
    return [branch for branch in branches if not _is_null(branch.schema)]


def _is_null(schema: Mapping[str, Any]) -> bool:
    """Tell whether a schema itself says that a value is null."""
    is_const = "const" in schema and schema["const"] is None
    return is_const or schema.get("type") in ("null", ["null"]) or schema.get("enum") == [None]
