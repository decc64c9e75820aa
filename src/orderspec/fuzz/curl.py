"""Command lines that send a request again, without its secrets."""

import shlex

from orderspec import exact_json
from orderspec.contract.model import Operation
from orderspec.exchange import MISSING, Request
from orderspec.fuzz.transport import JSON, Access, credential_value, target

VARIABLE_PREFIX = "ORDERSPEC_CREDENTIAL_"


def variable(scheme: str) -> str:
    """Name the environment variable that holds a scheme's credential."""
    return VARIABLE_PREFIX + scheme.upper().replace("-", "_")


def curl(url: str, operation: Operation, request: Request, *, known: bool = True) -> str:
    """Write a request as a curl command; credentials are read from the environment.

    Args:
        url: base address of the deployment.
        operation: tells which credentials the request carries.
        request: the request.
        known: whether the request was sent with credentials at all.
    """
    parts = ["curl", "-sS"]
    if request.method != "GET":
        parts += ["-X", request.method]
    access, shown = _access(operation) if known else (Access({}, {}), [])
    address = url.rstrip("/") + target(request, access)
    words = [*parts, shlex.quote(address)] if not access.query else [*parts, f'"{address}"']
    words += shown
    body = request.raw if request.raw is not None else None
    if body is None and request.body is not MISSING:
        body = exact_json.to_bytes(request.body)
    headers = {"Content-Type": JSON} if body is not None else {}
    headers |= {name: value for name, value in request.headers.items() if value}
    for name, value in headers.items():
        words += ["-H", shlex.quote(f"{name}: {value}")]
    if body is not None:
        words += ["--data-binary", _quoted(body)]
    return " ".join(words)


def _access(operation: Operation) -> tuple[Access, list[str]]:
    query: dict[str, str] = {}
    words: list[str] = []
    for scheme in operation.security[0] if operation.security else ():
        reference = f"${variable(scheme.name)}"
        if scheme.location == "query":
            query[scheme.parameter] = reference
        elif scheme.scheme == "basic":
            words += ["-u", f'"{reference}"']
        else:
            words += ["-H", f'"{scheme.parameter}: {credential_value(scheme, reference)}"']
    return Access({}, query), words


def _quoted(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = ""
    if text.isprintable() or (text and "\0" not in text):
        return shlex.quote(text)
    escaped = "".join(f"\\x{byte:02x}" for byte in body[:2000])
    return f"$'{escaped}'"
