"""What the faults of Enad alter."""

from collections.abc import Callable, Mapping
from typing import Any

from orderspec.server.provider import Call
from orderspec.server.seeding import Alter, each

Order = dict[str, Any]


def each_order(change: Callable[[Order], object]) -> Alter:
    """Alter every order in a reply."""
    return each(_orders, change)


def each_line(change: Callable[[Order], object]) -> Alter:
    """Alter every line in a reply."""
    return each(_lines, change)


def sent_order(call: Call) -> Mapping[str, Any]:
    """Give the order of a request to create one; empty where there is none."""
    body = call.request.body
    return body if call.operation == "CreateOrder" and isinstance(body, dict) else {}


def _data(body: Any) -> Any:
    return body.get("data") if isinstance(body, dict) else None


def _orders(body: Any) -> list[Order]:
    data = _data(body)
    return [data] if isinstance(data, dict) and "order_lines" in data else []


def _lines(body: Any) -> list[Order]:
    data = _data(body)
    if isinstance(data, list):
        return data
    if not isinstance(data, dict):
        return []
    lines: list[Order] = data.get("order_lines", [data])
    return lines
