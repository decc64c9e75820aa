"""Send requests to the server under test, one at a time, within a time limit."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import urllib3

from orderspec import exact_json
from orderspec.contract.model import Operation, SecurityScheme
from orderspec.errors import ReadError, UsageError
from orderspec.exchange import MISSING, Exchange, Request, Response
from orderspec.validation.json_text import parse

JSON = "application/json"
LARGEST_ANSWER = 32 * 1024 * 1024


class NoAnswerError(Exception):
    """The server gave no HTTP answer; `timed_out` tells a hang from a broken connection."""

    def __init__(self, reason: str, *, timed_out: bool) -> None:
        """Keep the reason in words."""
        super().__init__(reason)
        self.timed_out = timed_out


@dataclass(frozen=True, slots=True)
class Access:
    """How a request shows who sends it: headers and query parameters."""

    headers: Mapping[str, str]
    query: Mapping[str, str]


NOBODY = Access({}, {})


def access_for(operation: Operation, credentials: Mapping[str, str]) -> Access:
    """Choose the first alternative of an operation's security that the credentials cover."""
    for schemes in operation.security:
        if all(scheme.name in credentials for scheme in schemes):
            headers: dict[str, str] = {}
            query: dict[str, str] = {}
            for scheme in schemes:
                place = query if scheme.location == "query" else headers
                place[scheme.parameter] = credential_value(scheme, credentials[scheme.name])
            return Access(headers, query)
    return NOBODY


def credential_value(scheme: SecurityScheme, secret: str) -> str:
    """Write a credential as its scheme does."""
    if scheme.type == "apiKey":
        return secret
    if scheme.scheme == "basic":
        return "Basic " + base64.b64encode(secret.encode()).decode()
    return f"{scheme.scheme.capitalize()} {secret}"


class Transport:
    """A connection to one deployment."""

    def __init__(self, url: str, timeout: float) -> None:
        """Open nothing yet.

        Args:
            url: base address; operations' paths are added to it.
            timeout: seconds that an answer may take.

        Raises:
            UsageError: the address is not one of HTTP.
        """
        parts = urllib3.util.parse_url(url)
        if parts.scheme not in ("http", "https") or not parts.host:
            message = f"{url!r} is not an address of an HTTP server"
            raise UsageError(message, "Give it as http://host:port or https://host.")
        self.url = url.rstrip("/")
        self._pool = urllib3.PoolManager(
            retries=False, timeout=urllib3.Timeout(total=timeout), maxsize=2
        )
        self._timeout = timeout

    def send(self, operation: str, request: Request, access: Access) -> Exchange:
        """Send a request and decode the answer.

        Raises:
            NoAnswerError: there was no HTTP answer in time.
        """
        headers = {"Accept": JSON, **access.headers}
        body = request.raw
        if body is None and request.body is not MISSING:
            body = exact_json.to_bytes(request.body)
        if body is not None:
            headers["Content-Type"] = JSON
        headers.update(request.headers)
        try:
            answer = self._pool.request(
                request.method,
                self.url + target(request, access),
                body=body,
                headers={name: value for name, value in headers.items() if value},
                redirect=False,
                preload_content=False,
            )
            raw = answer.read(LARGEST_ANSWER)
            answer.release_conn()
        except urllib3.exceptions.TimeoutError as problem:
            reason = f"no answer within {self._timeout:g} s"
            raise NoAnswerError(reason, timed_out=True) from problem
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as problem:
            reason = f"the connection failed: {type(problem).__name__}"
            raise NoAnswerError(reason, timed_out=False) from problem
        received = {name.lower(): value for name, value in answer.headers.items()}
        return Exchange(operation, request, response_of(answer.status, received, raw))


def response_of(status: int, headers: Mapping[str, str], raw: bytes) -> Response:
    """Decode a body as JSON, exactly; what is not JSON is kept as the problem."""
    if not raw:
        return Response(status, headers, raw=raw)
    try:
        return Response(status, headers, parse(raw), raw=raw)
    except ReadError as problem:
        return Response(status, headers, problem=problem.message, raw=raw)


def target(request: Request, access: Access = NOBODY) -> str:
    """Write the path and query of a request."""
    query = {**request.query, **access.query}
    return request.path + (f"?{urlencode(query, doseq=True)}" if query else "")


def fill_path(template: str, parameters: Mapping[str, Any]) -> str:
    """Put path parameters into a template, percent-encoded."""
    path = template
    for name, value in parameters.items():
        path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
    return path
