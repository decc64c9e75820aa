"""Rules see JSON without loss: what they cannot carry exactly becomes a decimal string."""

from decimal import Decimal
from typing import Any

import pytest

from orderspec.rules.view import from_number, to_cel, to_number

LARGEST = 2**63 - 1


@pytest.mark.parametrize(
    "value,seen",
    [
        ({"a": None, "b": [None, {"c": None}]}, {"b": [None, {}]}),
        (LARGEST, LARGEST),
        (-LARGEST - 1, -LARGEST - 1),
        (LARGEST + 1, str(LARGEST + 1)),
        (Decimal("2.50"), 2.5),
        (Decimal(100), 100),
        (Decimal("1E+2"), 100),
        (Decimal(-LARGEST - 1), -LARGEST - 1),
        (Decimal("0.10000000000000000001"), "0.10000000000000000001"),
        (Decimal("1E+999999"), "1E+999999"),
        (Decimal("NaN"), "NaN"),
        (True, True),
        ("a\ud800b", "a\ufffdb"),
        ("\ud83d\ude00", "😀"),
        ({"k\ud800": 1}, {"k\ufffd": 1}),
    ],
)
def test_a_json_value_as_rules_see_it(value: Any, seen: Any) -> None:
    found = to_cel(value)
    assert (type(found), found) == (type(seen), seen)


@pytest.mark.parametrize("value", [True, None, "", "-", "1.", ".5", "1e3", "+1", "٣", " 1", [], {}])
def test_what_is_no_number_is_none(value: Any) -> None:
    assert to_number(value) is None


@pytest.mark.parametrize(
    "value,number", [(3, "3"), (0.1, "0.1"), ("-1.50", "-1.50"), (Decimal("2.5"), "2.5")]
)
def test_a_number_or_a_decimal_string_is_read_exactly(value: Any, number: str) -> None:
    assert to_number(value) == Decimal(number)


@pytest.mark.parametrize(
    "number,given",
    [("2.00", 2), ("2.50", "2.5"), (str(LARGEST + 1), str(LARGEST + 1)), ("1E-3", "0.001")],
)
def test_a_number_is_given_back_whole_or_as_a_decimal_string(number: str, given: int | str) -> None:
    assert from_number(Decimal(number)) == given
