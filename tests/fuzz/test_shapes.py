"""Which numbers a server is sure to accept: not finer, not lower, not vaster than known ones."""

from decimal import Decimal
from typing import Any

import pytest

from orderspec.contract.build import build
from orderspec.fuzz.shapes import Shapes

REFERENCE = "#/components/schemas/Line"
LINE = {
    "type": "object",
    "properties": {
        "pieces": {"type": "string", "pattern": "^[0-9.]+$"},
        "weight": {"type": "number"},
        "price": {"type": "integer"},
    },
}


@pytest.fixture(name="shapes")
def _shapes() -> Shapes:
    shapes = Shapes(build("scales", {"components": {"schemas": {"Line": LINE}}}, {}))
    shapes.learn(REFERENCE, {"pieces": "2", "weight": Decimal("1.50"), "price": 0})
    return shapes


@pytest.mark.parametrize(
    "line",
    [
        {"pieces": "7", "weight": Decimal("1.5"), "price": 0},
        {"pieces": "700", "weight": Decimal("20.3"), "price": 99},
        {"pieces": "1.0", "weight": 3, "price": 1},
    ],
)
def test_numbers_like_known_ones_are_vouched_for(shapes: Shapes, line: dict[str, Any]) -> None:
    assert shapes.vouch(REFERENCE, line)


@pytest.mark.parametrize(
    "change",
    [
        {"pieces": "0.5"},
        {"pieces": "0"},
        {"weight": Decimal("1.25")},
        {"weight": 0},
        {"price": -1},
    ],
)
def test_finer_and_lower_numbers_are_not(shapes: Shapes, change: dict[str, Any]) -> None:
    line = {"pieces": "7", "weight": Decimal("1.5"), "price": 0}
    assert not shapes.vouch(REFERENCE, {**line, **change})
