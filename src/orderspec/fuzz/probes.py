"""Requests that no client should send: broken JSON, wrong types of content, no credentials."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from orderspec import exact_json
from orderspec.contract.model import Operation
from orderspec.exchange import MISSING, Request
from orderspec.fuzz.access import Spoils, alternatives, spoiled_secrets
from orderspec.fuzz.cases import MEDIA, METHOD, PARAMETER, PATH, Case, Intent
from orderspec.fuzz.transport import fill_path

DEPTH = 5000
# A server may answer with all that it was sent, in a list of such; we read `MAX_DEPTH` levels.
ECHOED_DEPTH = 150
# A method that nobody has: DELETE or PATCH could change what is real on a server that has them.
UNKNOWN_METHOD = "BREW"
_HUGE = "9" * 400
_ODD_VALUES = {
    "a word": "NO_SUCH_VALUE",
    "nothing": "",
    "a negative number": "-1",
    "a number of 400 digits": _HUGE,
    "a quote": "' OR '1'='1",
    "a broken escape": "{%",
}


def malformed(operation: Operation, request: Request) -> Iterator[Case]:
    """Break the JSON of a valid request, and stretch it."""
    if request.body is MISSING:
        return
    text = exact_json.to_bytes(request.body)
    broken = {why: raw for why, raw in _broken(text).items() if not _is_json(raw)}
    # Never parsed here: a collection of garbage that far down ends in an error that nobody catches.
    broken[f"{DEPTH} nested lists without an end"] = b"[" * DEPTH
    if operation.body_required:
        broken["an empty body"] = b""
    if not isinstance(request.body, list):
        broken[f"{DEPTH} nested lists"] = b"[" * DEPTH + b"]" * DEPTH
    for why, raw in broken.items():
        yield Case(operation.id, replace(request, raw=raw), Intent.REFUSED, why, "JSON")
    if isinstance(request.body, dict) and request.body:
        for why, raw in _curious(text).items():
            yield Case(operation.id, replace(request, raw=raw), Intent.OPEN, why, "JSON")


def _broken(text: bytes) -> dict[str, bytes]:
    return {
        "the body ends in the middle": text[: len(text) // 2],
        "the last character missing": text[:-1],
        "a trailing comma": text[:-1] + b"," + text[-1:],
        "no quotes around a name": text.replace(b'"', b"", 2),
        "two documents": text + b" " + text,
        "not UTF-8": b'{"\xff\xfe": "\xc3\x28"}',
        "no JSON at all": b"<order/>",
    }


def _curious(text: bytes) -> dict[str, bytes]:
    """Add a member that nobody knows to an object that has others."""
    return {
        "NaN as a number": b'{"unknown": NaN,' + text[1:],
        "a number of 400 digits in an unknown member": f'{{"unknown":{_HUGE},'.encode() + text[1:],
        "a number beyond doubles in an unknown member": b'{"unknown":1e999,' + text[1:],
        "half a surrogate pair in an unknown member": b'{"unknown":"\\ud800",' + text[1:],
        "a NUL character in an unknown member": b'{"unknown":"\\u0000",' + text[1:],
        "a member twice": b'{"unknown":1,"unknown":2,' + text[1:],
        "deep nesting in an unknown member": (
            b'{"unknown":' + b"[" * ECHOED_DEPTH + b"]" * ECHOED_DEPTH + b"," + text[1:]
        ),
        "a long text in an unknown member": b'{"unknown":"' + b"x" * 200_000 + b'",' + text[1:],
    }


def _is_json(raw: bytes) -> bool:
    """Tell whether the most lenient reader of JSON could read it."""
    try:
        json.loads(raw)
    except ValueError:
        return False
    return True


def odd_content(operation: Operation, request: Request) -> Iterator[Case]:
    """Send a valid request under other types of content and by other methods."""
    if request.body is not MISSING:
        for content_type in ("text/plain", "application/xml", "multipart/form-data", "nonsense"):
            headers = {**request.headers, "content-type": content_type}
            why = f"a body sent as {content_type}"
            yield Case(operation.id, replace(request, headers=headers), Intent.OPEN, why, MEDIA)
    why = f"the method {UNKNOWN_METHOD}"
    yield Case(operation.id, replace(request, method=UNKNOWN_METHOD), Intent.OPEN, why, METHOD)


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
            template = operation.path.replace(f"{{{parameter.name}}}", text)
            path = fill_path(template, request.path_parameters)
            parameters = {**request.path_parameters, parameter.name: text}
            changed = replace(request, path=path, path_parameters=parameters)
            yield Case(operation.id, changed, Intent.OPEN, f"{why} as {parameter.name}", PATH)


def odd_parameters(operation: Operation, request: Request) -> Iterator[Case]:
    """Put strange values into the query and the headers.

    Many servers overlook what they cannot read there, and no document that is at hand forbids it:
    what they answer is open.
    """
    for parameter in operation.parameters:
        if parameter.location not in ("query", "header"):
            continue
        for why, value in _ODD_VALUES.items():
            if parameter.location == "query":
                odd = replace(request, query={**request.query, parameter.name: value})
            else:
                odd = replace(request, headers={**request.headers, parameter.name.lower(): value})
            yield Case(operation.id, odd, Intent.OPEN, f"{why} as {parameter.name}", PARAMETER)


def unauthenticated(
    operation: Operation, request: Request, credentials: Mapping[str, str]
) -> Iterator[Case]:
    """Leave out or spoil the credentials of a valid request, one after the other."""
    if not operation.is_secured:
        return
    for turn, schemes in enumerate(alternatives(operation, credentials)):
        ways: dict[str, Spoils] = {}
        if not turn:
            ways["no credentials"] = {scheme.name: None for scheme in schemes}
        for scheme in schemes:
            if len(schemes) > 1:
                ways[f"no {scheme.name}"] = {scheme.name: None}
            for why, spoiled in spoiled_secrets(scheme, credentials[scheme.name]).items():
                ways[f"{why} as {scheme.name}"] = {scheme.name: spoiled}
        for why, spoils in ways.items():
            yield Case(
                operation.id,
                request,
                Intent.UNAUTHENTICATED,
                why,
                "credentials",
                spoils=spoils,
                alternative=turn,
            )


def other_access(
    case: Case, operation: Operation, credentials: Mapping[str, str]
) -> Iterator[Case]:
    """Send a valid request with each of the other alternatives of security."""
    for turn in range(1, len(alternatives(operation, credentials))):
        yield replace(case, alternative=turn)
