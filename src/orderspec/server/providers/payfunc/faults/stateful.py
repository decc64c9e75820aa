"""Defects that show only from one request to the next."""

from orderspec.server.provider import Call, Fault
from orderspec.server.providers.payfunc.members import Json
from orderspec.server.providers.payfunc.pricing import listed
from orderspec.server.seeding import Alter

_EVERY = 5
_PAGE = 40


def _fault(name: str, summary: str, point: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "stateful", summary, point, alter, rare)


def _repeated_id(created: Json, call: Call) -> Json:
    stored = call.transaction.list_orders()
    return {**created, "id": stored[0]["id"]} if len(stored) % _EVERY == 0 else created


def _not_the_newest(orders: list[Json], _: Call) -> list[Json]:
    return orders[:-1]


def _first_page(orders: list[Json], _: Call) -> list[Json]:
    return orders[:_PAGE]


def _without_client(orders: list[Json], _: Call) -> list[Json]:
    hidden = ("client", "customer")
    return [{name: order[name] for name in order if name not in hidden} for order in orders]


def _created_now(orders: list[Json], call: Call) -> list[Json]:
    return [{**order, "created": call.now} for order in orders]


def _without_vat(orders: list[Json], _: Call) -> list[Json]:
    def bare(item: Json) -> Json:
        return {name: item[name] for name in item if name != "vat"}

    return [{**order, "items": [bare(item) for item in listed(order["items"])]} for order in orders]


def _paid_by_reading(orders: list[Json], call: Call) -> list[Json]:
    """Round the amounts of payments for the lists that come after this one."""
    for order in orders:
        payment = {**order["payment"], "amount": round(order["payment"]["amount"])}
        call.transaction.replace_order(order["id"], {**order, "payment": payment})
    return orders


def _some_order(order: Json | None, call: Call) -> Json | None:
    return order or next(iter(call.transaction.list_orders()), None)


def _not_cancelled(orders: list[Json], _: Call) -> list[Json]:
    return [order for order in orders if order["status"] != ["cancelled"]]


def _event_of_the_order(event: Json, _: Call) -> Json:
    return {**event, "type": "order"}


FAULTS = (
    _fault(
        "id-repeats",
        "A new order gets the id of an old one.",
        "created",
        _repeated_id,
        rare="every fifth order",
    ),
    _fault("newest-not-listed", "The newest order is not listed.", "listed", _not_the_newest),
    _fault(
        "list-ends-at-forty",
        "The list holds the oldest forty orders.",
        "listed",
        _first_page,
        rare="more than forty orders",
    ),
    _fault("customer-not-listed", "Orders are listed without customer.", "listed", _without_client),
    _fault("created-when-listed", "created is when the list was made.", "listed", _created_now),
    _fault("vat-not-listed", "Items are listed without VAT.", "listed", _without_vat),
    _fault(
        "amount-rounded-by-listing",
        "Listing the orders rounds their amounts for later lists.",
        "listed",
        _paid_by_reading,
        rare="a second list of an order whose amount is not whole",
    ),
    _fault("cancelled-not-listed", "A cancelled order is not listed.", "listed", _not_cancelled),
    _fault("unknown-order-takes-event", "Any id takes events.", "found", _some_order),
    _fault("event-told-as-another", "Every event is told as order.", "event", _event_of_the_order),
)
