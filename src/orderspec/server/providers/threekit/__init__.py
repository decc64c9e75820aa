"""The order behaviour: creation, two ids, lists, the cart, and the seeded defects."""

from orderspec.server.provider import Behaviour
from orderspec.server.providers.threekit.faults import FAULTS
from orderspec.server.providers.threekit.listing import list_orders
from orderspec.server.providers.threekit.orders import (
    add_to_cart,
    create_order,
    get_order,
    replace_cart,
)
from orderspec.server.providers.threekit.refusals import refuse

BEHAVIOUR = Behaviour(
    credentials={"publicToken": "test-token", "privateToken": "test-token"},
    handlers={
        "CreateOrder": create_order,
        "ListOrders": list_orders,
        "GetOrder": get_order,
        "AddToCart": add_to_cart,
        "ReplaceCart": replace_cart,
    },
    refuse=refuse,
    faults=FAULTS,
)

__all__ = ["BEHAVIOUR"]
