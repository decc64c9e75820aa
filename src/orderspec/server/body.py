"""From the bytes of a request to its JSON value: media type, size, depth, text."""

import re
from typing import Any

from orderspec.contract.model import Operation
from orderspec.errors import ReadError
from orderspec.exchange import MISSING
from orderspec.server.arrival import Arrival, Overrun
from orderspec.server.limits import Limits
from orderspec.server.provider import Trouble
from orderspec.server.refused import Refused
from orderspec.validation.json_text import parse

# A string without an end takes the rest along: scanning on inside it would take quadratic time.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{\]}]', re.DOTALL)


def read_body(operation: Operation, arrival: Arrival, limits: Limits) -> Any:
    """Decode the body of a request.

    Returns:
        The value, numbers exact, or MISSING where the operation takes no body or none was sent.

    Raises:
        Refused: 415, 413, 408 or 400, in this order.
    """
    if operation.body is None:
        return MISSING
    _check_media_type(arrival)
    data = _whole(arrival, limits)
    if not data:
        if operation.body_required:
            raise Refused(Trouble.MALFORMED, 400, "The request has no body; JSON is expected.")
        return MISSING
    _check_depth(data, limits.depth)
    return _decoded(data)


def _check_media_type(arrival: Arrival) -> None:
    """Refuse what is named and is not JSON; a body without a name is taken for JSON."""
    for name in arrival.values("content-type"):
        essence = name.partition(";")[0].strip().lower()
        if essence and essence != "application/json" and not essence.endswith("+json"):
            detail = "The body is read as application/json; the request names another type."
            raise Refused(Trouble.UNSUPPORTED_MEDIA_TYPE, 415, detail)
    for coding in arrival.values("content-encoding"):
        if coding.strip().lower() not in {"", "identity"}:
            detail = "The body is read as it is; the request names a content encoding."
            raise Refused(Trouble.UNSUPPORTED_MEDIA_TYPE, 415, detail)


def _whole(arrival: Arrival, limits: Limits) -> bytes:
    if arrival.body is Overrun.TOO_LARGE:
        detail = f"The body is too large; at most {limits.body_bytes} bytes are read."
        raise Refused(Trouble.TOO_LARGE, 413, detail)
    if arrival.body is Overrun.TOO_SLOW:
        detail = f"The body did not arrive within {limits.seconds:g} seconds."
        raise Refused(Trouble.TIMEOUT, 408, detail, headers={"connection": "close"})
    return arrival.body


def _check_depth(data: bytes, most: int) -> None:
    if data.count(b"[") + data.count(b"{") <= most:
        return
    depth = 0
    for token in _TOKEN.finditer(data):
        if token[0] in b"[{":
            depth += 1
        elif token[0] in b"]}":
            depth -= 1
        if depth > most:
            detail = f"The body is nested more than {most} levels deep."
            raise Refused(Trouble.TOO_DEEP, 400, detail)


def _decoded(data: bytes) -> Any:
    try:
        return parse(data)
    except ReadError as problem:
        raise Refused(Trouble.MALFORMED, 400, _told(problem)) from None


def _told(problem: ReadError) -> str:
    place = f" (line {problem.line}, column {problem.column})" if problem.line else ""
    return f"The body is not JSON: {problem.message}{place}"
