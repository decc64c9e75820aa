"""Exchanges side by side, with the broken members marked."""

from collections.abc import Iterable, Iterator, Mapping

from orderspec.campaigns import Proof
from orderspec.exchange import Exchange
from orderspec.report.excerpt import Line
from orderspec.report.exchanges import JSON, address, request_lines, response_lines
from orderspec.report.html.markup import text

_MOST_LINES = 32
_LONGEST_HEADER = 200
_TELLING = ("content-type", "location", "retry-after")
REQUEST, RESPONSE = "request", "response"
_INDENT = "  "


def exchanges(proof: Proof, at: str, *, is_open: bool) -> Iterator[str]:
    """Write what a finding rests on: request beside answer, or one exchange beside the next.

    Args:
        proof: with one exchange at least.
        at: JSON Pointer of what is broken, in the last answer's body or its request's.
        is_open: whether to show it before somebody asks.
    """
    *earlier, last = proof.exchanges
    yield f"<details{' open' if is_open else ''}>"
    yield f"<summary>{'The two exchanges' if earlier else 'The exchange'}</summary>"
    yield f'<div class="{"pair" if earlier else "one"}">'
    for exchange in earlier:
        yield from _exchange("First: ", exchange, at, "")
    yield from _exchange(
        "Next: " if earlier else "", last, at, REQUEST if proof.in_request else RESPONSE
    )
    yield "</div></details>"


def _exchange(label: str, exchange: Exchange, at: str, broken: str) -> Iterator[str]:
    """Write an exchange; `broken` says which part the broken place is in, if it is in this one."""
    request, response = exchange.request, exchange.response
    yield '<div class="exchange">'
    title = f"{label}{request.method} {address(request)}"
    lines = request_lines(request, at, _MOST_LINES, exact=broken != REQUEST)
    yield _figure(title, request.headers, _shown(lines, broken=broken == REQUEST))
    status = str(response.status) if response.status else "No answer"
    headers = {
        name: value
        for name, value in response.headers.items()
        if name in _TELLING and not value.startswith(JSON)
    }
    lines = response_lines(response, at, _MOST_LINES, exact=broken != RESPONSE)
    yield _figure(status, headers, _shown(lines, broken=broken == RESPONSE))
    yield "</div>"


def _figure(title: str, headers: Mapping[str, str], body: str) -> str:
    told = "".join(
        f'<p class="header">{text(f"{name}: {value}", _LONGEST_HEADER)}</p>'
        for name, value in headers.items()
    )
    shown = f'<pre tabindex="0">{body}</pre>' if body else '<p class="soft">No body.</p>'
    return f"<figure><figcaption>{text(title)}</figcaption>{told}{shown}</figure>"


def _shown(lines: Iterable[Line], *, broken: bool) -> str:
    """Write lines; the place of the finding in a body that is not to blame is marked softly."""
    mark = "<mark>" if broken else '<mark class="same">'
    return "\n".join(_line(line, mark) for line in lines)


def _line(line: Line, mark: str) -> str:
    indent = _INDENT * line.depth
    shown = text(line.text)
    if line.is_gap:
        return f"{indent}<i>… {shown}</i>"
    return f"{indent}{mark}{shown}</mark>" if line.broken else f"{indent}{shown}"
