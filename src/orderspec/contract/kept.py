"""Bundled descriptions, kept between runs: reading YAML takes longer than judging a document.

What is kept names every file that it was made of and by, with a digest; it counts while they are
the same.
It stands in the user's cache, or in the folder that ``ORDERSPEC_CACHE`` names; ``off`` keeps none.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

CACHE_VARIABLE = "ORDERSPEC_CACHE"
# What makes a document of files: another bundler makes another document.
_MAKERS = ("bundle.py", "yaml_file.py")
_OFF = "off"


def bundled(description: Path) -> tuple[dict[str, Any], Any]:
    """Bundle a description, or take what was kept of it.

    Args:
        description: see `bundle.bundle`.

    Returns:
        The document, and what the file of its sources holds, None where there is none.

    Raises:
        ContractError: a file cannot be read, or a reference leads nowhere.
    """
    folder = _folder()
    kept = folder / f"{_digest(str(description.resolve()).encode())}.json" if folder else None
    if kept is not None and (found := _taken(kept, description)) is not None:
        return found
    from orderspec.contract.bundle import bundle  # noqa: PLC0415 (YAML is what this spares)
    from orderspec.contract.sources import read_sources  # noqa: PLC0415 (the same)

    document, sources = bundle(description), read_sources(description.parent)
    if kept is not None:
        _keep(kept, description, document, sources)
    return document, sources


def _folder() -> Path | None:
    chosen = os.environ.get(CACHE_VARIABLE, "")
    if chosen == _OFF:
        return None
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "orderspec"
    except RuntimeError:  # a user without a home
        return None


def _taken(kept: Path, description: Path) -> tuple[dict[str, Any], Any] | None:
    try:
        entry: Any = orjson.loads(kept.read_bytes())
        if entry["files"] == _digests(description, entry["document"]):
            return entry["document"], entry["sources"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return None


def _keep(kept: Path, description: Path, document: dict[str, Any], sources: Any) -> None:
    """Write it whole or not at all; where it cannot be written, the next run reads YAML again."""
    with suppress(OSError, TypeError):
        entry = {
            "files": _digests(description, document),
            "document": document,
            "sources": sources,
        }
        text = orjson.dumps(entry)
        # A document that orjson would change is read from YAML each time.
        if orjson.loads(text) != entry:
            return
        from tempfile import NamedTemporaryFile  # noqa: PLC0415 (what is kept already needs none)

        kept.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=kept.parent, delete=False) as file:
            file.write(text)
        Path(file.name).replace(kept)


def _digests(description: Path, document: dict[str, Any]) -> dict[str, str]:
    """Digest every file that a document is made of, and those that would be part of it now."""
    components = document.get("components", {}).get("schemas", {}).values()
    folder = description.resolve().parent
    files = {
        str(description.resolve()),
        *(one["x-file"] for one in components if isinstance(one, dict) and "x-file" in one),
        *map(str, (folder / "schemas").glob("*.yaml")),
        *map(str, folder.glob("sources.yaml")),
        *(str(Path(__file__).with_name(name)) for name in _MAKERS),
    }
    return {file: _digest(Path(file).read_bytes()) for file in sorted(files)}


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
