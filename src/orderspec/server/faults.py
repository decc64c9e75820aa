"""Find a provider's behaviour, and seeded faults by name."""

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from orderspec.errors import ContractError, UsageError
from orderspec.server import providers
from orderspec.server.provider import Behaviour, Fault


def names() -> list[str]:
    """Name every provider that has a behaviour, in alphabetical order."""
    return sorted(module.name for module in pkgutil.iter_modules(providers.__path__))


def behaviour(name: str) -> Behaviour:
    """Load a provider's behaviour.

    Raises:
        UsageError: there is none of that name.
        ContractError: its module has no ``BEHAVIOUR``.
    """
    known = names()
    if name not in known:
        message = f"there is no reference server for {name!r}"
        raise UsageError(message, _nearest(name, known))
    module = importlib.import_module(f"{providers.__name__}.{name}")
    found = getattr(module, "BEHAVIOUR", None)
    if not isinstance(found, Behaviour):
        message = "a provider's module holds its Behaviour under the name BEHAVIOUR"
        raise ContractError(message, where=str(module.__file__))
    return found


def behaviours(chosen: Iterable[str] = ()) -> Mapping[str, Behaviour]:
    """Load the behaviours of the providers chosen, or of all where none is.

    Raises:
        UsageError: one is not there.
    """
    return {name: behaviour(name) for name in (tuple(dict.fromkeys(chosen)) or names())}


def find_fault(name: str, among: Mapping[str, Behaviour]) -> Fault:
    """Find a seeded fault by name.

    Args:
        name: the fault.
        among: provider to behaviour.

    Raises:
        UsageError: no behaviour has it, or more than one has.
    """
    having = [provider for provider, one in among.items() if name in _fault_names(one)]
    if len(having) > 1:
        message = f"more than one provider has a fault {name!r}: {', '.join(having)}"
        raise UsageError(message, "Name one provider.")
    if not having:
        known = sorted(fault for one in among.values() for fault in _fault_names(one))
        message = f"there is no fault {name!r} for {', '.join(among)}"
        raise UsageError(message, _nearest(name, known))
    return next(fault for fault in among[having[0]].faults if fault.name == name)


def _fault_names(one: Behaviour) -> list[str]:
    return [fault.name for fault in one.faults]


def _nearest(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=3, cutoff=0.4)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return f"Known: {', '.join(known) or 'none'}."
