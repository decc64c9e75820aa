"""Executable contracts for order-creation APIs: validate, fuzz, serve and read them.

In services: `validate` judges a payload, and a `Validator` many by the same schema. What is wrong
comes as `Finding`s; what keeps the kit from working is an `OrderspecError`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orderspec.errors import ContractError, OrderspecError, ReadError, RuleError, UsageError
    from orderspec.findings import Evidence, Finding, Level, Severity
    from orderspec.library import Validator, validate

__all__ = [
    "ContractError",
    "Evidence",
    "Finding",
    "Level",
    "OrderspecError",
    "ReadError",
    "RuleError",
    "Severity",
    "UsageError",
    "Validator",
    "__version__",
    "validate",
]

__version__ = "0.1.0"

_HOMES = {
    **dict.fromkeys(
        ("ContractError", "OrderspecError", "ReadError", "RuleError", "UsageError"), "errors"
    ),
    **dict.fromkeys(("Evidence", "Finding", "Level", "Severity"), "findings"),
    **dict.fromkeys(("Validator", "validate"), "library"),
}


def __getattr__(name: str) -> Any:
    """Import what is asked for: the command line needs most of it never, and starts in no time."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
