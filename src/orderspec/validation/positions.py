"""Where a value stands in its text: from JSON Pointer to line and column."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from orderspec import pointer as json_pointer

_SPACE = re.compile(r"[ \t\n\r]*")
# Only the end of a skipped value is of interest; Decimal takes numbers that a float would lose.
_SKIPPER = json.JSONDecoder(parse_float=Decimal)


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a text: line and column from 1, the column counted in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Position:
    """Where a pointer leads.

    Attributes:
        value: the first character of the value.
        name: the opening quote of the member's name, or None for array items and the root.
    """

    value: Place
    name: Place | None = None


@dataclass(slots=True)
class _Node:
    """A step on the way to the wanted pointers, and where the walk met it."""

    children: dict[str, "_Node"] = field(default_factory=dict)
    value: int = 0
    name: int | None = None
    found: bool = False


@dataclass(slots=True)
class _Open:
    """A container that the walk is inside of; `index` is None in an object."""

    node: _Node
    index: int | None


def place(text: str, offset: int) -> Place:
    """Turn an offset in characters into line and column."""
    return Place(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def locate(text: str, pointer: str) -> Position:
    """Find one pointer; see `locate_all`."""
    return locate_all(text, [pointer])[pointer]


def locate_all(text: str, pointers: Iterable[str]) -> dict[str, Position]:
    """Find many pointers in one pass over the text, in linear time and without recursion.

    A pointer to something that is not there (a missing member) gets the position of the nearest
    value above it that is.

    Args:
        text: one JSON document that `json_text.parse` accepts.
        pointers: JSON Pointers into it, in any order.

    Raises:
        ValueError: one of them is no JSON Pointer.
    """
    root = _Node()
    nodes = {pointer: _plant(root, json_pointer.parse(pointer)) for pointer in pointers}
    _walk(text, root)
    nearest = {pointer: _last_found(path) for pointer, path in nodes.items()}
    offsets = {node.value for node in nearest.values()}
    offsets.update(node.name for node in nearest.values() if node.name is not None)
    places = _places(text, offsets)
    return {
        pointer: Position(places[node.value], None if node.name is None else places[node.name])
        for pointer, node in nearest.items()
    }


def _plant(root: _Node, tokens: tuple[str, ...]) -> list[_Node]:
    path = [root]
    for token in tokens:
        path.append(path[-1].children.setdefault(token, _Node()))
    return path


def _last_found(path: list[_Node]) -> _Node:
    return next(node for node in reversed(path) if node.found)


def _walk(text: str, root: _Node) -> None:
    """Note the offset of every planted node, stepping over the values that nobody asked for."""
    open_containers: list[_Open] = []
    offset = _visit(text, _skip_space(text, 0), root, open_containers)
    while open_containers:
        offset = _skip_space(text, offset)
        if text[offset] in "]}":
            open_containers.pop()
            offset += 1
            continue
        if text[offset] == ",":
            offset = _skip_space(text, offset + 1)
        offset = _member(text, offset, open_containers)


def _member(text: str, offset: int, open_containers: list[_Open]) -> int:
    """Pass one member or item; return the offset after it, or just inside it if it is wanted."""
    container = open_containers[-1]
    name_offset = None
    if container.index is None:
        name_offset = offset
        token, offset = _SKIPPER.raw_decode(text, offset)
        offset = _skip_space(text, _skip_space(text, offset) + 1)
    else:
        token = str(container.index)
        container.index += 1
    node = container.node.children.get(token)
    if node is None:
        return _SKIPPER.raw_decode(text, offset)[1]
    node.name = name_offset
    return _visit(text, offset, node, open_containers)


def _visit(text: str, offset: int, node: _Node, open_containers: list[_Open]) -> int:
    node.value = offset
    node.found = True
    if node.children and text[offset] in "[{":
        open_containers.append(_Open(node, 0 if text[offset] == "[" else None))
        return offset + 1
    return _SKIPPER.raw_decode(text, offset)[1]


def _skip_space(text: str, offset: int) -> int:
    space = _SPACE.match(text, offset)
    return space.end() if space else offset


def _places(text: str, offsets: Iterable[int]) -> dict[int, Place]:
    """Count lines once for all offsets instead of once for each."""
    places: dict[int, Place] = {}
    line, counted = 1, 0
    for offset in sorted(offsets):
        line += text.count("\n", counted, offset)
        counted = offset
        places[offset] = Place(line, offset - text.rfind("\n", 0, offset))
    return places
