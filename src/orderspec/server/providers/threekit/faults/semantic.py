"""Answers that have the right shape and say the wrong thing."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from orderspec.server.provider import Call, Fault
from orderspec.server.providers.threekit.cart import converted
from orderspec.server.providers.threekit.orders import HOME_ORGANIZATION
from orderspec.server.seeding import Alter, a_copy

Order = dict[str, Any]

_LONGEST_NAME_ONCE = 50


def _fault(name: str, summary: str, change: Callable[[Order], object], rare: str = "") -> Fault:
    """Make a defect of what is stored when an order is created."""
    return Fault(name, "semantic", summary, "stored", a_copy(change), rare)


def _converting(name: str, summary: str, alter: Alter, rare: str = "") -> Fault:
    """Make a defect of what becomes of old items."""
    return Fault(name, "semantic", summary, "converted", alter, rare)


def _without_status(order: Order, call: Call) -> Order:
    return order if "status" in call.request.body else {**order, "status": None}


def _listed(order: Order, call: Call) -> Order:
    """Take the default that a client of the API has, not the one of the API."""
    return order if "status" in call.request.body else {**order, "status": "List"}


def _always_new(order: Order) -> None:
    order["status"] = "New"


def _nameless(order: Order) -> None:
    order["name"] = None


def _cut_name(order: Order) -> None:
    order["name"] = order["name"] and order["name"][:_LONGEST_NAME_ONCE]


def _without_customer(order: Order) -> None:
    order["customerId"] = None


def _owned_by_home(order: Order) -> None:
    order["orgId"] = HOME_ORGANIZATION


def _from_its_owner(order: Order) -> None:
    if "originOrgId" in order:
        order["originOrgId"] = order["orgId"]


def _without_store(order: Order) -> None:
    order["platform"].pop("storeName", None)


def _metadata_as_texts(order: Order) -> None:
    for key, value in order["metadata"].items():
        if isinstance(value, int | Decimal):
            order["metadata"][key] = str(value)


def _flat_metadata(order: Order) -> None:
    for key, value in order["metadata"].items():
        if isinstance(value, dict):
            order["metadata"][key] = "[object Object]"


def _without_derivative(order: Order) -> None:
    order["derivative"] = {}


def _one_of_each(order: Order) -> None:
    for item in order["cart"]:
        item["count"] = 1


def _without_notes(order: Order) -> None:
    for item in order["cart"]:
        item.pop("metadata", None)


def _of_one_configuration(order: Order) -> None:
    for item in order["cart"][1:]:
        item["configurationId"] = order["cart"][0]["configurationId"]


def _two_items_at_most(order: Order) -> None:
    del order["cart"][2:]


def _without_items(order: Order) -> None:
    order["items"] = []


def _without_converted_items(order: Order) -> None:
    order["items"] = [] if converted(order["items"]) else order["items"]


def _without_other_items(order: Order) -> None:
    order["items"] = order["items"] if converted(order["items"]) else []


FAULTS = (
    Fault(
        "status-not-defaulted",
        "semantic",
        "An order that is created without a status has none.",
        "stored",
        _without_status,
    ),
    Fault(
        "status-defaults-to-list",
        "semantic",
        "An order that is created without a status is List.",
        "stored",
        _listed,
    ),
    _fault("status-always-new", "An order is New whatever was sent.", _always_new),
    _fault("name-lost", "The name is not kept.", _nameless),
    _fault(
        "name-cut",
        "A name is cut after 50 characters.",
        _cut_name,
        rare="a name of more than 50 characters",
    ),
    _fault("customer-lost", "The customer is not kept.", _without_customer),
    _fault(
        "owner-overwritten",
        "The organization of the token owns every order.",
        _owned_by_home,
        rare="another organization than that of the token",
    ),
    _fault("origin-overwritten", "The owner stands as the original organization.", _from_its_owner),
    _fault("store-lost", "The store's name is not kept.", _without_store),
    _fault("metadata-become-texts", "Numbers in metadata become texts.", _metadata_as_texts),
    _fault("nested-metadata-lost", "Objects in metadata become a text.", _flat_metadata),
    _fault("derivative-lost", "The derivative is not kept.", _without_derivative),
    _fault("counts-are-one", "Every item counts once.", _one_of_each),
    _fault("item-metadata-lost", "Metadata of items are not kept.", _without_notes),
    _fault("one-configuration", "All items are of the first configuration.", _of_one_configuration),
    _fault(
        "third-item-lost",
        "A cart keeps two items.",
        _two_items_at_most,
        rare="a cart of three items",
    ),
    _fault("items-not-kept", "What comes as items is not kept.", _without_items),
    _fault("items-gone-when-converted", "Converted items are gone.", _without_converted_items),
    _fault("malformed-items-gone", "Items of another form are gone.", _without_other_items),
    _converting("items-not-converted", "Items do not reach the cart.", lambda _, __: []),
    _converting(
        "one-item-converted",
        "Only the first of the items reaches the cart.",
        lambda cart, _: cart[:1],
        rare="two items",
    ),
)
