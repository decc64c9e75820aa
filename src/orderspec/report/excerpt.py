"""A JSON value as lines, with what is broken marked, and the rest cut where it grows long."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from orderspec import exact_json, pointer
from orderspec.report.text import cut, printable

_LONGEST_TEXT = 160
_MOST_WALKED = 20_000
_AROUND = 4
_MARKED_SHARE = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One line of indented JSON, or a gap.

    Attributes:
        depth: how deep it is indented.
        text: what stands there, safe to show; of a gap, how much was left out.
        broken: whether it belongs to what is broken.
        is_gap: whether lines were left out here.
    """

    depth: int
    text: str
    broken: bool = False
    is_gap: bool = False


def excerpt(value: Any, at: str, most: int, *, exact: bool = False) -> list[Line]:
    """Write a value in about `most` lines at most.

    Args:
        value: a JSON value.
        at: JSON Pointer of what is broken. Where that is missing, what should hold it is marked;
            where it is the whole value, nothing is.
        most: lines to write; those around what is broken go first, then those at the beginning.
        exact: mark nothing where nothing stands at the place.
    """
    steps = pointer.parse(at)
    reached = _reachable(value, steps)
    lines: list[Line] = []
    for line in _lines(value, None if exact and reached != steps else reached):
        if len(lines) == _MOST_WALKED:
            lines.append(Line(0, "and more", is_gap=True))
            break
        lines.append(line)
    if len(lines) <= most:
        return lines
    return list(_with_gaps(lines, _kept(lines, most)))


def plain_lines(text: str, most: int) -> list[Line]:
    """Write a text that is no JSON, cut after `most` lines."""
    lines = [Line(0, printable(cut(line, _LONGEST_TEXT))) for line in text.splitlines()]
    left = len(lines) - most
    return lines if left <= 0 else [*lines[:most], _gap(0, left)]


def _reachable(value: Any, steps: tuple[str, ...]) -> tuple[str, ...] | None:
    """Give as much of a path as leads somewhere in a value; None for the value itself."""
    for length in range(len(steps), 0, -1):
        try:
            pointer.follow(value, steps[:length])
        except KeyError:
            continue
        return steps[:length]
    return None


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a value: its name, its depth, its comma, and whether that is broken."""

    name: str = ""
    depth: int = 0
    comma: str = ""
    broken: bool = False


_OUTSIDE = _Around()


def _lines(
    value: Any, target: tuple[str, ...] | None, around: _Around = _OUTSIDE
) -> Iterator[Line]:
    """Write a value; `target` is what remains of the way to what is broken, or None off it."""
    broken = around.broken or target == ()
    items = _items(value)
    if not items:
        yield Line(around.depth, f"{around.name}{_scalar(value)}{around.comma}", broken)
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    yield Line(around.depth, f"{around.name}{opening}", broken)
    for index, (step, item) in enumerate(items):
        name = f"{printable(exact_json.to_text(step))}: " if isinstance(value, dict) else ""
        comma = "," if index < len(items) - 1 else ""
        rest = target[1:] if target and target[0] == step else None
        yield from _lines(item, rest, _Around(name, around.depth + 1, comma, broken))
    yield Line(around.depth, f"{closing}{around.comma}", broken)


def _items(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(str(name), item) for name, item in value.items()]
    if isinstance(value, list | tuple):
        return [(str(index), item) for index, item in enumerate(value)]
    return []


def _scalar(value: Any) -> str:
    text = exact_json.to_text(value)
    if len(text) <= _LONGEST_TEXT:
        return printable(text)
    return f"{printable(text[:_LONGEST_TEXT])}… ({len(text)} characters)"


def _kept(lines: Sequence[Line], most: int) -> set[int]:
    """Choose the lines: what is broken, what it stands in and beside, then the beginning."""
    broken = [index for index, line in enumerate(lines) if line.broken]
    kept = set(broken[: most // _MARKED_SHARE])
    if broken:
        beside = range(max(0, broken[0] - _AROUND), min(len(lines), max(kept) + _AROUND + 1))
        kept |= {*_holders(lines, broken[0]), *beside}
    for index in range(len(lines)):
        if len(kept) >= most:
            break
        kept.add(index)
    return kept


def _holders(lines: Sequence[Line], index: int) -> Iterator[int]:
    """Give the lines that open and close what a line stands in."""
    for step in (-1, 1):
        depth, at = lines[index].depth, index
        while 0 <= at < len(lines):
            if lines[at].depth < depth:
                depth = lines[at].depth
                yield at
            at += step


def _with_gaps(lines: Sequence[Line], kept: set[int]) -> Iterator[Line]:
    previous = -1
    for index in sorted(kept):
        if index > previous + 1:
            yield _gap(lines[previous + 1].depth, index - previous - 1)
        yield lines[index]
        previous = index
    if previous + 1 < len(lines):
        yield _gap(lines[previous + 1].depth, len(lines) - previous - 1)


def _gap(depth: int, number: int) -> Line:
    return Line(depth, f"{number} lines more" if number > 1 else "one line more", is_gap=True)
