"""Pages beside the operations: files that are made once, when the first is asked for."""

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from threading import Lock
from urllib.parse import unquote

from starlette.responses import PlainTextResponse, RedirectResponse, Response

ROOT = "/docs"
_FIRST = "index.html"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
}
_NONE = "The pages need an extra: pip install 'orderspec[docs]'\n"
_HEADERS = {"x-content-type-options": "nosniff", "cache-control": "no-cache"}


class Pages:
    """The files of a site below `ROOT`."""

    def __init__(self, make: Callable[[], Mapping[str, bytes]]) -> None:
        """Take what makes the files, by name; it may take seconds and is called once."""
        self._make = make
        self._files: Mapping[str, bytes] | None = None
        self._lock = Lock()

    @staticmethod
    def hold(path: bytes) -> bool:
        """Tell whether a path is below the root of the pages."""
        return (path + b"/").startswith(f"{ROOT}/".encode("ascii"))

    def answer(self, method: str, path: bytes) -> Response:
        """Answer a request for a page; may take as long as making them all."""
        if method not in ("GET", "HEAD"):
            return PlainTextResponse("Pages are only read.\n", 405, {"allow": "GET, HEAD"})
        # A server may let bytes through that no path should have.
        asked = path.decode("latin-1")
        if asked == ROOT:
            return RedirectResponse(f"{ROOT}/")
        name = unquote(asked.removeprefix(f"{ROOT}/")) or _FIRST
        files = self._all()
        if name not in files:
            return PlainTextResponse("There is no such page.\n" if files else _NONE, 404)
        kind = _TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")
        return Response(files[name], headers={**_HEADERS, "content-type": kind})

    def _all(self) -> Mapping[str, bytes]:
        with self._lock:
            if self._files is None:
                self._files = self._make()
            return self._files
