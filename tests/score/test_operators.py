"""Every fault of a value makes the wrong value of its name, and none where it has no sense."""

from decimal import Decimal
from typing import Any

import pytest

from orderspec.score.operators import OPERATORS
from orderspec.score.spots import Spot

CASES = [
    ("null", "tea", None),
    ("retype", 5, "5"),
    ("retype", "5", 5),
    ("retype", "1.50", Decimal("1.50")),
    ("retype", True, "true"),
    ("retype", "tea", {"value": "tea"}),
    ("retype", [1], {"0": 1}),
    ("retype", {"a": 1}, [{"a": 1}]),
    ("off-by-one", 5, 6),
    ("off-by-one", "5", "6"),
    ("minor-unit", 5, 4),
    ("sign", 5, -5),
    ("sign", Decimal("1.50"), Decimal("-1.50")),
    ("zero", 5, 0),
    ("zero", "1.50", "0.00"),
    ("hundredfold", 5, 500),
    ("flip", True, False),
    ("truncate", "tea", "te"),
    ("truncate", [1, 2], [1]),
    ("lengthen", "tea", "teax"),
    ("lengthen", "A1", "A10"),
    ("empty", "tea", ""),
    ("empty", [1], []),
    ("empty", {"a": 1}, {}),
    ("case", "Tea", "tEA"),
    ("duplicate", [1, 2], [1, 2, 2]),
    ("reorder", [1, 2], [2, 1]),
    ("time-shift", "2024-02-28", "2024-02-29"),
    ("time-shift", "2024-12-31T10:00:00.5Z", "2025-01-01T10:00:00.5Z"),
    ("time-zone", "2024-12-31T10:00:00Z", "2024-12-31T10:00:00+07:00"),
    ("time-zone", "2024-12-31T10:00:00+07:00", "2024-12-31T10:00:00Z"),
]
SENSELESS: list[tuple[str, Any]] = [
    ("null", None),
    ("off-by-one", True),
    ("off-by-one", "tea"),
    ("sign", 0),
    ("zero", 0),
    ("flip", 1),
    ("truncate", ""),
    ("truncate", {"a": 1}),
    ("empty", []),
    ("duplicate", []),
    ("reorder", "tea"),
    ("case", "2024-02-28T10:00:00Z"),
    ("time-shift", "2024-02-30"),
    ("time-zone", "2024-02-28"),
    ("other-currency", "EUR"),
    ("other-choice", "OPEN"),
]


def spot(value: Any, **more: Any) -> Spot:
    return Spot(("value",), "/value", "Order/value", value, **more)


def wrong(operator: str, place: Spot) -> list[Any]:
    return list(OPERATORS[operator](place))


@pytest.mark.parametrize("operator, value, expected", CASES)
def test_a_fault_makes_the_wrong_value_that_it_is_named_for(
    operator: str, value: Any, expected: Any
) -> None:
    first = wrong(operator, spot(value))[0]
    assert (type(first), first) == (type(expected), expected)


@pytest.mark.parametrize("operator, value", SENSELESS)
def test_a_fault_is_not_made_where_it_has_no_sense(operator: str, value: Any) -> None:
    assert wrong(operator, spot(value)) == []


def test_a_decimal_amount_is_off_by_a_hundredth_and_too_fine_by_a_thousandth() -> None:
    price = spot(Decimal("1.50"), is_whole=False)
    assert wrong("minor-unit", price) == [Decimal("1.49")]
    assert wrong("precision", price) == [Decimal("1.501")]
    assert wrong("precision", spot(5)) == []


def test_a_currency_is_one_by_its_noun_or_by_its_name() -> None:
    assert wrong("other-currency", spot("USD", noun="currency")) == ["EUR", "JPY"]
    named = Spot(("Currency",), "/Currency", "Order/Currency", "EUR")
    assert wrong("other-currency", named) == ["JPY"]


def test_another_choice_is_one_of_those_that_the_schema_allows() -> None:
    assert "PAID" in wrong("other-choice", spot("OPEN", choices=("OPEN", "PAID")))


def test_a_name_that_looks_like_a_number_is_no_amount() -> None:
    assert wrong("off-by-one", spot("17", noun="order")) == []


def test_every_fault_has_a_case() -> None:
    told = {case[0] for case in CASES} | {
        "minor-unit",
        "precision",
        "other-currency",
        "other-choice",
    }
    assert told == OPERATORS.keys()
