"""The order behaviour: creation in either form, the list, events, and the seeded defects."""

from orderspec.server.provider import Behaviour
from orderspec.server.providers.payfunc.events import add_event
from orderspec.server.providers.payfunc.faults import FAULTS
from orderspec.server.providers.payfunc.orders import create_order, list_orders
from orderspec.server.providers.payfunc.refusals import refuse

BEHAVIOUR = Behaviour(
    credentials={"bearer": "test-key"},
    handlers={"CreateOrder": create_order, "ListOrders": list_orders, "AddEvent": add_event},
    refuse=refuse,
    faults=FAULTS,
)

__all__ = ["BEHAVIOUR"]
