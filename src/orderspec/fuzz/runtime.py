"""Runtime expressions of OpenAPI links: values of one exchange that the next request carries."""

import re
from typing import Any

from orderspec import pointer
from orderspec.exchange import MISSING, Exchange

_WHOLE = re.compile(r"\$(?:url$|method$|statusCode$|request\.|response\.)")
_EMBEDDED = re.compile(r"\{(\$[^{}]+)\}")


class UnresolvedError(LookupError):
    """The exchange does not hold what an expression names."""


def resolve(value: Any, exchange: Exchange) -> Any:
    """Replace every expression in a value by what the exchange holds.

    Raises:
        UnresolvedError: it does not hold it.
    """
    match value:
        case str() if _WHOLE.match(value):
            return _expression(value, exchange)
        case str():
            return _EMBEDDED.sub(lambda found: _part(found[1], exchange), value)
        case dict():
            return {name: resolve(item, exchange) for name, item in value.items()}
        case list():
            return [resolve(item, exchange) for item in value]
        case _:
            return value


def is_made_up(value: Any) -> bool:
    """Tell whether a text in a value is more than what an exchange holds."""
    match value:
        case str():
            return not _WHOLE.match(value) and _EMBEDDED.search(value) is not None
        case dict():
            return any(is_made_up(item) for item in value.values())
        case list():
            return any(is_made_up(item) for item in value)
        case _:
            return False


def is_taken(value: Any) -> bool:
    """Tell whether a value is just what an exchange holds at one place."""
    return isinstance(value, str) and _WHOLE.match(value) is not None


def _part(text: str, exchange: Exchange) -> str:
    """Resolve an expression that stands inside a text, where null is no part of it."""
    value = _expression(text, exchange)
    if value is None:
        raise UnresolvedError(text)
    return str(value)


def _expression(text: str, exchange: Exchange) -> Any:
    head, _, fragment = text.partition("#")
    request, response = exchange.request, exchange.response
    whole = {"$statusCode": response.status, "$method": request.method, "$url": request.path}
    if head in whole:
        return whole[head]
    bodies = {"$request.body": request.body, "$response.body": response.body}
    if head in bodies:
        return _below(bodies[head], fragment, text)
    place, _, name = head.rpartition(".")
    members = {
        "$request.path": request.path_parameters,
        "$request.query": request.query,
        "$request.header": request.headers,
        "$response.header": response.headers,
    }.get(place, {})
    name = name.lower() if place.endswith("header") else name
    if name not in members:
        raise UnresolvedError(text)
    return members[name]


def _below(body: Any, fragment: str, text: str) -> Any:
    if body is MISSING:
        raise UnresolvedError(text)
    try:
        return pointer.follow(body, pointer.parse(fragment))
    except KeyError:
        raise UnresolvedError(text) from None
