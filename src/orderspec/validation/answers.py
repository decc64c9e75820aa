"""Bytes of an answer → what they say."""

import re
from collections.abc import Mapping

from orderspec.errors import ReadError
from orderspec.exchange import Response
from orderspec.validation.json_text import parse

# Every escape in turn, a pair of surrogates as one; a group of its own is half a pair. That each
# begins with a backslash keeps the search fast where there are none.
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def response_of(status: int, headers: Mapping[str, str], raw: bytes) -> Response:
    """Decode a body as JSON, exactly; what is not JSON is kept as the problem.

    Half a surrogate pair, which JSON's grammar allows and UTF-8 has no form for, is read as the
    replacement character: a server may echo what it was sent.
    """
    if not raw:
        return Response(status, headers, raw=raw)
    try:
        return Response(status, headers, parse(_without_halves(raw)), raw=raw)
    except ReadError as problem:
        return Response(status, headers, problem=problem.message, raw=raw)


def _without_halves(raw: bytes) -> bytes:
    return _ESCAPE.sub(lambda found: rb"\ufffd" if found[1] else found[0], raw)
