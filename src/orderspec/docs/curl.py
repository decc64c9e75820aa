"""A request as a curl command: safe to paste whatever the contract holds, secrets left out."""

import re
import shlex
from urllib.parse import quote, urlencode

from orderspec.docs.excerpt import laid_out
from orderspec.docs.sent import Secret, Sent
from orderspec.exchange import MISSING

_BREAK = " \\\n  "


def curl(sent: Sent) -> str:
    """Write a request as a curl command of several lines."""
    has_body = sent.body is not MISSING
    usual = "POST" if has_body else "GET"
    method = "" if sent.method == usual else f"-X {shlex.quote(sent.method)} "
    words = [f"curl {method}{_address(sent)}"]
    words += [f"-u {_expanded(sent.basic)}"] if sent.basic else []
    words += [f"-H {_header(name, value)}" for name, value in sent.headers]
    if has_body:
        words.append("-H 'Content-Type: application/json'")
        words.append(f"-d {shlex.quote(laid_out(sent.body))}")
    return _BREAK.join(words)


def _address(sent: Sent) -> str:
    plain = [(name, value) for name, value in sent.query if isinstance(value, str)]
    query = f"?{urlencode(plain)}" if plain else ""
    written = shlex.quote(sent.address + query)
    for name, value in sent.query:
        if isinstance(value, Secret):
            mark = "&" if "?" in written else "?"
            written += shlex.quote(f"{mark}{quote(name)}=") + _expanded(value)
    return f"--globoff {written}" if re.search(r"[][{}]", sent.address + query) else written


def _header(name: str, value: str | Secret) -> str:
    if isinstance(value, Secret):
        return shlex.quote(f"{name}: {value.before}") + _expanded(value)
    return shlex.quote(f"{name}: {value}")


def _expanded(secret: Secret) -> str:
    return f'"${secret.variable}"'
