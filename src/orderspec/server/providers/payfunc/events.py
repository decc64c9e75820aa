"""What happens to an order after its creation."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from orderspec.server.provider import Call, Reply
from orderspec.server.providers.payfunc.members import Json, event_members
from orderspec.server.providers.payfunc.refusals import flawed, not_found
from orderspec.server.providers.payfunc.states import after, with_states


def add_event(call: Call) -> Reply:
    """Let something happen to an order, if its state allows it.

    What happens to some items only is written down; the states stay as they are, since no source
    tells which units it is about.
    """
    order_id = call.request.path_parameters["id"]
    order = call.at("found", call.transaction.order(order_id))
    if order is None:
        return not_found(f"There is no order {order_id!r}.")
    event = {**event_members(call.request.body), "date": call.now}
    (state,) = order["status"]
    reached = after(event["type"], state)
    if reached is None:
        description = f"An order that is {state} takes no event {event['type']!r}."
        return flawed("model.Event.Creatable", "type", description)
    changed = call.at("changed", _changed(order, event, reached))
    call.transaction.replace_order(order["id"], changed)
    return Reply(HTTPStatus.OK.value, call.at("event", event))


def _changed(order: Json, event: Json, state: str) -> Json:
    changed = {**order, "event": [*order["event"], event]}
    if "items" in event or "amount" in event:
        return changed
    return {**changed, "status": [state], "items": _stated(order["items"], state)}


def _stated(items: Any, state: str) -> Any:
    if isinstance(items, Mapping):
        return with_states(items, state)
    return [with_states(item, state) for item in items]
