"""The order behaviour: shops of connections, idempotent writes, lists, and the seeded defects."""

from orderspec.server.provider import Behaviour
from orderspec.server.providers.rutter.connections import ACCESS_TOKEN, is_access_token
from orderspec.server.providers.rutter.faults import FAULTS
from orderspec.server.providers.rutter.orders import (
    create_order,
    get_order,
    list_orders,
    update_order,
)
from orderspec.server.providers.rutter.refusals import refuse

BEHAVIOUR = Behaviour(
    credentials={"basic": "client:secret", "accessToken": ACCESS_TOKEN},
    accepts={"accessToken": is_access_token},
    handlers={
        "CreateOrder": create_order,
        "GetOrder": get_order,
        "ListOrders": list_orders,
        "UpdateOrder": update_order,
    },
    refuse=refuse,
    faults=FAULTS,
)

__all__ = ["BEHAVIOUR"]
