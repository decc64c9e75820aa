"""The functions that every value is right for, for what the quick ones leave to them."""

from threading import local
from typing import Any

from orderspec.rules.functions import Recorder, functions
from orderspec.rules.quick_nodes import DoubtError
from orderspec.rules.quick_operators import holds_decimal

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
    if name not in _NUMERIC and any(map(holds_decimal, arguments)):
        raise DoubtError
    _EXACT.recorder.clear()
    value = _EXACT.functions[name](*arguments)
    if _EXACT.recorder.problem is not None:
        raise DoubtError
    return value
