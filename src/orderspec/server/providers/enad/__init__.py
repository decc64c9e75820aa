"""The order behaviour: orders as they were sent, their lines, and the seeded defects."""

from orderspec.server.provider import Behaviour
from orderspec.server.providers.enad.faults import FAULTS
from orderspec.server.providers.enad.orders import (
    create_order,
    list_order_lines,
    update_order_line,
)
from orderspec.server.providers.enad.refusals import refuse

BEHAVIOUR = Behaviour(
    credentials={},
    handlers={
        "CreateOrder": create_order,
        "ListOrderLines": list_order_lines,
        "UpdateOrderLine": update_order_line,
    },
    refuse=refuse,
    faults=FAULTS,
)

__all__ = ["BEHAVIOUR"]
