"""Which files a path stands for."""

import os
from collections.abc import Iterator
from pathlib import Path

from orderspec.errors import ReadError

_COMPRESSED = ".gz"


def kind_of(path: Path) -> str:
    """Return the suffix that tells the format, in lower case and without ``.gz``: ``.jsonl``."""
    name = path.name.lower()
    return Path(name.removesuffix(_COMPRESSED)).suffix


def is_compressed(path: Path) -> bool:
    """Tell whether the name says gzip."""
    return path.name.lower().endswith(_COMPRESSED)


def find(path: Path, kinds: frozenset[str]) -> Iterator[Path | ReadError]:
    """Yield the files behind a path: itself, or everything of the given kinds below a folder.

    Hidden files and folders are left out, links to folders are not followed, and the order is that
    of the names. What cannot be opened is yielded as a failure, and the rest goes on.
    """
    try:
        is_folder = path.is_dir()
        exists = is_folder or path.exists()
    except OSError as error:
        yield failure(path, error)
        return
    if not exists:
        yield ReadError(
            "no such file or folder",
            "Check the spelling; a relative path starts in the current folder.",
            file=str(path),
        )
    elif is_folder:
        yield from _below(path, kinds)
    else:
        yield path


def failure(path: Path, error: Exception) -> ReadError:
    """Word an error of the operating system, or of a damaged archive."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return ReadError(f"the file cannot be read: {reason}", file=str(path))


def _below(folder: Path, kinds: frozenset[str]) -> Iterator[Path | ReadError]:
    found: list[Path] = []
    refused: list[ReadError] = []
    for parent, folders, names in os.walk(
        folder, onerror=lambda error: refused.append(failure(Path(error.filename), error))
    ):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files = (Path(parent, name) for name in names if not name.startswith("."))
        found.extend(file for file in files if kind_of(file) in kinds)
    yield from refused
    yield from sorted(found)
    if not found and not refused:
        yield ReadError(
            "the folder holds no JSON",
            f"Files below it must end in {', '.join(sorted(kinds))} (or these with .gz).",
            file=str(folder),
        )
