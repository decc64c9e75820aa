"""An excerpt keeps what a rule reads, says where it left something out, and loses no digit."""

from decimal import Decimal
from typing import Any

import pytest

from orderspec import exact_json
from orderspec.docs.excerpt import excerpt, laid_out, members_of, words

ORDER = {
    "id": "o-1",
    "lines": [{"sku": "a", "total": 1, "notes": ["x"]}, {"sku": "b", "total": 2, "notes": []}],
    "total": {"amount": 3, "currency": "EUR"},
    "total_due": 3,
}


def cut(*arguments: Any) -> str:
    return laid_out(excerpt(ORDER, *arguments))


def test_what_is_named_stays_and_the_rest_is_an_ellipsis() -> None:
    assert cut({"lines", "sku"}) == '{"lines": [{"sku": "a", …}, {"sku": "b", …}], …}'


def test_a_small_object_of_which_nothing_is_named_stays_whole() -> None:
    assert cut({"total"}, (), {"total"}) == '{"total": {"amount": 3, "currency": "EUR"}, …}'


def test_of_a_list_on_the_way_only_the_element_on_it_stays() -> None:
    assert cut({"sku"}, ("lines", "1", "total"), {"lines"}) == (
        '{"lines": [… 1 before, {"sku": "b", "total": 2, …}], …}'
    )


def test_of_a_long_list_the_first_elements_stay() -> None:
    assert laid_out(excerpt(list(range(9)), ())) == "[0, 1, 2, … 6 more]"


def test_a_way_that_leads_out_of_a_list_keeps_its_start() -> None:
    assert laid_out(excerpt([1, 2], (), ("7",))) == "[1, 2]"


def test_the_words_of_a_rule_are_its_names_and_its_texts() -> None:
    check = 'values(self, "amount", "x").all(a, a >= 0) && self.lines[0].total == 1'
    assert {"self", "amount", "lines", "total"} <= words(check, None)
    assert members_of("self", check, None) == {"lines"}


@pytest.mark.parametrize("width", [0, 20, 72])
@pytest.mark.parametrize(
    "value",
    [
        ORDER,
        [],
        {},
        [[], {}, [{}]],
        "…",
        {"…": "…x"},
        Decimal("209.00"),
        2**70,
        None,
        ["a, b", True],
    ],
)
def test_what_is_laid_out_whole_is_the_same_json(value: Any, width: int) -> None:
    text = laid_out(value, width)
    assert exact_json.to_text(exact_json.from_text(text)) == exact_json.to_text(value)
    assert all(len(line) <= max(width, 40) for line in text.splitlines())
