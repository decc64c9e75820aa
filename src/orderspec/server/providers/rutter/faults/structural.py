"""Replies that have the wrong shape."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from orderspec.server.provider import Call, Fault, Reply
from orderspec.server.providers.rutter.faults.altering import Json, addresses, each_order
from orderspec.server.seeding import Alter, refusals, successes


def _fault(name: str, summary: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "structural", summary, "reply", alter, rare)


def _total_as_text(order: Json) -> None:
    order["total_price"] = f"{order['total_price']:.2f}"


def _currency_by_its_other_name(order: Json) -> None:
    order["currency_code"] = order.pop("iso_currency_code")


def _time_as_number(order: Json) -> None:
    order["created_at"] = 1614351845


def _time_in_words(order: Json) -> None:
    order["updated_at"] = "Fri, 26 Feb 2021 15:04:05 GMT"


def _without_empty_phones(order: Json) -> None:
    for address in addresses(order):
        if address["phone"] is None:
            del address["phone"]


def _without_connection(body: Json) -> Json:
    body.pop("connection", None)
    return body


def _without_last_cursor(body: Json) -> Json:
    if "next_cursor" in body and body["next_cursor"] is None:
        del body["next_cursor"]
    return body


def _created(reply: Reply, call: Call) -> Reply:
    is_creation = call.operation == "CreateOrder" and reply.status == HTTPStatus.OK
    return replace(reply, status=HTTPStatus.CREATED.value) if is_creation else reply


def _other_error_form(body: Any) -> Json:
    return {"errors": [{"detail": body["error_message"]}]}


FAULTS = (
    _fault("total-is-text", "The total of an order is a string.", each_order(_total_as_text)),
    _fault(
        "currency-renamed",
        "An order calls its currency as requests do.",
        each_order(_currency_by_its_other_name),
    ),
    _fault("time-is-a-number", "created_at is a Unix time.", each_order(_time_as_number)),
    _fault("time-in-words", "updated_at has the form of e-mails.", each_order(_time_in_words)),
    _fault(
        "empty-phone-left-out",
        "An address without a phone number has no such member.",
        each_order(_without_empty_phones),
        rare="an address whose phone is null",
    ),
    _fault(
        "connection-missing", "Answers do not name the connection.", successes(_without_connection)
    ),
    _fault(
        "last-cursor-left-out",
        "The last page has no next_cursor.",
        successes(_without_last_cursor),
    ),
    _fault("created-with-201", "A new order is answered with 201.", _created),
    _fault("errors-in-another-form", "Errors are a list.", refusals(_other_error_form)),
)
