"""Bytes of an answer → what they say."""

import re
from collections.abc import Mapping

from orderspec.errors import ReadError
from orderspec.exchange import Response
from orderspec.validation.json_text import parse

# An escaped high surrogate without a low one after it, or a low one without a high one before;
# the backslash that escapes it is itself not escaped.
_HALF_PAIR = re.compile(
    rb"(?<!\\)((?:\\\\)*)(?:\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    rb"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2})"
)


def response_of(status: int, headers: Mapping[str, str], raw: bytes) -> Response:
    """Decode a body as JSON, exactly; what is not JSON is kept as the problem.

    Half a surrogate pair, which JSON's grammar allows and UTF-8 has no form for, is read as the
    replacement character: a server may echo what it was sent.
    """
    if not raw:
        return Response(status, headers, raw=raw)
    try:
        return Response(status, headers, parse(_HALF_PAIR.sub(rb"\1\\ufffd", raw)), raw=raw)
    except ReadError as problem:
        return Response(status, headers, problem=problem.message, raw=raw)
