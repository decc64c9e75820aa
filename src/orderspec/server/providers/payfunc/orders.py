"""Creating an order, and listing what was created."""

from http import HTTPStatus
from typing import Any

from orderspec.server.provider import Call, Reply
from orderspec.server.providers.payfunc import token
from orderspec.server.providers.payfunc.members import Json, order_members
from orderspec.server.providers.payfunc.pricing import listed, total, unpriceable
from orderspec.server.providers.payfunc.refusals import flawed
from orderspec.server.providers.payfunc.states import with_states

_ID_LENGTH = 16
_CREATED = "ordered"
# What a known card is charged by; the answer tells all of them as a payment by card.
_BY_CARD = ("account", "card", "customer", "schedule", "token")


def create_order(call: Call) -> Reply:
    """Price an order and store it; answer it as JSON, or as a token to who prefers that."""
    sent = call.at("written", order_members(call.request.body))
    problem = unpriceable(sent["items"])
    if problem:
        return flawed("model.Order.Creatable", "items", problem)
    amount = call.at("amount", total(sent["items"]))
    created = {"id": call.new_id(_ID_LENGTH), **_completed(sent, amount, call.now)}
    call.transaction.insert_order(created["id"], created)
    return token.reply(call.at("created", created), call)


def list_orders(call: Call) -> Reply:
    """Read every order, oldest first."""
    return Reply(HTTPStatus.OK.value, call.at("listed", call.transaction.list_orders()))


def _completed(sent: Json, amount: Any, now: str) -> Json:
    return {
        **sent,
        "created": now,
        "items": _with_states(sent["items"]),
        "payment": _payment(sent, amount, now),
        "event": [{"type": "order", "date": now}],
        "status": [_CREATED],
    }


def _with_states(items: Any) -> Any:
    """Give every item its states; an amount becomes an item of that price."""
    if isinstance(items, list):
        return [with_states(item, _CREATED) for item in items]
    (item,) = listed(items)
    return with_states(item, _CREATED)


def _payment(sent: Json, amount: Any, now: str) -> Json:
    payment = sent["payment"]
    by_card = {"type": "card"} if payment.get("type") in _BY_CARD else {}
    return {
        **payment,
        **by_card,
        "created": now,
        "service": "PayFunc",
        "amount": amount,
        "currency": sent["currency"],
        "status": "ordered" if by_card else "created",
    }
