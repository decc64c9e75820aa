"""Orders of PayFunc: exact amounts, states of units, and the two forms of an answer."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderspec import exact_json
from orderspec.contract import catalog
from orderspec.exchange import Exchange, Request, Response
from orderspec.server.providers.payfunc.pricing import total, unpriceable
from orderspec.server.providers.payfunc.states import after
from orderspec.server.providers.payfunc.token import prefers_token
from tests.server.recorded import Replay, replay

Json = dict[str, Any]

PAYMENT = {"type": "defer", "method": "sms", "contact": "+460811122233"}
_AMOUNTS = st.decimals(0, 10**6, places=2) | st.integers(0, 10**6)
_ITEMS = st.fixed_dictionaries(
    {"price": _AMOUNTS},
    optional={"vat": _AMOUNTS, "rebate": _AMOUNTS, "quantity": st.integers(1, 1000)},
)


@pytest.fixture(name="server")
def _server() -> Iterator[Replay]:
    with replay(catalog.load("payfunc")) as server:
        yield server


def sent(server: Replay, method: str, operation: str, **request: Any) -> tuple[int, Any]:
    return server.answer(Exchange(operation, Request(method, "", **request), Response(0)))


def created(server: Replay, items: Any, **members: Any) -> Any:
    body = {"items": items, "currency": "SEK", "payment": PAYMENT, **members}
    status, order = sent(server, "POST", "CreateOrder", body=body)
    assert status == 200, order
    return order


def happened(server: Replay, order: Json, kind: str, **members: Any) -> Any:
    path = {"id": order["id"]}
    return sent(server, "POST", "AddEvent", body={"type": kind, **members}, path_parameters=path)


@given(st.lists(_ITEMS, max_size=5))
def test_an_amount_is_exact_whatever_is_bought(items: list[Json]) -> None:
    expected = sum(
        (Fraction(one["price"]) - Fraction(one.get("rebate", 0)) + Fraction(one.get("vat", 0)))
        * one.get("quantity", 1)
        for one in items
    )
    assert Fraction(total(items)) == expected


def test_numbers_that_no_amount_can_be_are_refused() -> None:
    assert unpriceable([{"price": 10**12, "quantity": Decimal("0.5")}]) == ""
    for number in (10**12 + 1, Decimal("1e400"), Decimal("1e-400"), -(10**4000)):
        assert unpriceable({"price": number})


def test_an_item_without_a_price_costs_nothing(server: Replay) -> None:
    order = created(server, [{"name": "gift"}, {"price": 3, "quantity": 2}])
    assert order["items"][0] == {"name": "gift", "status": ["ordered"]}
    assert order["payment"]["amount"] == 6


def test_an_amount_becomes_an_item_of_that_price(server: Replay) -> None:
    order = created(server, 500)
    assert order["items"] == {"price": 500, "status": ["ordered"]}
    assert order["payment"]["amount"] == 500


def test_units_that_cannot_be_counted_have_no_state(server: Replay) -> None:
    order = created(server, [{"price": 1, "quantity": Decimal("1.5")}, {"price": 1, "quantity": 3}])
    assert [item.get("status") for item in order["items"]] == [None, ["ordered"] * 3]


def test_an_event_changes_the_state_of_every_unit(server: Replay) -> None:
    order = created(server, [{"price": 1, "quantity": 2}])
    status, event = happened(server, order, "charge")
    assert (status, event["type"]) == (200, "charge")
    _, (listed,) = sent(server, "GET", "ListOrders")
    assert (listed["status"], listed["items"][0]["status"]) == (["charged"], ["charged"] * 2)
    assert [one["type"] for one in listed["event"]] == ["order", "charge"]


def test_an_event_about_some_items_is_kept_and_changes_no_state(server: Replay) -> None:
    order = created(server, [{"price": 1, "quantity": 2}])
    happened(server, order, "charge", items=1)
    _, (listed,) = sent(server, "GET", "ListOrders")
    assert (listed["status"], listed["event"][-1]["items"]) == (["ordered"], 1)


def test_an_event_that_the_state_does_not_allow_is_refused_and_changes_nothing(
    server: Replay,
) -> None:
    order = created(server, 500)
    assert happened(server, order, "refund")[0] == 400
    assert sent(server, "GET", "ListOrders") == (200, [order])


def test_synchronizing_and_failing_are_always_possible() -> None:
    for state in ("ordered", "denied", "refunded"):
        assert after("synchronize", state) == "synchronized"
        assert after("fail", state) == state
        assert after("charge", state) == ("charged" if state == "ordered" else None)


@pytest.mark.parametrize(
    "accept, prefers",
    [
        ("", False),
        ("*/*", False),
        ("application/json", False),
        ("application/jwt", True),
        ("Application/JWT; charset=utf-8", True),
        ("application/jwt, */*;q=0.5", True),
        ("application/jwt, */*", False),
        ("application/jwt;q=0.9, application/json;q=0.8, */*", True),
        ("application/jwt;q=0.5, application/json", False),
        ("application/json;q=0, application/jwt;q=0.1", True),
        ("application/jwt;q=0", False),
        ("application/jwt;q=high", False),
        ("text/html", False),
    ],
)
def test_only_who_likes_a_token_more_than_json_gets_one(accept: str, *, prefers: bool) -> None:
    assert prefers_token(accept) is prefers


def test_a_token_holds_the_order_exactly(server: Replay) -> None:
    body = {"items": [{"price": Decimal("0.10"), "vat": Decimal("0.20")}], "currency": "SEK"}
    request = Request("POST", "", headers={"accept": "application/jwt"})
    answer = server.raw(
        Exchange("CreateOrder", request, Response(0)),
        exact_json.to_bytes({**body, "payment": PAYMENT}),
        {"bearer": "test-key"},
    )
    assert answer.headers["content-type"] == "application/jwt; charset=utf-8"
    header, claims, signature = answer.text.split(".")
    assert (decoded(header)["alg"], signature) == ("none", "")
    assert decoded(claims)["payment"]["amount"] == Decimal("0.30")
    assert {"iss", "iat", "aud", "id", "created"} <= decoded(claims).keys()
    assert b'"price":0.10' in padded(claims)


def decoded(part: str) -> Any:
    return json.loads(padded(part), parse_float=Decimal)


def padded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
