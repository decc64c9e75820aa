"""JSON Pointers (RFC 6901): parse, format, follow; and the ids of places in pages."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, unquote


def parse(pointer: str) -> tuple[str, ...]:
    """Split ``/a~1b/0`` into ``("a/b", "0")``; after ``#``, percent-encoding is undone first."""
    text = unquote(pointer[1:]) if pointer.startswith("#") else pointer
    if not text:
        return ()
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in text[1:].split("/"))


def escape(step: str) -> str:
    """Write one reference token."""
    return step.replace("~", "~0").replace("/", "~1")


def join(steps: Iterable[str | int]) -> str:
    """Write a pointer from its tokens."""
    return "".join(f"/{escape(str(step))}" for step in steps)


def fragment(steps: Iterable[str | int]) -> str:
    """Write a pointer as a URI's fragment: ``#/paths/~1orders~1%7Bid%7D``."""
    return "#" + quote(join(steps), safe="/~!$&'()*+,;=:@")


def anchor(*parts: str) -> str:
    """Make the id of a place in a page; a link to it is ``#`` and the same text."""
    return quote("".join(parts), safe="/.-_~[]()")


def follow(document: Any, steps: Iterable[str]) -> Any:
    """Get the value that the steps lead to.

    Raises:
        KeyError: there is none.
    """
    value = document
    for step in steps:
        if isinstance(value, dict):
            value = value[step]
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            raise KeyError(step)
    return value
