"""Lists of orders: filters, order, pages."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from orderspec.errors import ReadError
from orderspec.server.provider import Call, Reply
from orderspec.server.providers.threekit.refusals import error
from orderspec.validation.json_text import parse_text

Order = dict[str, Any]

_FILTERS = ("orgId", "shortId", "originOrgId")
_NEWEST_FIRST = "-createdAt"
_SORTS = (_NEWEST_FIRST, "createdAt")
_USUAL_PAGE = 50
_LONGEST_PAGE = 100
_DIGITS = 9


class _UnreadableError(ValueError):
    """A parameter that cannot be read; the argument says which, in a sentence."""


def list_orders(call: Call) -> Reply:
    """Answer one page of the orders that fit every filter, the newest first unless asked."""
    query = call.request.query
    try:
        platform, sort = _platform(query), _sort(query)
        page, per_page = _number(query, "page", 1), _number(query, "perPage", _USUAL_PAGE)
    except _UnreadableError as problem:
        return error(HTTPStatus.BAD_REQUEST.value, str(problem))
    per_page = min(per_page, _LONGEST_PAGE)
    orders = call.at("listed", [one for one in _sorted(call, sort) if _fits(one, query, platform)])
    start = (page - 1) * per_page
    shown = call.at("page", orders[start : start + per_page])
    listed = {"orders": shown, "page": page, "perPage": per_page, "sort": sort}
    return Reply(HTTPStatus.OK.value, {**listed, "count": len(orders)})


def _sorted(call: Call, sort: str) -> list[Order]:
    stored = call.transaction.list_orders()
    return stored[::-1] if sort == _NEWEST_FIRST else stored


def _fits(order: Order, query: Mapping[str, Any], platform: Mapping[str, Any]) -> bool:
    return all(order.get(name) == _text(query, name) for name in _FILTERS if name in query) and all(
        name in order["platform"] and order["platform"][name] == value
        for name, value in platform.items()
    )


def _text(query: Mapping[str, Any], name: str) -> str:
    """Read a parameter; of one that is repeated the last counts."""
    given = query[name]
    return str(given[-1] if isinstance(given, list) else given)


def _platform(query: Mapping[str, Any]) -> dict[str, Any]:
    if "platform" not in query:
        return {}
    try:
        platform = parse_text(_text(query, "platform"))
    except ReadError:
        platform = None
    if not isinstance(platform, dict):
        message = "The parameter platform is an object written as JSON."
        raise _UnreadableError(message)
    return platform


def _sort(query: Mapping[str, Any]) -> str:
    sort = _text(query, "sort") if "sort" in query else _NEWEST_FIRST
    if sort not in _SORTS:
        message = f"Orders are sorted by {' or '.join(_SORTS)}."
        raise _UnreadableError(message)
    return sort


def _number(query: Mapping[str, Any], name: str, default: int) -> int:
    if name not in query:
        return default
    text = _text(query, name)
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS and int(text) > 0):
        message = f"The parameter {name} is a whole number from 1 on."
        raise _UnreadableError(message)
    return int(text)
