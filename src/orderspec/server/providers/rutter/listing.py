"""Lists: which orders a query asks for, and the page of them that it gets."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

Json = dict[str, Any]

PAGE = 20
LONGEST_PAGE = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UnreadableError(ValueError):
    """A query with a number that is none, or a cursor that was never given out."""


def is_wanted(order: Mapping[str, Any], query: Mapping[str, Any]) -> bool:
    """Tell whether an order passes every filter of a query.

    Raises:
        UnreadableError: a filter cannot be read.
    """
    exact = ("payment_status", "fulfillment_status")
    return (
        all(order[name] == query[name] for name in exact if name in query)
        and (
            "order_number" not in query
            or _number(query["order_number"]) == _number(order["order_number"])
        )
        and ("phone" not in query or query["phone"] in _phones(order))
        and all(_within(order, member, query) for member in ("created_at", "updated_at"))
    )


def page(orders: Sequence[Json], query: Mapping[str, Any]) -> tuple[list[Json], str | None]:
    """Cut one page out of the orders that are wanted.

    Returns:
        The orders of the page, and the cursor of the next one, or None.

    Raises:
        UnreadableError: the query's cursor or limit cannot be read.
    """
    start = _start(orders, query["cursor"]) if "cursor" in query else 0
    size = int(min(max(_number(query.get("limit", PAGE)), Decimal(1)), Decimal(LONGEST_PAGE)))
    shown = list(orders[start : start + size])
    is_last = start + size >= len(orders)
    return shown, None if is_last or not shown else _cursor(shown[-1])


def _number(value: Any) -> Decimal:
    try:
        number = Decimal(value)
    except (ArithmeticError, TypeError, ValueError):
        raise UnreadableError(value) from None
    if not number.is_finite():
        raise UnreadableError(value)
    return number


def _phones(order: Mapping[str, Any]) -> list[str]:
    holders = (order["customer"], order["billing_address"], order["shipping_address"])
    return [holder["phone"] for holder in holders if holder and holder["phone"]]


def _within(order: Mapping[str, Any], member: str, query: Mapping[str, Any]) -> bool:
    moment = (datetime.fromisoformat(order[member]) - _EPOCH) // timedelta(milliseconds=1)
    earliest, latest = query.get(f"{member}_min"), query.get(f"{member}_max")
    return (earliest is None or moment >= _number(earliest)) and (
        latest is None or moment <= _number(latest)
    )


def _cursor(last: Mapping[str, Any]) -> str:
    return urlsafe_b64encode(last["id"].encode()).decode()


def _start(orders: Sequence[Json], cursor: str) -> int:
    """Find where the page after a cursor begins: behind the order that it names."""
    try:
        last = urlsafe_b64decode(cursor.encode("ascii")).decode()
    except ValueError:
        raise UnreadableError(cursor) from None
    for index, order in enumerate(orders):
        if order["id"] == last:
            return index + 1
    raise UnreadableError(cursor)
