"""The order behaviour: pricing, idempotent creation, retrieval, and the seeded defects."""

from orderspec.server.provider import Behaviour
from orderspec.server.providers.square.faults import FAULTS
from orderspec.server.providers.square.orders import (
    batch_retrieve_orders,
    calculate_order,
    create_order,
    retrieve_order,
)
from orderspec.server.providers.square.refusals import refuse

BEHAVIOUR = Behaviour(
    credentials={"bearer": "test-token"},
    handlers={
        "CreateOrder": create_order,
        "CalculateOrder": calculate_order,
        "RetrieveOrder": retrieve_order,
        "BatchRetrieveOrders": batch_retrieve_orders,
    },
    refuse=refuse,
    faults=FAULTS,
)

__all__ = ["BEHAVIOUR"]
