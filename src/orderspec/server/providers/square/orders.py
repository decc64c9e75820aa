"""The four operations: create, calculate, retrieve, and retrieve many."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from orderspec.findings import Finding
from orderspec.server.provider import Call, Claim, Reply
from orderspec.server.providers.square import catalog
from orderspec.server.providers.square.completion import completed
from orderspec.server.providers.square.members import ORDER, written_by_client
from orderspec.server.providers.square.pricing import priced
from orderspec.server.providers.square.refusals import error, invalid
from orderspec.server.providers.square.requirements import (
    broken,
    currencies,
    unmet,
    unmet_amounts,
    unmet_on_create,
)

Order = dict[str, Any]
Requirement = Callable[[Mapping[str, Any]], Iterable[Finding]]

_ID_LENGTH = 27


def create_order(call: Call) -> Reply:
    """Price an order and store it, once for each idempotency key.

    The key is claimed last, so that a create that fails leaves the key free.
    """
    body = call.request.body
    order, findings = _priced(call, unmet, unmet_on_create)
    if findings:
        return invalid(findings)
    key = body.get("idempotency_key")
    if key is not None:
        request = fingerprint(body)
        earlier = call.at("claim", call.transaction.claim(call.operation, key, request))
        if earlier is not None:
            return _answer_again(earlier, request)
    created = {"id": call.new_id(_ID_LENGTH), **order}
    call.transaction.insert_order(created["id"], created)
    reply = Reply(HTTPStatus.OK.value, {"order": call.at("created", created)})
    if key is not None:
        call.transaction.answer(call.operation, key, reply)
    return reply


def calculate_order(call: Call) -> Reply:
    """Price an order as create does; nothing is stored, so it gets no id."""
    order, findings = _priced(call, unmet)
    if findings:
        return invalid(findings)
    return Reply(HTTPStatus.OK.value, {"order": call.at("calculated", order)})


def retrieve_order(call: Call) -> Reply:
    """Read one order."""
    order_id = call.request.path_parameters["order_id"]
    order = call.at("retrieved", call.transaction.order(order_id))
    if order is None:
        return error(HTTPStatus.NOT_FOUND, "NOT_FOUND", f"There is no order {order_id!r}.")
    return Reply(HTTPStatus.OK.value, {"order": order})


def batch_retrieve_orders(call: Call) -> Reply:
    """Read the orders that exist, only those of a location where one is given."""
    body = call.request.body
    location = body.get("location_id")
    orders = [
        order
        for order in call.transaction.orders(body["order_ids"])
        if location is None or order["location_id"] == location
    ]
    return Reply(HTTPStatus.OK.value, {"orders": call.at("batch", orders)})


def fingerprint(body: Mapping[str, Any]) -> str:
    """Digest a request without its key: a null member and a member that is absent are the same."""
    request = {name: body[name] for name in body if name != "idempotency_key"}
    canonical = json.dumps(_without_nulls(request), sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _without_nulls(value: object) -> object:
    match value:
        case dict():
            return {
                name: _without_nulls(member) for name, member in value.items() if member is not None
            }
        case list():
            return [_without_nulls(item) for item in value]
        case _:
            return value


def _priced(call: Call, *requirements: Requirement) -> tuple[Order, tuple[Finding, ...]]:
    """Complete and price the order of a request.

    Returns:
        The order as it is answered, without an id, and what keeps it from being answered; the
        order is empty where it could not be priced.
    """
    sent = call.request.body.get("order")
    if sent is None:
        return {}, (
            broken("square.create-order.sends-an-order", "/order", "The request needs an order."),
        )
    written = call.at("written", written_by_client(sent, ORDER))
    unmet_ones = (finding for requirement in requirements for finding in requirement(written))
    # The engine's own point: a defect that overlooks something must overlook it here too.
    findings = call.at("request-findings", tuple(unmet_ones))
    if findings:
        return {}, findings
    currency = next(iter(currencies(written)), catalog.HOME_CURRENCY)
    order = call.at("priced", priced(completed(written, call.new_id), currency))
    stamps = {"created_at": call.now, "updated_at": call.now, "version": 1}
    return {**order, **stamps}, tuple(unmet_amounts(order))


def _answer_again(earlier: Claim, request: str) -> Reply:
    if earlier.fingerprint == request:
        return earlier.reply
    existing = earlier.reply.body["order"]["id"]
    detail = f"Order {existing} already exists."
    return error(HTTPStatus.BAD_REQUEST, "BAD_REQUEST", detail)
