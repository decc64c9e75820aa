"""Requests that no client should send: broken JSON, wrong types of content, no credentials."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import replace

from orderspec import exact_json
from orderspec.contract.model import Operation
from orderspec.exchange import MISSING, Request
from orderspec.fuzz.cases import Case, Intent

DEPTH = 5000
_HUGE = "9" * 400


def malformed(operation: Operation, request: Request) -> Iterator[Case]:
    """Break the JSON of a valid request."""
    if request.body is MISSING:
        return
    text = exact_json.to_bytes(request.body)
    broken = {
        "the body ends in the middle": text[: len(text) // 2],
        "a trailing comma": text[:-1] + b",}",
        "no quotes around a name": text.replace(b'"', b"", 2),
        "two documents": text + b" " + text,
        "not UTF-8": b'{"\xff\xfe": "\xc3\x28"}',
        "an empty body": b"",
        "no JSON at all": b"<order/>",
        f"{DEPTH} nested lists": b"[" * DEPTH + b"]" * DEPTH,
        f"{DEPTH} nested lists without an end": b"[" * DEPTH,
    }
    for why, raw in broken.items():
        yield Case(operation.id, replace(request, raw=raw), Intent.REFUSED, why, "JSON")
    curious = {
        "NaN as a number": b'{"unknown": NaN,' + text[1:],
        "a number of 400 digits in an unknown member": f'{{"unknown":{_HUGE},'.encode() + text[1:],
        "a number beyond doubles in an unknown member": b'{"unknown":1e999,' + text[1:],
        "half a surrogate pair in an unknown member": b'{"unknown":"\\ud800",' + text[1:],
        "a NUL character in an unknown member": b'{"unknown":"\\u0000",' + text[1:],
        "a member twice": b'{"unknown":1,"unknown":2,' + text[1:],
        "deep nesting in an unknown member": (
            b'{"unknown":' + b"[" * 200 + b"]" * 200 + b"," + text[1:]
        ),
        "a long text in an unknown member": b'{"unknown":"' + b"x" * 200_000 + b'",' + text[1:],
    }
    for why, raw in curious.items():
        yield Case(operation.id, replace(request, raw=raw), Intent.OPEN, why, "JSON")


def odd_content(operation: Operation, request: Request) -> Iterator[Case]:
    """Send a valid request under other types of content and by other methods."""
    if request.body is not MISSING:
        for content_type in ("text/plain", "application/xml", "multipart/form-data", "nonsense"):
            headers = {**request.headers, "Content-Type": content_type}
            why = f"a body sent as {content_type}"
            yield Case(operation.id, replace(request, headers=headers), Intent.OPEN, why, "media")
    for method in {"DELETE", "PATCH"} - {operation.method}:
        why = f"the method {method}"
        yield Case(operation.id, replace(request, method=method), Intent.OPEN, why, "method")


def odd_paths(operation: Operation, request: Request) -> Iterator[Case]:
    """Put strange identifiers into the path."""
    for parameter in operation.parameters:
        if parameter.location != "path":
            continue
        strange = {
            "a quote": "'%20OR%20'1'='1",
            "a NUL byte": "a%00b",
            "bytes that are not UTF-8": "%ff%fe",
            "dots": "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
            "an astral character": "%F0%9F%98%80",
            "4000 characters": "x" * 4000,
        }
        for why, text in strange.items():
            path = operation.path.replace(f"{{{parameter.name}}}", text)
            changed = replace(request, path=path, path_parameters={parameter.name: text})
            yield Case(operation.id, changed, Intent.OPEN, f"{why} as {parameter.name}", "path")


def unauthenticated(
    operation: Operation, request: Request, credentials: Mapping[str, str]
) -> Iterator[Case]:
    """Leave out or spoil the credentials of a valid request."""
    schemes = [scheme for alternative in operation.security for scheme in alternative]
    if not schemes or any(not alternative for alternative in operation.security):
        return
    spoiled: dict[str, dict[str, str]] = {"no credentials": {}}
    for scheme in schemes:
        if scheme.type == "http" and scheme.name in credentials:
            word = scheme.scheme.capitalize()
            wrong = base64.b64encode(b"nobody:nothing").decode() if word == "Basic" else "nobody"
            spoiled[f"a wrong {scheme.scheme} credential"] = {"Authorization": f"{word} {wrong}"}
            spoiled[f"an empty {scheme.scheme} credential"] = {"Authorization": word}
            spoiled["a credential of an unknown scheme"] = {"Authorization": "Unknown nobody"}
        elif scheme.location == "header":
            spoiled[f"a wrong {scheme.parameter}"] = {scheme.parameter: "nobody"}
    for why, headers in spoiled.items():
        yield Case(
            operation.id, request, Intent.UNAUTHENTICATED, why, "credentials", headers=headers
        )
