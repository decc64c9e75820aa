"""The operations of a contract as a picture: what leads on to what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from orderspec.docs.calls import Call

# Lengths are in the units of the picture, in which a letter of the small text is so wide:
_LETTER = 6.6
PADDING = 10
_HEIGHT, _GAP, _BESIDE = 44, 26, 70
_LOOP = 30
_NAMES = 2


@dataclass(frozen=True, slots=True)
class Box:
    """A box with a title, and a second line below or beside it; it leads to a place."""

    x: int
    y: int
    width: int
    height: int
    anchor: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line from box to box as the path of an SVG, with a label and where that stands."""

    path: str
    label: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes and arrows, and how large they are together."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...] = ()


def flow(calls: Sequence[Call]) -> Picture:
    """Draw operations as boxes; an arrow leads to what can follow, with the names of the links."""
    edges: dict[tuple[str, str], list[str]] = {}
    for call in calls:
        for answer in call.answers:
            for one in answer.follows:
                names = edges.setdefault((call.anchor, one.target.anchor), [])
                names += [one.name] if one.name not in names else []
    columns = _columns(calls, edges)
    across = _BESIDE + wide(max((len(_label(names)) for names in edges.values()), default=0))
    boxes: dict[str, Box] = {}
    x = _LOOP
    for column in columns:
        width = max(_width(call) for call in column)
        for row, call in enumerate(column):
            y = _LOOP + row * (_HEIGHT + _GAP)
            words = f"{call.operation.method} {call.operation.path}"
            title = call.summary or call.operation.id
            boxes[call.anchor] = Box(x, y, width, _HEIGHT, call.anchor, title, words)
        x += width + across
    arrows = tuple(
        _arrow(boxes[start], boxes[end], _label(names)) for (start, end), names in edges.items()
    )
    right = max((box.x + box.width for box in boxes.values()), default=0)
    right = max(right, *(one.x + wide(len(one.label)) for one in arrows), 0)
    bottom = max((box.y + box.height for box in boxes.values()), default=0)
    backward = any(boxes[start].x > boxes[end].x for start, end in edges)
    return Picture(
        right + PADDING, bottom + (_LOOP if backward else PADDING), tuple(boxes.values()), arrows
    )


def wide(letters: float) -> int:
    """Tell how wide so many letters of the small text are."""
    return ceil(letters * _LETTER)


def _width(call: Call) -> int:
    words = len(f"{call.operation.method} {call.operation.path}")
    title = len(call.summary or call.operation.id)
    return wide(max(words, title * 1.1)) + 2 * PADDING


def _columns(calls: Sequence[Call], edges: Mapping[tuple[str, str], list[str]]) -> list[list[Call]]:
    """Put what creates first, what follows from that next, and what nothing leads to last."""
    by_place = {call.anchor: call for call in calls}
    leads = {place: {end for start, end in edges if start == place != end} for place in by_place}
    first = max(
        (call for call in calls if leads[call.anchor] and call.operation.method == "POST"),
        key=lambda call: len(leads[call.anchor]),
        default=next((call for call in calls if leads[call.anchor]), None),
    )
    if first is None:
        return [list(calls)] if calls else []
    columns, seen = [[first]], {first.anchor}
    while True:
        reached = dict.fromkeys(
            end for call in columns[-1] for end in by_place if end in leads[call.anchor] - seen
        )
        if not reached:
            break
        columns.append([by_place[place] for place in reached])
        seen.update(reached)
    columns[0] += [call for call in calls if call.anchor not in seen]
    return columns


def _label(names: Sequence[str]) -> str:
    rest = len(names) - _NAMES
    return ", ".join(names[:_NAMES]) + (f" + {rest}" if rest > 0 else "")


def _arrow(start: Box, end: Box, label: str) -> Arrow:
    middle = start.y + start.height // 2
    if start == end:
        left, top = start.x + 18, start.y
        right = left + 34
        path = f"M{right} {top}C{right} {top - 24} {left} {top - 24} {left} {top - 2}"
        return Arrow(path, label, left + 42, top - 8)
    if start.x == end.x:
        x = start.x + start.width
        to = end.y + end.height // 2
        path = f"M{x} {middle}C{x + 60} {middle} {x + 60} {to} {x + 2} {to}"
        return Arrow(path, label, x + 52, (middle + to) // 2)
    if start.x > end.x:
        x, y = end.x + end.width // 2, end.y + end.height
        path = f"M{start.x} {middle + 8}C{x + 40} {middle + 30} {x} {y + 40} {x} {y + 2}"
        return Arrow(path, label, x + 8, y + 24)
    x, to = start.x + start.width, end.y + end.height // 2
    half = (end.x - x) // 2
    path = f"M{x} {middle}C{x + half} {middle} {end.x - half} {to} {end.x - 2} {to}"
    return Arrow(path, label, end.x - 14 - wide(len(label)), to - 7)
