"""The shape of an answer as a picture: what stands in what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from orderspec.docs.calls import Call
from orderspec.docs.members import members_of
from orderspec.docs.picture import PADDING, Box, Picture, wide
from orderspec.docs.shapes import Shape

_LEAF, _BETWEEN = 22, 3
_DEPTH = 3
_MOST = 9
# An object of fewer members, none of them an object, is a value in parts: money, a place. The
# larger an answer, the more of those is only counted.
_SMALL = (1, 3, 6)
_FULL = 24


def outline(shape: Shape | None, components: Mapping[str, Shape]) -> Picture | None:
    """Draw what stands in what, from left to right; plain values are counted.

    Args:
        shape: a body.
        components: by their ids in the page.
    """
    if shape is None:
        return None
    title = shape.target.text if shape.target else shape.name or "body"
    drawn = [_Outline(components, small).node(shape, title, frozenset(), 0) for small in _SMALL]
    node = next((one for one in drawn if one.leaves <= _FULL), drawn[-1])
    boxes = tuple(_boxes(node, 0, 0, _widths(node)))
    right = max(box.x + box.width for box in boxes)
    return Picture(right, max(box.y + box.height for box in boxes), boxes)


def answer_of(calls: Iterable[Call]) -> Shape | None:
    """Choose the answer to draw: a success of what creates, else of anything."""
    ordered = sorted(calls, key=lambda call: (call.operation.method != "POST", call.deprecated))
    for call in ordered:
        for answer in call.answers:
            if answer.status.startswith("2") and answer.body.shape:
                return answer.body.shape
    return None


@dataclass(frozen=True, slots=True)
class _Node:
    """What an answer holds somewhere: objects and lists by name, plain values as a number."""

    shape: Shape
    name: str
    values: int
    inner: "tuple[_Node, ...]"

    @property
    def leaves(self) -> int:
        return max(1, sum(one.leaves for one in self.inner))

    @property
    def counted(self) -> str:
        return f"{self.values}{' more' if self.inner else ''}" if self.values else ""


@dataclass(frozen=True, slots=True)
class _Outline:
    """Looks for what is an object or a list, and large enough to be told by name."""

    components: Mapping[str, Shape]
    small: int

    def node(self, shape: Shape, name: str, above: frozenset[str], depth: int) -> _Node:
        members = {one.name: one for one in self._members(shape, above)}
        seen = above | ({shape.target.anchor} if shape.target else set())
        large = [one for one in members.values() if depth < _DEPTH and self._is_large(one, seen)]
        inner = tuple(self.node(one, _name(one), seen, depth + 1) for one in large[:_MOST])
        return _Node(shape, name, len(members) - len(inner), inner)

    def _members(self, shape: Shape, above: frozenset[str]) -> list[Shape]:
        return [one for one in members_of(shape, self.components, set(above)) if one.is_part]

    def _is_large(self, shape: Shape, above: frozenset[str]) -> bool:
        if shape.target and shape.target.anchor in above:
            return False
        members = self._members(shape, above)
        holds_more = any(self._members(one, above) for one in members)
        return len(members) >= self.small or holds_more


def _name(shape: Shape) -> str:
    return f"{shape.name}[ ]" if shape.type.startswith("list") else shape.name


def _widths(node: _Node, depth: int = 0) -> dict[int, int]:
    """Measure each column by its longest words."""
    found = {depth: wide(len(node.name) + len(node.counted) + 2) + 2 * PADDING}
    for one in node.inner:
        for column, width in _widths(one, depth + 1).items():
            found[column] = max(width, found.get(column, 0))
    return found


def _boxes(node: _Node, y: int, depth: int, widths: Mapping[int, int]) -> Iterator[Box]:
    x = sum(widths[column] + _BETWEEN for column in range(depth))
    height = node.leaves * _LEAF - _BETWEEN
    shape = node.shape
    place = shape.target.anchor if shape.target and not depth else shape.anchor
    yield Box(x, y, widths[depth], height, place, node.name, node.counted)
    for one in node.inner:
        yield from _boxes(one, y, depth + 1, widths)
        y += one.leaves * _LEAF
