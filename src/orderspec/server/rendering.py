"""From a reply to what goes over the wire, and what a client makes of it."""

from collections.abc import Mapping

from orderspec import exact_json
from orderspec.exchange import MISSING, Response
from orderspec.server.provider import Reply

_JSON = "application/json"


def payload(reply: Reply) -> bytes:
    """Write the body of a reply: JSON, unless its headers name another type and it is text."""
    if reply.body is None:
        return b""
    if isinstance(reply.body, str) and not _is_json(reply.headers):
        return reply.body.encode("utf-8", errors="backslashreplace")
    return exact_json.to_bytes(reply.body)


def headers(reply: Reply) -> dict[str, str]:
    """Give the headers of a reply, by lower-case name."""
    given = {name.lower(): value for name, value in reply.headers.items()}
    return given if reply.body is None else {"content-type": _JSON, **given}


def received(reply: Reply) -> Response:
    """See a reply with a client's eyes."""
    raw = payload(reply)
    body = exact_json.from_text(raw) if raw and _is_json(reply.headers) else MISSING
    return Response(status=reply.status, headers=headers(reply), body=body, raw=raw)


def _is_json(given: Mapping[str, str]) -> bool:
    lowered = {name.lower(): value for name, value in given.items()}
    return "json" in lowered.get("content-type", _JSON)
