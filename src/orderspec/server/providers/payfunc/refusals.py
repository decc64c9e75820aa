"""Word a refusal as the documented error: status, type, and what is wrong with the content."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from orderspec import pointer
from orderspec.findings import Finding
from orderspec.server.provider import Refusal, Reply, Trouble

_TYPES: Mapping[Trouble, str] = {
    Trouble.UNAUTHENTICATED: "not authorized",
    Trouble.NO_SUCH_PATH: "not found",
    Trouble.METHOD_NOT_ALLOWED: "method not allowed",
    Trouble.UNSUPPORTED_MEDIA_TYPE: "invalid content",
    Trouble.MALFORMED: "malformed content",
    Trouble.INVALID: "invalid content",
    Trouble.TOO_LARGE: "invalid content",
    Trouble.TOO_DEEP: "malformed content",
    Trouble.TIMEOUT: "timeout",
    Trouble.INTERNAL: "unknown error",
}
# A body that breaks a clause in every item does not need to hear it of every item.
_MOST_FLAWS = 20


def refuse(refusal: Refusal) -> Reply:
    """Word what the engine refuses."""
    if refusal.findings:
        flaws = [_flaw(finding) for finding in refusal.findings[:_MOST_FLAWS]]
        content = {"type": "request", "flaws": flaws}
        return _error(refusal.status, "flawed content", content)
    content = {"type": "request", "description": refusal.detail}
    return _error(refusal.status, _TYPES[refusal.trouble], content)


def flawed(content_type: str, name: str, condition: str) -> Reply:
    """Refuse a body for one of its members."""
    flaws = [{"property": name, "type": content_type, "condition": condition}]
    content = {"type": content_type, "flaws": flaws}
    return _error(HTTPStatus.BAD_REQUEST, "flawed content", content)


def not_found(description: str) -> Reply:
    """Refuse a request about something that is not there."""
    content = {"type": "request", "description": description}
    return _error(HTTPStatus.NOT_FOUND, "not found", content)


def _error(status: int, kind: str, content: Mapping[str, Any]) -> Reply:
    return Reply(int(status), {"status": int(status), "type": kind, "content": content})


def _flaw(finding: Finding) -> dict[str, Any]:
    steps: Iterable[str] = pointer.parse(f"#{finding.at}")
    return {
        "property": ".".join(steps),
        "type": str(finding.expected or finding.clause),
        "condition": finding.message,
    }
