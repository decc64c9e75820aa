"""Secrets stay out of whatever is shown, also where a server sends them back."""

import base64
import html
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, lru_cache, partial
from typing import Any
from urllib.parse import quote, quote_plus

from orderspec.exchange import Exchange, Request, Response
from orderspec.findings import Finding

Hide = Callable[[str], str]
SHORTEST = 4
_SHORT_TEXT = 200
_SHORTEST_HALF = 5
_LONGEST_WORD = 12
_TELLING_BEGINNING = (8, 16)
_COOKIE = re.compile(r"(?m)^([^=;\s]+=)[^;\r\n]*")


@dataclass(frozen=True)
class _Needle:
    """One form that a secret takes, or the beginning of it.

    Attributes:
        text: the form.
        least: how many of its first characters give it away.
        start: where it begins.
        shown: what stands in its place.
    """

    text: str
    least: int
    start: re.Pattern[str]
    shown: str

    @cached_property
    def beginning(self) -> str:
        """Its first characters in small letters, which are looked for first: that is fast."""
        return self.text[: self.least].lower()

    def spans(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Find where the form stands, or as much of it as is there."""
        for match in self.start.finditer(text):
            end = match.end()
            for character in self.text[self.least :]:
                if text[end : end + 1].casefold() != character.casefold():
                    break
                end += 1
            yield match.start(), end, self.shown


def redacted(finding: Finding, credentials: Mapping[str, str]) -> Finding:
    """Put the credential's name in the place of every secret that a finding holds."""
    hide = _hider(credentials)
    return replace(
        finding,
        at=hide(finding.at),
        message=_clean(finding.message, hide),
        expected=_clean(finding.expected, hide),
        got=_clean(finding.got, hide),
        curl=_clean(finding.curl, hide),
    )


def redacted_text(text: str, credentials: Mapping[str, str]) -> str:
    """Put the credential's name in the place of every secret in a text."""
    return _hider(credentials)(text)


def cleaned_request(request: Request, credentials: Mapping[str, str]) -> Request:
    """Give a request without secrets; what is no credential, such as a key, stays."""
    hide = _hider(credentials)
    return replace(
        request,
        path=hide(request.path),
        path_parameters=_clean(request.path_parameters, hide),
        query=_clean(request.query, hide),
        headers=_clean(request.headers, hide),
        body=_clean(request.body, hide),
        raw=None if request.raw is None else _bytes(request.raw, hide),
    )


def cleaned_exchange(exchange: Exchange, credentials: Mapping[str, str]) -> Exchange:
    """Give an exchange without secrets: credentials, and the cookies that the server hands out.

    Args:
        exchange: a request and its response.
        credentials: security scheme name to secret.
    """
    hide = _hider(credentials)
    response: Response = replace(
        exchange.response,
        headers={
            name: _COOKIE.sub(r"\1{cookie}", value) if name == "set-cookie" else value
            for name, value in _clean(exchange.response.headers, hide).items()
        },
        body=_clean(exchange.response.body, hide),
        problem=hide(exchange.response.problem),
        raw=_bytes(exchange.response.raw, hide),
    )
    return replace(
        exchange, request=cleaned_request(exchange.request, credentials), response=response
    )


def _hider(credentials: Mapping[str, str]) -> Hide:
    return _hider_of(tuple(sorted(credentials.items())))


@lru_cache(maxsize=8)
def _hider_of(credentials: tuple[tuple[str, str], ...]) -> Hide:
    """Make the function that hides credentials in a text."""
    needles = [
        needle
        for name, credential in credentials
        for needle in _all_forms(credential, f"{{{name}}}")
    ]
    # Names of members and short values come again in each of thousands of exchanges.
    short = lru_cache(maxsize=10_000)(partial(_hidden, needles))

    def hide(text: str) -> str:
        return short(text) if len(text) < _SHORT_TEXT else _hidden(needles, text)

    return hide


def _hidden(needles: Sequence[_Needle], text: str) -> str:
    lowered = text.lower()
    present = [needle for needle in needles if needle.beginning in lowered]
    parts, done = [], 0
    for start, end, shown in sorted(span for needle in present for span in needle.spans(text)):
        if start >= done:
            parts += [text[done:start], shown]
        done = max(done, end)
    return "".join([*parts, text[done:]]) if parts else text


def _all_forms(credential: str, shown: str) -> Iterator[_Needle]:
    """Give the forms of a credential, and of what in ``user:password`` is a secret by itself.

    A user's name is one where it stands alone, or is no plain word: many hand out keys so. A short
    plain word is hidden only where it is a whole value, since reports hold words themselves.
    """
    yield from _forms(credential, shown)
    user, colon, password = credential.partition(":")
    if not colon:
        return
    for part in (password, user if not (password and user.isalpha()) else ""):
        if part.isalpha() and SHORTEST <= len(part) < _LONGEST_WORD:
            yield _needle(part, rf"(?:\A|(?<=[:=\"'])){re.escape(part)}(?=\Z|[&;\"'])", shown)
        else:
            yield from _forms(part, shown)


def _forms(secret: str, shown: str) -> Iterator[_Needle]:
    """Give the forms of a secret: as it is, as it travels, and as campaigns spoil it on purpose."""
    if not secret:
        return
    shortest, longest = _TELLING_BEGINNING
    half = secret[: len(secret) // 2]
    if len(secret) < SHORTEST:
        # It stands in ordinary words: it is hidden only where a credential stands.
        yield _needle(secret, rf"(?:(?<=bearer )|(?<==)){re.escape(secret)}(?![\w-])", shown)
    else:
        for form in _written(secret):
            least = min(len(form), max(shortest, min(len(form) // 2, longest)))
            yield _needle(form, re.escape(form[:least]), shown, least)
    if len(half) >= _SHORTEST_HALF and not half.isalpha():
        for form in _written(half):
            yield _needle(form, rf"(?<![\w-]){re.escape(form)}(?![\w-])", shown)
    for spoiled in (secret, half, f"{secret}0", secret.swapcase()):
        for form in _encoded(spoiled):
            if len(form) >= SHORTEST:
                yield _needle(form, re.escape(form), shown)


def _needle(form: str, start: str, shown: str, least: int | None = None) -> _Needle:
    return _Needle(form, least or len(form), re.compile(start, re.IGNORECASE), shown)


def _written(secret: str) -> set[str]:
    """Write a secret as JSON, addresses, web pages and Python do; case never tells forms apart."""
    as_json = (json.dumps(secret), json.dumps(secret, ensure_ascii=False))
    texts = {text[1:-1] for text in as_json}
    return {
        secret,
        repr(secret)[1:-1],
        html.escape(secret),
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        *texts,
        *(text.replace("/", "\\/") for text in texts),
    }


def _encoded(secret: str) -> set[str]:
    """Write a secret in base64, as Basic does, in both alphabets and without its end."""
    data = secret.encode(errors="surrogateescape")
    plain = {base64.b64encode(data).decode(), base64.urlsafe_b64encode(data).decode()}
    plain |= {text.rstrip("=") for text in plain}
    quoted = {quote(text, safe="") for text in plain}
    return plain | quoted | {text.replace("/", "\\/") for text in plain}


def _clean(value: Any, hide: Hide) -> Any:
    """Replace secrets in the texts of a value, and a number that is one."""
    match value:
        case str():
            return hide(value)
        case bool():
            return value
        case int() | Decimal():
            written = str(value)
            shown = hide(written)
            return value if shown == written else shown
        case Mapping():
            return {_clean(name, hide): _clean(item, hide) for name, item in value.items()}
        case list() | tuple():
            return [_clean(item, hide) for item in value]
        case _:
            return value


def _bytes(data: bytes, hide: Hide) -> bytes:
    return hide(data.decode(errors="surrogateescape")).encode(errors="surrogateescape")
