"""An exchange: one HTTP request and the response it got, with bodies already decoded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


class _Missing:
    """The type of MISSING: a body that is not there, as against the JSON value null."""

    def __repr__(self) -> str:
        return "MISSING"

    def __reduce__(self) -> str:
        """Stay the only one in every process: pickled by name."""
        return "MISSING"


MISSING: Final = _Missing()


@dataclass(frozen=True, slots=True)
class Request:
    """What was sent.

    Attributes:
        method: upper case.
        path: the path as sent, without the query.
        path_parameters: name to value, as the operation's template names them.
        query: name to value.
        headers: lower-case name to value.
        body: the decoded JSON value, or MISSING.
        raw: the bytes sent, where they are not simply the body as JSON.
    """

    method: str
    path: str
    path_parameters: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = MISSING
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What came back.

    Attributes:
        status: the HTTP status code.
        headers: lower-case name to value.
        body: the decoded JSON value, or MISSING where there was none or it is not JSON.
        problem: why the body could not be decoded as JSON, or an empty string.
        raw: the bytes received.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = MISSING
    problem: str = ""
    raw: bytes = b""

    @property
    def ok(self) -> bool:
        """A 2xx status."""
        return 200 <= self.status < 300  # noqa: PLR2004 (the class of success statuses)

    @property
    def is_refusal(self) -> bool:
        """A 4xx status."""
        return 400 <= self.status < 500  # noqa: PLR2004 (the class of what clients did wrong)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request to an operation and the response it got."""

    operation: str
    request: Request
    response: Response


def as_variables(exchange: Exchange) -> dict[str, Any]:
    """Give rules their view of an exchange.

    Returns:
        ``{"request": {path, query, headers, body}, "response": {status, headers, body}}``;
        a body that is missing has no member.
    """
    request: dict[str, Any] = {
        "path": dict(exchange.request.path_parameters),
        "query": dict(exchange.request.query),
        "headers": dict(exchange.request.headers),
    }
    response: dict[str, Any] = {
        "status": exchange.response.status,
        "headers": dict(exchange.response.headers),
    }
    if exchange.request.body is not MISSING:
        request["body"] = exchange.request.body
    if exchange.response.body is not MISSING:
        response["body"] = exchange.response.body
    return {"request": request, "response": response}
