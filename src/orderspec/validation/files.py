"""Which files a path stands for, and how they are opened."""

import gzip
import io
import os
import zlib
from collections.abc import Iterator
from glob import glob, has_magic
from pathlib import Path
from typing import Any, BinaryIO, cast

from orderspec.errors import ReadError

DAMAGED = (OSError, EOFError, zlib.error)
"""What reading may raise, besides what opening may."""
_COMPRESSED = (".gz", ".zst")
# Some bytes of Zstandard may stand for megabytes: few are expanded at a time.
_FEW = 1024


def kind_of(path: Path) -> str:
    """Return the suffix that tells the format, in lower case and without ``.gz``: ``.jsonl``."""
    name = path.name.lower()
    for suffix in _COMPRESSED:
        name = name.removesuffix(suffix)
    return Path(name).suffix


def is_compressed(path: Path) -> bool:
    """Tell whether the name says gzip or Zstandard."""
    return path.name.lower().endswith(_COMPRESSED)


def opened(path: Path) -> BinaryIO:
    """Open a file for reading; what is compressed is expanded as it is read.

    Raises:
        OSError: it cannot be opened.
    """
    name = path.name.lower()
    if name.endswith(".gz"):
        return cast("BinaryIO", gzip.open(path))
    if name.endswith(".zst"):
        return io.BufferedReader(_Zstandard(path))
    return path.open("rb")


class _Zstandard(io.RawIOBase):
    """Expands one frame after the other; unlike the library's reader it tells where one is cut."""

    def __init__(self, path: Path) -> None:
        import zstandard  # noqa: PLC0415 (few calls need it)

        super().__init__()
        self._stream = path.open("rb")
        self._library = zstandard
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._is_within = False
        self._waiting = self._expanded = b""

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._stream.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        while not self._expanded:
            given = self._waiting or self._stream.read(_FEW)
            if not given:
                if self._is_within:
                    raise EOFError("the archive ends in the middle")
                return 0
            self._expand(given)
        size = min(len(buffer), len(self._expanded))
        buffer[:size], self._expanded = self._expanded[:size], self._expanded[size:]
        return size

    def _expand(self, given: bytes) -> None:
        try:
            self._expanded = self._frame.decompress(given)
        except self._library.ZstdError as problem:
            raise OSError(str(problem)) from None
        self._is_within = not self._frame.eof
        self._waiting = b""
        if self._frame.eof:
            self._waiting = self._frame.unused_data
            self._frame = self._library.ZstdDecompressor().decompressobj()


def find(path: Path, kinds: frozenset[str]) -> Iterator[Path | ReadError]:
    """Yield the files behind a path: itself, or everything of the given kinds below a folder.

    A path that is not there may be a pattern with ``*``, ``?``, ``[…]`` and ``**``.

    Hidden files and folders are left out, links to folders are not followed, and the order is that
    of the names. What cannot be opened is yielded as a failure, and the rest goes on.
    """
    try:
        is_folder = path.is_dir()
        exists = is_folder or path.exists()
    except OSError as error:
        yield failure(path, error)
        return
    if not exists and has_magic(str(path)):
        yield from _matching(str(path))
    elif not exists:
        yield ReadError(
            "no such file or folder",
            "Check the spelling; a relative path starts in the current folder.",
            file=str(path),
        )
    elif is_folder:
        yield from _below(path, kinds)
    else:
        yield path


def _matching(pattern: str) -> Iterator[Path | ReadError]:
    found = sorted(map(Path, glob(pattern, recursive=True)))  # noqa: PTH207 (a pattern may be absolute)
    files = [path for path in found if path.is_file()]
    yield from files
    if not files:
        yield ReadError(
            "no file matches the pattern",
            "** stands for any folders, * for any part of one name.",
            file=pattern,
        )


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
            f"Files below it must end in {', '.join(sorted(kinds))} (or these with .gz or .zst).",
            file=str(folder),
        )
