"""The exchanges of a campaign as an HTTP archive (HAR 1.2), bounded in size."""

import base64
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from orderspec import __version__
from orderspec.campaigns import CampaignReport, Recorded
from orderspec.exchange import Request, Response
from orderspec.report.exchanges import JSON, address, as_text, sent_bytes, sent_headers

_LONGEST_BODY = 64 * 1024
_LARGEST = 32 * 1024 * 1024
_OVERHEAD = 1024


def har(report: CampaignReport) -> dict[str, Any]:
    """Give the archive.

    What the campaign recorded is in it, without credentials. Bodies are cut after 64 KiB, and
    after 32 MiB the bodies of further exchanges are left out; comments say where.
    """
    entries, room = [], _LARGEST
    for recorded in report.recorded:
        longest = min(_LONGEST_BODY, max(0, room))
        entry = _entry(report.url, recorded, longest)
        room -= _size(entry)
        entries.append(entry)
    comment = "Credentials are left out, and shown by their names where a server sends them back."
    if room < 0:
        comment += f" Bodies are left out once they come to {_LARGEST // 1024 // 1024} MiB."
    log = {
        "version": "1.2",
        "creator": {"name": "orderspec", "version": __version__},
        "pages": [],
        "entries": entries,
        "comment": comment,
    }
    return {"log": log}


def _size(entry: dict[str, Any]) -> int:
    sent = len(entry["request"].get("postData", {}).get("text", ""))
    return _OVERHEAD + sent + len(entry["response"]["content"].get("text", ""))


def _entry(url: str, recorded: Recorded, longest: int) -> dict[str, Any]:
    milliseconds = round(recorded.seconds * 1000, 3)
    return {
        "startedDateTime": datetime.fromtimestamp(recorded.started, UTC).isoformat(),
        "time": milliseconds,
        "request": _request(url, recorded.exchange.request, longest),
        "response": _response(recorded.exchange.response, longest),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "_number": recorded.number,
        "_operation": recorded.exchange.operation,
        "_step": recorded.step,
    }


def _request(url: str, request: Request, longest: int) -> dict[str, Any]:
    target = url.rstrip("/") + address(request)
    pairs = parse_qsl(urlsplit(target).query, keep_blank_values=True)
    headers, raw = sent_headers(request), sent_bytes(request)
    form: dict[str, Any] = {
        "method": request.method,
        "url": target,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(headers),
        "queryString": [{"name": name, "value": value} for name, value in pairs],
        "headersSize": -1,
        "bodySize": len(raw or b""),
    }
    if raw is not None:
        form["postData"] = {
            "mimeType": headers.get("content-type", JSON),
            "text": as_text(raw[:longest]),
            **_cut(len(raw), longest),
        }
    return form


def _response(response: Response, longest: int) -> dict[str, Any]:
    content: dict[str, Any] = {
        "size": len(response.raw),
        "mimeType": response.headers.get("content-type", ""),
        **_text(response.raw[:longest]),
        **_cut(len(response.raw), longest),
    }
    return {
        "status": response.status,
        "statusText": _phrase(response.status),
        "httpVersion": "HTTP/1.1" if response.status else "",
        "cookies": [],
        "headers": _pairs(response.headers),
        "content": content,
        "redirectURL": response.headers.get("location", ""),
        "headersSize": -1,
        "bodySize": len(response.raw),
    }


def _pairs(headers: Any) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def _text(raw: bytes) -> dict[str, str]:
    try:
        return {"text": raw.decode()}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(raw).decode(), "encoding": "base64"}


def _cut(size: int, longest: int) -> dict[str, str]:
    return {"comment": f"cut: {longest} of {size} bytes"} if size > longest else {}


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "" if status else "no answer"
