"""How an exchange of a campaign is shown: its address, its headers and its bodies, bounded."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from orderspec import exact_json, pointer
from orderspec.exchange import MISSING, Exchange, Request, Response
from orderspec.report.excerpt import Line, excerpt, plain_lines

JSON = "application/json"
_LONGEST_BODY = 16 * 1024
_LONGEST_TEXT = 4 * 1024
_LONGEST_HELD = 220


def address(request: Request) -> str:
    """Write path and query of a request; its credentials are not in it."""
    query = urlencode(dict(request.query), doseq=True)
    return f"{request.path}?{query}" if query else request.path


def sent_headers(request: Request) -> dict[str, str]:
    """Give the headers that a request was sent with, its credentials apart."""
    headers = {"accept": JSON}
    if sent_bytes(request) is not None:
        headers["content-type"] = JSON
    return headers | {name.lower(): value for name, value in request.headers.items()}


def sent_bytes(request: Request) -> bytes | None:
    """Give the bytes of a request's body, or None where it has none."""
    if request.raw is not None:
        return request.raw
    return None if request.body is MISSING else exact_json.to_bytes(request.body)


def as_text(data: bytes) -> str:
    """Decode bytes; what is no UTF-8 becomes an escape."""
    return data.decode(errors="backslashreplace")


def exchange_form(exchange: Exchange) -> dict[str, Any]:
    """Give an exchange's JSON form.

    A body of more than 16 KiB is `cut` instead: its size in bytes, and its beginning as text. One
    that is no JSON is `text`.
    """
    request, response = exchange.request, exchange.response
    return {
        "request": {
            "method": request.method,
            "path": request.path,
            "query": dict(request.query),
            "headers": sent_headers(request),
            **_body_form(request.body, sent_bytes(request)),
        },
        "response": {
            "status": response.status,
            "headers": dict(response.headers),
            **_body_form(response.body, response.raw),
        },
    }


def _body_form(body: Any, raw: bytes | None) -> dict[str, Any]:
    if raw is not None and len(raw) > _LONGEST_BODY:
        return {"cut": {"bytes": len(raw), "text": as_text(raw[:_LONGEST_TEXT])}}
    if body is not MISSING:
        return {"body": body}
    return {"text": as_text(raw)} if raw else {}


def request_lines(request: Request, at: str, most: int, *, exact: bool) -> list[Line]:
    """Write a request's body in lines, what is broken marked."""
    if request.raw is not None or request.body is MISSING:
        return _raw_lines(request.raw, most)
    return excerpt(request.body, at, most, exact=exact)


def response_lines(response: Response, at: str, most: int, *, exact: bool) -> list[Line]:
    """Write an answer's body in lines, what is broken marked."""
    if response.body is MISSING:
        return _raw_lines(response.raw, most)
    return excerpt(response.body, at, most, exact=exact)


def _raw_lines(raw: bytes | None, most: int) -> list[Line]:
    return plain_lines(as_text(raw[:_LONGEST_TEXT]), most) if raw else []


def request_line(request: Request) -> str:
    """Write what was sent in one line."""
    raw = sent_bytes(request)
    body = "" if raw is None else f" {as_text(raw[:_LONGEST_TEXT])}"
    return f"{request.method} {address(request)}{body}"


def answer_line(response: Response, at: str) -> str:
    """Write an answer in one line: as much of what holds the broken member as a line takes.

    A refusal is told whole, by the server's own words.
    """
    if not response.status:
        return "none"
    if response.body is MISSING:
        return f"{response.status} {as_text(response.raw[:_LONGEST_TEXT])}".rstrip()
    held = f" {exact_json.to_text(response.body)}"
    for steps in _holders(pointer.parse(at)):
        if len(held) <= _LONGEST_HELD:
            break
        try:
            found = pointer.follow(response.body, steps)
        except KeyError:
            break
        held = f", in {pointer.join(steps)}: {exact_json.to_text(found)}"
    return f"{response.status}{held}"


def _holders(steps: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Give the places that a place stands in, the widest first."""
    return (steps[:length] for length in range(1, len(steps)))
