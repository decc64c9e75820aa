"""The states of units, and which events lead from one to another."""

from collections.abc import Mapping
from typing import Any

_OPEN = ("created", "deferred", "pending", "synchronized")
_MOST_UNITS = 1000

# Event to the state that it leads to and the states that it is possible in, as the guard of the
# published type model has them; settling came later.
_EVENTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "defer": ("deferred", ("created", "pending", "synchronized")),
    "pend": ("pending", ("created", "deferred", "synchronized")),
    "deny": ("denied", _OPEN),
    "order": ("ordered", _OPEN),
    "cancel": ("cancelled", (*_OPEN, "ordered")),
    "charge": ("charged", ("ordered", "synchronized")),
    "pay": ("paid", ("charged", "synchronized")),
    "refund": ("refunded", ("charged", "paid", "synchronized")),
    "settle": ("settled", ("charged", "paid", "synchronized")),
}


def after(event: str, state: str) -> str | None:
    """Say which state an event leads to; None where it is not possible in this one."""
    if event == "synchronize":
        return "synchronized"
    if event == "fail":
        return state
    leads_to, possible_in = _EVENTS[event]
    return leads_to if state in possible_in else None


def with_states(item: Mapping[str, Any], state: str) -> dict[str, Any]:
    """Give an item with a state for each of its units, as far as units can be counted."""
    units = item.get("quantity", 1)
    bare = {name: value for name, value in item.items() if name != "status"}
    if units != int(units) or not 0 <= units <= _MOST_UNITS:
        return bare
    return {**bare, "status": [state] * int(units)}
