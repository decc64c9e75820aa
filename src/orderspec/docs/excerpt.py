"""The part of a payload that a rule is about, laid out as JSON; an ellipsis stands for the rest."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from orderspec import exact_json

_WORD = re.compile(r"[A-Za-z_]\w*")
_WIDTH = 72
_INDENT = 1
# An object this small says more whole than cut.
_SMALL = 4
_ELEMENTS = 3


class Rest(str):
    """Words for what was left out, written as they are."""

    __slots__ = ()


def words(*expressions: str | None) -> frozenset[str]:
    """List every name and text in expressions: the members that they can be about."""
    return frozenset(word for text in expressions if text for word in _WORD.findall(text))


def members_of(variable: str, *expressions: str | None) -> frozenset[str]:
    """List the members that expressions read of a variable itself; none if they read it whole."""
    after = re.compile(rf"\b{variable}\.([A-Za-z_]\w*)")
    return frozenset(name for text in expressions if text for name in after.findall(text))


def excerpt(
    value: Any,
    names: Collection[str],
    at: tuple[str, ...] = (),
    top: Collection[str] = (),
) -> Any:
    """Keep of a value what is named, and what lies on a way.

    Args:
        value: a decoded JSON value.
        names: members to keep, at any depth.
        at: steps of a JSON Pointer from the value on: of a list on this way, only the element on
            it is kept.
        top: what to keep of the value's own members, where that is less than `names`.

    Returns:
        The value with a `Rest` wherever something was left out.
    """
    match value:
        case dict():
            return _members(value, names, at, top or names)
        case list():
            return _elements(value, names, at)
        case _:
            return value


def _members(
    value: dict[str, Any], names: Collection[str], at: tuple[str, ...], here: Collection[str]
) -> Any:
    step, *rest = at or ("",)
    kept = {
        name: excerpt(item, names, tuple(rest) if name == step else ())
        for name, item in value.items()
        if name in here or name == step
    }
    if len(kept) == len(value):
        return kept
    if not kept:
        is_small = len(value) <= _SMALL and not any(
            isinstance(v, dict | list) for v in value.values()
        )
        return value if is_small else Rest("{…}")
    return kept | {"…": Rest("…")}


def _elements(value: list[Any], names: Collection[str], at: tuple[str, ...]) -> list[Any]:
    if at and at[0].isdigit() and int(at[0]) < len(value):
        index = int(at[0])
        chosen = [excerpt(value[index], names, at[1:])]
        before, after = index, len(value) - index - 1
        return [*_more(before, "before"), *chosen, *_more(after, "after")]
    chosen = [excerpt(item, names) for item in value[:_ELEMENTS]]
    return [*chosen, *_more(len(value) - len(chosen), "more")]


def _more(number: int, where: str) -> list[Rest]:
    return [Rest(f"… {number} {where}")] if number > 0 else []


def laid_out(value: Any, width: int = _WIDTH) -> str:
    """Write a value as JSON, in one line wherever it fits.

    Numbers keep every digit; a `Rest` stands as it is, so the text need not be JSON.
    """
    return "\n".join(_lines(value, "", "", width))


def _lines(value: Any, before: str, indent: str, width: int) -> Iterator[str]:
    whole = _in_a_row(value)
    if len(indent) + len(before) + len(whole) <= width or not (
        value and isinstance(value, dict | list)
    ):
        yield indent + before + whole
        return
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    entries = list(value.items()) if isinstance(value, dict) else [(None, item) for item in value]
    yield indent + before + opening
    for number, (name, item) in enumerate(entries, 1):
        *lines, last = _lines(item, _label(name, item), indent + " " * _INDENT, width)
        yield from lines
        yield last + ("," if number < len(entries) else "")
    yield indent + closing


def _in_a_row(value: Any) -> str:
    match value:
        case Rest():
            return str(value)
        case dict():
            members = (_label(name, item) + _in_a_row(item) for name, item in value.items())
            return f"{{{', '.join(members)}}}"
        case list():
            return f"[{', '.join(map(_in_a_row, value))}]"
        case _:
            return exact_json.to_text(value)


def _label(name: str | None, item: Any) -> str:
    return (
        ""
        if name is None or (isinstance(item, Rest) and name == item == "…")
        else f"{exact_json.to_text(name)}: "
    )
