"""The same seed makes the same requests, whatever else is loaded in the process."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis.internal.conjecture import providers

_LOCAL = "_get_local_constants"


@contextmanager
def unaffected_by_modules() -> Iterator[None]:
    """Keep hypothesis from drawing numbers and texts that stand in the code around it.

    It reads them from every module that is loaded and not of a library: a test suite that a
    campaign runs in, or the kit in a checkout. There is no setting for it; a version of hypothesis
    that does it in another way is left as it is.
    """
    usual: Any = getattr(providers, _LOCAL, None)
    nothing: Any = getattr(providers, "Constants", None)
    if usual is None or nothing is None:
        yield
        return
    setattr(providers, _LOCAL, nothing)
    try:
        yield
    finally:
        setattr(providers, _LOCAL, usual)
