"""Send requests to the server under test, one at a time, within a time limit."""

import re
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import urllib3

from orderspec import exact_json
from orderspec.errors import UsageError
from orderspec.exchange import MISSING, Exchange, Request
from orderspec.fuzz.access import NOBODY, Access
from orderspec.validation.answers import response_of

JSON = "application/json"
LARGEST_ANSWER = 32 * 1024 * 1024
_CHUNK = 64 * 1024


class NoAnswerError(Exception):
    """The server gave no HTTP answer.

    Attributes:
        timed_out: it hangs; else the connection broke.
        refused: no connection was made, so that the request did not arrive.
    """

    def __init__(self, reason: str, *, timed_out: bool, refused: bool = False) -> None:
        """Keep the reason in words."""
        super().__init__(reason)
        self.timed_out = timed_out
        self.refused = refused


class Transport:
    """A connection to one deployment."""

    def __init__(self, url: str) -> None:
        """Open nothing yet.

        Args:
            url: base address; operations' paths are added to it.

        Raises:
            UsageError: the address is not one of HTTP, or holds a password.
        """
        self._base = _parsed(url).path or ""
        self._base = self._base.rstrip("/")
        self._pool = urllib3.connection_from_url(url, maxsize=1, retries=False)

    def send(self, operation: str, request: Request, access: Access, seconds: float) -> Exchange:
        """Send a request and decode the answer.

        A server may close a connection that was kept open, at any time: what fails on such a one
        is sent again on a new one.

        Args:
            operation: the operation's id.
            request: the request, credentials apart.
            access: the credentials.
            seconds: how long the answer may take.

        Raises:
            NoAnswerError: there was no HTTP answer in time.
        """
        opened = self._pool.num_connections
        try:
            status, headers, raw = self._once(request, access, seconds)
        except NoAnswerError as problem:
            if problem.timed_out or self._pool.num_connections > opened:
                raise
            status, headers, raw = self._once(request, access, seconds)
        return Exchange(operation, request, response_of(status, headers, raw))

    def _once(
        self, request: Request, access: Access, seconds: float
    ) -> tuple[int, dict[str, str], bytes]:
        body = body_of(request)
        headers = {"accept": JSON, **({} if body is None else {"content-type": JSON})}
        for given in (access.headers, request.headers):
            headers |= {name.lower(): value for name, value in given.items()}
        deadline = time.monotonic() + seconds
        try:
            answer = self._pool.urlopen(
                request.method,
                self._base + target(request, access),
                body=body,
                headers=headers,
                redirect=False,
                preload_content=False,
                timeout=urllib3.Timeout(total=seconds),
            )
            raw = _read(answer, deadline)
        except urllib3.exceptions.NewConnectionError as problem:
            # The library files a refused connection under timeouts.
            reason = f"the connection failed: {_cause(problem)}"
            raise NoAnswerError(reason, timed_out=False, refused=True) from problem
        except (urllib3.exceptions.TimeoutError, TimeoutError) as problem:
            reason = f"no answer within {seconds:g} s"
            raise NoAnswerError(reason, timed_out=True) from problem
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as problem:
            reason = f"the connection failed: {_cause(problem)}"
            raise NoAnswerError(reason, timed_out=False) from problem
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, raw


def _parsed(url: str) -> urllib3.util.Url:
    hint = "Give it as http://host:port or https://host."
    shown = re.sub(r"(?<=[/:])[^/]*@", "…@", url).partition("?")[0]
    try:
        parts = urllib3.util.parse_url(url)
    except urllib3.exceptions.LocationParseError as problem:
        message = f"{shown!r} is not an address"
        raise UsageError(message, hint) from problem
    if parts.scheme not in ("http", "https") or not parts.host:
        message = f"{shown!r} is not an address of an HTTP server"
        raise UsageError(message, hint)
    if parts.auth or parts.query or parts.fragment:
        message = "the address holds more than scheme, host, port and path"
        raise UsageError(message, "Reports show it: give secrets with --credential NAME=VALUE.")
    return parts


def _read(answer: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    """Read a body that comes in time; of one that is too long, the beginning."""
    parts: list[bytes] = []
    size = 0
    while size < LARGEST_ANSWER:
        part = answer.read1(_CHUNK)
        if not part:
            answer.release_conn()
            return b"".join(parts)
        parts.append(part)
        size += len(part)
        if time.monotonic() > deadline:
            answer.close()
            raise TimeoutError
    answer.close()
    return b"".join(parts)


def _cause(problem: BaseException) -> str:
    """Name what went wrong by its innermost cause: the library wraps it in retries and pools."""
    while problem.__cause__ or problem.__context__:
        problem = problem.__cause__ or problem.__context__ or problem
    return f"{type(problem).__name__} {problem}".strip()[:200]


def body_of(request: Request) -> bytes | None:
    """Give the bytes of a request's body, or None where it has none."""
    if request.raw is not None:
        return request.raw
    return None if request.body is MISSING else exact_json.to_bytes(request.body)


def target(request: Request, access: Access = NOBODY) -> str:
    """Write the path and query of a request."""
    query = {**request.query, **access.query}
    return request.path + (f"?{urlencode(query, doseq=True)}" if query else "")


def fill_path(template: str, parameters: Mapping[str, Any]) -> str:
    """Put path parameters into a template, percent-encoded."""
    path = template
    for name, value in parameters.items():
        path = path.replace(f"{{{name}}}", quote(written(value), safe=""))
    return path


def written(value: Any) -> str:
    """Write a value as a parameter travels: a number in a body is a text in a path."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
