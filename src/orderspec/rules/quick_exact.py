"""The functions that every value is right for, for what the quick ones leave to them."""

from decimal import Decimal
from threading import local
from typing import Any

from orderspec.rules.functions import Recorder, functions
from orderspec.rules.quick_nodes import DoubtError

_NUMERIC = frozenset({"sum", "times", "percent", "near", "same", "between", "compare"})


class _Exact(local):
    """The functions, bound once in each thread."""

    def __init__(self) -> None:
        self.recorder = Recorder()
        self.functions = functions(self.recorder)


_EXACT = _Exact()


def exactly(name: str, *arguments: Any) -> Any:
    """Call a function.

    Raises:
        DoubtError: it cannot tell, or was given what is a text for CEL and no text here.
    """
    if name not in _NUMERIC and any(map(_holds_decimal, arguments)):
        raise DoubtError
    _EXACT.recorder.clear()
    value = _EXACT.functions[name](*arguments)
    if _EXACT.recorder.problem is not None:
        raise DoubtError
    return value


def _holds_decimal(value: Any) -> bool:
    return type(value) is Decimal or (type(value) is list and Decimal in map(type, value))
