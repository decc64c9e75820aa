"""Runtime expressions of links."""

from typing import Any

import pytest

from orderspec.exchange import Exchange, Request, Response
from orderspec.fuzz.runtime import UnresolvedError, resolve

EXCHANGE = Exchange(
    "Create",
    Request(
        "POST",
        "/shops/S1/orders",
        {"shop": "S1"},
        {"page": "2"},
        {"x-trace": "t"},
        {"order": {"lines": [{"uid": "a"}], "a/b": 7, "none": None}},
    ),
    Response(201, {"location": "/orders/9"}, {"id": "o-9", "total": 5}),
)


@pytest.mark.parametrize(
    "expression,value",
    [
        ("$statusCode", 201),
        ("$method", "POST"),
        ("$url", "/shops/S1/orders"),
        ("$response.body#/id", "o-9"),
        ("$response.body", {"id": "o-9", "total": 5}),
        ("$request.body#/order/lines/0/uid", "a"),
        ("$request.body#/order/a~1b", 7),
        ("$request.body#/order/none", None),
        ("$request.path.shop", "S1"),
        ("$request.query.page", "2"),
        ("$request.header.X-Trace", "t"),
        ("$response.header.Location", "/orders/9"),
        ("{$response.body#/id}0", "o-90"),
        ("{$request.path.shop}-{$response.body#/total}", "S1-5"),
        ({"ids": ["$response.body#/id", "no-such"]}, {"ids": ["o-9", "no-such"]}),
        ("$5.00 off", "$5.00 off"),
        ("plain", "plain"),
        (12, 12),
    ],
)
def test_an_expression_is_replaced_by_what_the_exchange_holds(expression: Any, value: Any) -> None:
    assert resolve(expression, EXCHANGE) == value


@pytest.mark.parametrize(
    "expression",
    [
        "$response.body#/missing",
        "$request.body#/order/lines/3",
        "$request.query.missing",
        "$response.header.Missing",
        "{$response.body#/id/deeper}",
        "{$request.body#/order/none}0",
        "$response.nonsense",
    ],
)
def test_what_the_exchange_does_not_hold_is_unresolved(expression: str) -> None:
    with pytest.raises(UnresolvedError):
        resolve(expression, EXCHANGE)


def test_an_answer_without_a_body_resolves_nothing() -> None:
    with pytest.raises(UnresolvedError):
        resolve("$response.body#/id", Exchange("Create", EXCHANGE.request, Response(204)))
