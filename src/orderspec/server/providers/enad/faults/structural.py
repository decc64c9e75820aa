"""Replies that have the wrong shape."""

from typing import Any

from orderspec.server.provider import Fault
from orderspec.server.providers.enad.faults.altering import Order, each_line, each_order
from orderspec.server.seeding import Alter, successes


def _fault(name: str, summary: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "structural", summary, "reply", alter, rare)


def _total_as_text(order: Order) -> None:
    order["grand_total"] = str(order["grand_total"])


def _prices_as_money(line: Order) -> None:
    line["base_price_amount"] = {
        "amount": line["base_price_amount"],
        "currency": line["currency_code"],
    }


def _without_id(order: Order) -> None:
    del order["id"]


def _time_as_number(order: Order) -> None:
    order["created_at"] = 1614351845


def _user_as_id(order: Order) -> None:
    if order["merchant_user"]:
        order["merchant_user"] = order["merchant_user"]["id"]


def _street_in_lines(order: Order) -> None:
    for name in ("billing_address", "shipping_address"):
        address = order[name] or {}
        if "street_address_2" in address:
            address["street_address"] = [address["street_address"], address["street_address_2"]]


def _unwrapped(body: Any) -> Any:
    return body["data"]


def _with_details_as_text(body: Any) -> Any:
    return {**body, "details": ""}


def _keyed_lines(body: Any) -> Any:
    if not isinstance(body["data"], list):
        return body
    return {**body, "data": {line["id"]: line for line in body["data"]}}


FAULTS = (
    _fault(
        "grand-total-is-text", "An order's grand_total is a string.", each_order(_total_as_text)
    ),
    _fault("price-is-an-object", "A line's price is an object.", each_line(_prices_as_money)),
    _fault("order-id-missing", "A created order has no id.", each_order(_without_id)),
    _fault("time-is-a-number", "created_at is a Unix time.", each_order(_time_as_number)),
    _fault(
        "merchant-user-is-an-id",
        "merchant_user is the bare id.",
        each_order(_user_as_id),
        rare="an order with a merchant user",
    ),
    _fault(
        "street-is-a-list",
        "An address with a second line has its street as a list.",
        each_order(_street_in_lines),
        rare="an address with a second line",
    ),
    _fault("envelope-missing", "A success is the bare data.", successes(_unwrapped)),
    _fault("details-are-text", "details is a string.", successes(_with_details_as_text)),
    _fault("lines-by-id", "Lines are read as an object by id.", successes(_keyed_lines)),
)
