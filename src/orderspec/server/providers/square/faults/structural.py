"""Replies that have the wrong shape."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from orderspec.server.provider import Call, Fault, Reply
from orderspec.server.providers.square.faults.altering import Order, each_order
from orderspec.server.providers.square.totals import lines_of
from orderspec.server.seeding import Alter, refusals


def _fault(name: str, summary: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "structural", summary, "reply", alter, rare)


def _total_as_text(order: Order) -> None:
    order["total_money"]["amount"] = str(order["total_money"]["amount"])


def _quantity_as_number(order: Order) -> None:
    for line in lines_of(order):
        line["quantity"] = float(line["quantity"])


def _without_location(order: Order) -> None:
    del order["location_id"]


def _unknown_state(order: Order) -> None:
    order["state"] = "PENDING"


def _time_as_number(order: Order) -> None:
    order["created_at"] = 1579294073


def _without_quantity(order: Order) -> None:
    for line in lines_of(order):
        del line["quantity"]


def _second_tax_nameless(order: Order) -> None:
    for line in lines_of(order):
        for applied in line.get("applied_taxes", [])[1:]:
            del applied["tax_uid"]


def _order_and_errors(reply: Reply, _: Call) -> Reply:
    if reply.status != HTTPStatus.OK:
        return reply
    warning = {"category": "API_ERROR", "code": "TEMPORARY_ERROR", "detail": "All is well."}
    return replace(reply, body={**reply.body, "errors": [warning]})


def _no_order(reply: Reply, _: Call) -> Reply:
    return replace(reply, body={}) if "order" in (reply.body or {}) else reply


def _other_error_form(_: Any) -> dict[str, Any]:
    return {"status": 400, "message": "Bad request."}


def _uncategorised_errors(body: Any) -> dict[str, Any]:
    return {"errors": [{"code": error["code"]} for error in body["errors"]]}


def _error_page(reply: Reply, _: Call) -> Reply:
    if reply.status < HTTPStatus.BAD_REQUEST:
        return reply
    page = f"<html><body><h1>{reply.status}</h1></body></html>"
    return replace(reply, body=page, headers={**reply.headers, "content-type": "text/html"})


def _orders_by_id(reply: Reply, _: Call) -> Reply:
    if "orders" not in (reply.body or {}):
        return reply
    return replace(reply, body={"orders": {order["id"]: order for order in reply.body["orders"]}})


FAULTS = (
    _fault("total-is-text", "The order's total amount is a string.", each_order(_total_as_text)),
    _fault(
        "quantity-is-a-number", "A line's quantity is a number.", each_order(_quantity_as_number)
    ),
    _fault("location-missing", "An order has no location_id.", each_order(_without_location)),
    _fault("quantity-missing", "A line has no quantity.", each_order(_without_quantity)),
    _fault("state-unknown", "An order is in no documented state.", each_order(_unknown_state)),
    _fault("time-is-a-number", "created_at is a Unix time.", each_order(_time_as_number)),
    _fault(
        "second-tax-nameless",
        "The second tax of a line does not say which tax it is.",
        each_order(_second_tax_nameless),
        rare="a line with two taxes",
    ),
    _fault("order-and-errors", "A success has an order and errors.", _order_and_errors),
    _fault("order-missing", "A success has neither an order nor errors.", _no_order),
    _fault(
        "errors-in-another-form",
        "An error has a status and a message.",
        refusals(_other_error_form),
    ),
    _fault("errors-uncategorised", "An error has a code only.", refusals(_uncategorised_errors)),
    _fault("error-page", "An error is an HTML page.", _error_page),
    _fault("orders-by-id", "A batch answers an object instead of a list.", _orders_by_id),
)
