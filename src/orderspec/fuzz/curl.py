"""Command lines that send a request again, without its secrets, in any POSIX shell."""

import re
import shlex
from collections.abc import Sequence
from itertools import chain
from urllib.parse import quote

from orderspec.contract.model import SecurityScheme
from orderspec.exchange import Request
from orderspec.fuzz.access import UNSPOILED, Spoiled, Spoils
from orderspec.fuzz.transport import JSON, body_of, target

VARIABLE_PREFIX = "ORDERSPEC_CREDENTIAL_"
# Linux starts no program with a longer argument; what the shell itself writes has no such limit.
_LONGEST_ARGUMENT = 100_000
_WHOLE = Spoiled("", "{variable}")


def variable(scheme: str) -> str:
    """Name the environment variable that holds a scheme's credential."""
    return VARIABLE_PREFIX + re.sub(r"[^A-Z0-9]", "_", scheme.upper())


def curl(
    url: str,
    request: Request,
    schemes: Sequence[SecurityScheme] = (),
    spoils: Spoils = UNSPOILED,
) -> str:
    """Write a request as a curl command; credentials are read from the environment.

    Args:
        url: base address of the deployment.
        request: the request.
        schemes: those that the request was sent with.
        spoils: what of their secrets was wrong on purpose.
    """
    body = body_of(request)
    credentials = [(scheme, spoils.get(scheme.name, _WHOLE)) for scheme in schemes]
    shown = [(scheme, spoiled) for scheme, spoiled in credentials if spoiled is not None]
    address = url.rstrip("/") + target(request)
    words = ["curl", "-sS", *_method(request.method, body), *_as_it_is(address)]
    words += _addressed(address, shown, has_body=body is not None)
    for scheme, spoiled in shown:
        words += _credential(scheme, spoiled)
    headers = {} if body is None else {"content-type": ("Content-Type", JSON)}
    headers |= {name.lower(): (name, value) for name, value in request.headers.items()}
    for name, value in headers.values():
        text = f"{name}: {value}" if value else f"{name};"
        words += ["-H", _word(text.encode("latin-1", errors="replace"))]
    if body is None:
        return " ".join(words)
    if _is_plain(body) and len(body) < _LONGEST_ARGUMENT:
        return " ".join([*words, "--data-raw", shlex.quote(body.decode())])
    written = f"%s {shlex.quote(body.decode())}" if _is_plain(body) else f"'{_escaped(body)}'"
    return " ".join(["printf", written, "|", *words, "--data-binary", "@-"])


def _method(method: str, body: bytes | None) -> list[str]:
    if method == "HEAD" and body is None:
        return ["--head"]
    return [] if method == ("GET" if body is None else "POST") else ["-X", method]


def _as_it_is(address: str) -> list[str]:
    """Keep curl from reading patterns into an address, and from tidying its path."""
    patterns = ["--globoff"] if re.search(r"[][{}]", address) else []
    dots = ["--path-as-is"] if re.search(r"(?i)/(?:\.|%2e)", address) else []
    return patterns + dots


def _addressed(
    address: str, credentials: Sequence[tuple[SecurityScheme, Spoiled]], *, has_body: bool
) -> list[str]:
    """Write an address with the credentials of its query, which the shell encodes.

    curl does it itself where there is no body (and, since 7.87, elsewhere; many have an older one).
    """
    pairs = [
        (quote(scheme.parameter), _reference(scheme, spoiled))
        for scheme, spoiled in credentials
        if scheme.location == "query"
    ]
    word = _word(address.encode())
    if not has_body:
        data = [["--data-urlencode", f'"{name}={reference}"'] for name, reference in pairs]
        return ["-G", word, *chain.from_iterable(data)] if data else [word]
    query = "&".join(f"{name}={_encoded(reference)}" for name, reference in pairs)
    return [word + (f'"{"&" if "?" in address else "?"}{query}"' if query else "")]


def _encoded(reference: str) -> str:
    digits = f"printf %s \"{reference}\" | od -An -v -tx1 | tr -d ' \\n' | sed 's/../%&/g'"
    return f"$({digits})"


def _credential(scheme: SecurityScheme, spoiled: Spoiled) -> list[str]:
    reference = _reference(scheme, spoiled)
    if scheme.location == "query":
        return []
    if scheme.location == "cookie":
        return ["-b", f'"{scheme.parameter}={reference}"']
    if scheme.type == "apiKey":
        return ["-H", f'"{scheme.parameter}: {reference}"']
    if scheme.scheme == "basic" and spoiled == _WHOLE:
        return ["-u", f'"{reference}"']
    if scheme.scheme == "basic":
        reference = f"$(printf %s \"{reference}\" | base64 | tr -d '\\n')"
    return ["-H", f'"Authorization: {spoiled.word or scheme.scheme.capitalize()} {reference}"']


def _reference(scheme: SecurityScheme, spoiled: Spoiled) -> str:
    return spoiled.shell.replace("{variable}", f"${{{variable(scheme.name)}}}")


def _is_plain(data: bytes) -> bool:
    """Tell whether bytes are text that a terminal shows as it is."""
    try:
        return data.decode().isprintable()
    except UnicodeDecodeError:
        return False


def _word(data: bytes) -> str:
    if _is_plain(data) and data.isascii():
        return shlex.quote(data.decode())
    return f"\"$(printf '{_escaped(data)}')\""


def _escaped(data: bytes) -> str:
    """Write bytes as a format of printf: letters, digits and blanks as they are."""
    return "".join(
        chr(byte) if re.match(rb"[A-Za-z0-9 .,:;_{}\[\]\"=/-]", bytes([byte])) else f"\\{byte:03o}"
        for byte in data
    )
