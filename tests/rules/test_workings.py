"""How an expected value is reckoned is told with the numbers of the payload."""

from typing import Any

import pytest

from orderspec.contract.model import Rule
from orderspec.rules import Scope, evaluate

ORDER: dict[str, Any] = {
    "total": 7,
    "gross": 4500,
    "discount": 346,
    "tax": 374,
    "tip": 0,
    "rate": "7.5",
    "quantity": "3",
    "lines": [{"amount": 100}, {"amount": 250}, {"amount": 0}],
    "many": [{"amount": 1}] * 9,
}

TOLD = {
    "self.total == self.gross - self.discount + self.tax": "4500 - 346 + 374",
    "self.total == self.gross + self.tip": "",
    "self.total == self.gross + self.tax + self.tip": "4500 + 374",
    "self.total == self.gross - (self.discount - self.tax)": "4500 - (346 - 374)",
    "self.total == (has(self.none) ? self.none : 0) + self.gross - self.tax": "4500 - 374",
    "self.total == sum(self.lines.map(l, l.amount))": "100 + 250",
    "self.total == sum(self.many.map(l, l.amount))": "the sum of 9 numbers",
    "near(self.total, times(self.tax, self.quantity), 1)": "374 * 3",
    "near(self.total, percent(self.gross - self.discount, self.rate), 1)": "7.5 % of (4500 - 346)",
    "self.total == self.gross": "",
    "self.total == 8": "",
    "self.total == self.gross * 2": "4500 * 2",
    "self.total == 0 - self.tax": "",
    "self.total == 0 - self.tax - 1": "-374 - 1",
    "unique(self.lines)": "",
    "self.rate == self.quantity": "",
    "size(self.lines) == size(self.many)": "",
}


@pytest.mark.parametrize("check", TOLD, ids=str)
def test_a_sum_is_told_as_on_paper(check: str) -> None:
    (outcome,) = evaluate(Rule("shop.total", check, "It adds up"), Scope({"self": ORDER}))
    assert outcome.workings == TOLD[check]
