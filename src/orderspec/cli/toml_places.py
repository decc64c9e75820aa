"""Where a key stands in a TOML file: the standard library's parser tells no lines."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence

Path = tuple[str | int, ...]
"""Keys and, for a list of tables, the number of the table."""

_HEADER = re.compile(r"\s*\[(?P<list>\[)?(?P<key>[^\[\]]+)\]")
_NAME = r"""(?:"[^"\n]*"|'[^'\n]*'|[\w-]+)"""
_KEY = re.compile(rf"\s*(?P<key>{_NAME}(?:\s*\.\s*{_NAME})*)\s*=")


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Find the line of a key, or of what it stands in; 1-based.

    Args:
        text: a TOML document that tomllib accepts.
        path: the key's path.
    """
    lines = _lines(text)
    wanted = tuple(path)
    return next((lines[head] for head in _heads(wanted) if head in lines), 1)


def _heads(path: Path) -> list[Path]:
    return [path[:length] for length in range(len(path), 0, -1)]


def _lines(text: str) -> dict[Path, int]:
    found: dict[Path, int] = {}
    counts: Counter[Path] = Counter()
    table: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            table = _keys(header["key"])
            if header["list"]:
                counts[table] += 1
                table = (*table, counts[table] - 1)
            found.setdefault(table, number)
        elif key:
            found.setdefault((*table, *_keys(key["key"])), number)
    return found


def _keys(written: str) -> Path:
    """Read a dotted key, whose parts may be quoted."""
    keys: list[str] = []
    try:
        inner: object = tomllib.loads(f"{written} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    while isinstance(inner, Mapping):
        [(name, inner)] = inner.items()
        keys.append(name)
    return tuple(keys)
