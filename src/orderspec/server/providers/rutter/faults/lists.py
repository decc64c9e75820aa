"""Lists that do not hold what was asked for."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from orderspec.server.provider import Call, Fault
from orderspec.server.providers.rutter.faults.altering import Json
from orderspec.server.seeding import Alter

Page = tuple[list[Json], str | None]


def _fault(name: str, summary: str, point: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "stateful", summary, point, alter, rare)


def _deaf_to(*names: str) -> Alter:
    """Leave parameters of the query unread."""

    def alter(query: Mapping[str, Any], _: Call) -> dict[str, Any]:
        return {name: value for name, value in query.items() if name not in names}

    return alter


def _each(change: Callable[[Json], object]) -> Alter:
    """Alter every order of a page."""

    def alter(page: Page, _: Call) -> Page:
        orders, cursor = deepcopy(page[0]), page[1]
        for order in orders:
            change(order)
        return orders, cursor

    return alter


def _without_newest(page: Page, call: Call) -> Page:
    return (page[0], page[1]) if "cursor" in call.request.query else (page[0][1:], page[1])


def _with_last_one_again(page: Page, call: Call) -> Page:
    """Begin every page with the last order of the page before."""
    if "cursor" not in call.request.query:
        return page
    stored = [kept["order"] for kept in reversed(call.transaction.list_orders())]
    ids = [order["id"] for order in stored]
    first = ids.index(page[0][0]["id"]) if page[0] else len(ids)
    return [*stored[first - 1 : first], *page[0]], page[1]


def _first_line_only(order: Json) -> None:
    del order["line_items"][1:]


def _always_active(order: Json) -> None:
    order["status"] = "active"


FAULTS = (
    _fault("limit-ignored", "A page has no limit.", "filters", _deaf_to("limit")),
    _fault("cursor-ignored", "Every page is the first one.", "filters", _deaf_to("cursor")),
    _fault("page-overlaps", "A page begins with the order before.", "page", _with_last_one_again),
    _fault(
        "payment-filter-ignored",
        "A list by payment status holds all orders.",
        "filters",
        _deaf_to("payment_status"),
    ),
    _fault(
        "time-filters-ignored",
        "A list from a time on holds all orders.",
        "filters",
        _deaf_to("created_at_min", "created_at_max"),
    ),
    _fault(
        "newest-order-not-listed", "A list leaves out the newest order.", "page", _without_newest
    ),
    _fault("status-stale-in-lists", "A list shows no change.", "page", _each(_always_active)),
    _fault(
        "lines-cut-in-lists",
        "A list shows the first line of an order only.",
        "page",
        _each(_first_line_only),
        rare="two lines or more",
    ),
)
