"""A request as a curl command: safe to paste whatever the contract holds, secrets left out."""

import re
import shlex
from collections.abc import Iterator, Sequence
from urllib.parse import quote, urlencode

from orderspec.contract.model import Operation, SecurityScheme
from orderspec.docs.excerpt import laid_out
from orderspec.exchange import MISSING, Request

_BREAK = " \\\n  "


def curl(server: str, operation: Operation, request: Request) -> str:
    """Write a request as a curl command of several lines.

    Args:
        server: base address.
        operation: whose method, path and first way of access are used.
        request: gives path parameters, query, headers and body; a path parameter that it lacks
            stays a ``{name}`` in the address.
    """
    schemes = operation.security[0] if operation.security else ()
    has_body = request.body is not MISSING
    usual = "POST" if has_body else "GET"
    method = "" if operation.method == usual else f"-X {shlex.quote(operation.method)} "
    words = [f"curl {method}{_address(server, operation, request, schemes)}"]
    words += _access(schemes)
    given = {scheme.parameter.lower() for scheme in schemes if scheme.location == "header"}
    for name, value in request.headers.items():
        if name.lower() not in {*given, "content-type"}:
            words.append(f"-H {shlex.quote(f'{name}: {value}')}")
    if has_body:
        words.append("-H 'Content-Type: application/json'")
        words.append(f"-d {shlex.quote(laid_out(request.body))}")
    return _BREAK.join(words)


def _address(
    server: str, operation: Operation, request: Request, schemes: Sequence[SecurityScheme]
) -> str:
    path = operation.path
    for name, value in request.path_parameters.items():
        path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
    query = f"?{urlencode(request.query, doseq=True)}" if request.query else ""
    written = shlex.quote(server.rstrip("/") + path + query)
    for scheme in schemes:
        if scheme.location == "query":
            mark = "&" if query or "?" in written else "?"
            written += shlex.quote(f"{mark}{scheme.parameter}=") + _secret(scheme)
    return f"--globoff {written}" if re.search(r"[][{}]", path + query) else written


def _access(schemes: Sequence[SecurityScheme]) -> Iterator[str]:
    for scheme in schemes:
        if scheme.scheme == "basic":
            yield f"-u {_secret(scheme)}"
        elif scheme.type == "apiKey" and scheme.location == "header":
            yield f"-H {shlex.quote(f'{scheme.parameter}: ')}{_secret(scheme)}"
        elif scheme.type == "http":
            yield f"-H 'Authorization: {scheme.scheme.capitalize()} '{_secret(scheme)}"


def _secret(scheme: SecurityScheme) -> str:
    return f'"${re.sub(r"[^A-Z0-9]", "_", scheme.name.upper())}"'
