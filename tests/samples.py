"""Of many cases that are alike, some run always and the others with ``make test-all``."""

from collections.abc import Iterable
from typing import Any

import pytest


def sample(cases: Iterable[Any], one_of: int) -> list[Any]:
    """Mark all cases but every so-manieth as long.

    Args:
        cases: arguments of a parametrized test, as values or as `pytest.param`.
        one_of: 3 keeps the first, the fourth, and so on.
    """
    params = [
        case if isinstance(case, type(pytest.param())) else pytest.param(case) for case in cases
    ]
    return [
        pytest.param(
            *one.values,
            id=one.id,
            marks=[*one.marks, *([pytest.mark.long] if place % one_of else [])],
        )
        for place, one in enumerate(params)
    ]
