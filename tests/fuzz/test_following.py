"""The requests that links ask for."""

from typing import Any

import pytest

from orderspec.contract.model import Link
from orderspec.exchange import MISSING, Exchange, Request, Response
from orderspec.fuzz.cases import Case, request_to
from orderspec.fuzz.following import next_case, path_of
from orderspec.fuzz.runtime import UnresolvedError
from orderspec.fuzz.values import Values
from tests.fuzz import kiosk
from tests.fuzz.stall import contract

BODY = {"note": "Ripe", "lines": [{"name": "Pear", "price": 1}]}
KEY = "idempotency-key"


def created(number: Any = 7) -> Exchange:
    operation = contract().operations["CreateOrder"]
    request = request_to(operation, BODY, {"tenant": "north"}, headers={KEY: "k"})
    body = {**BODY, "id": number, "lines": [{"id": 1, "name": "Pear", "price": 1}]}
    return Exchange("CreateOrder", request, Response(201, body=body))


def link(name: str, operation: str = "CreateOrder") -> Link:
    return next(one for one in contract().operations[operation].links if one.name == name)


def led(some: Link, first: Exchange, body: Any = MISSING, **base: Any) -> Request:
    target = contract().operations[some.target]
    case = next_case(Values(contract(), 1, {}), first, some, request_to(target, **base), body)
    assert isinstance(case, Case)
    return case.request


def test_a_number_of_a_body_is_a_text_in_a_path() -> None:
    request = led(link("changeLine"), created(), {"price": 3})
    assert request.path == "/north/orders/7/lines/1"
    assert request.path_parameters == {"tenant": "north", "id": "7", "line_id": "1"}
    assert request.body == {"price": 3}


def test_a_header_is_passed_on_where_the_link_says_so_and_is_new_where_not() -> None:
    fresh = {"headers": {KEY: "fresh"}}
    assert led(link("replay"), created(), **fresh).headers == {KEY: "k"}
    assert led(link("replay"), created(), **fresh).body == BODY
    assert led(link("reuse"), created(), **fresh).body["note"] == "Another order"
    assert led(link("another"), created(), **fresh).headers == {KEY: "fresh"}


def test_what_the_link_does_not_give_comes_from_the_frame() -> None:
    request = led(link("replaceLines"), created(), [], query={"mode": "all"})
    assert request.query == {"mode": "all"}


def test_a_path_that_stays_open_is_not_taken() -> None:
    some = Link("some", "CreateOrder", "RetrieveOrder", {"tenant": "north"})
    base = request_to(contract().operations["RetrieveOrder"])
    assert next_case(Values(contract(), 1, {}), created(), some, base) is None


@pytest.mark.parametrize("cursor", [{}, {"cursor": None}], ids=["left out", "null"])
def test_the_last_page_leads_nowhere(cursor: dict[str, Any]) -> None:
    request = request_to(contract().operations["ListOrders"], query={"limit": 1})
    listed = Exchange("ListOrders", request, Response(200, body={"orders": [], **cursor}))
    with pytest.raises(UnresolvedError):
        led(link("next", "ListOrders"), listed)


def test_a_page_leads_to_the_next_one() -> None:
    operation = contract().operations["ListOrders"]
    request = request_to(operation, path_parameters={"tenant": "north"}, query={"limit": 1})
    listed = Exchange("ListOrders", request, Response(200, body={"orders": [], "cursor": "1"}))
    assert led(link("next", "ListOrders"), listed).query == {"limit": "1", "cursor": "1"}


def test_where_a_link_leads_is_told_by_its_path() -> None:
    target = contract().operations["ChangeLine"]
    assert path_of(target, link("changeLine"), created()) == {
        "tenant": "north",
        "id": "7",
        "line_id": "1",
    }
    assert path_of(target, link("changeLine"), created(None)) == {}


def test_what_a_server_need_not_refuse_stays_that_when_it_is_sent_again() -> None:
    """Its answer is not held to the rule that it breaks."""
    values = Values(kiosk.contract(), 1, {"shop": ["S1"]})
    line = {"uid": "a", "price": 100001, "currency": "EUR"}
    request = request_to(
        kiosk.contract().operations["CreateOrder"],
        {"key": "k", "shop": "S1", "order": {"lines": [line]}},
    )
    some = Link("again", "CreateOrder", "CreateOrder", request_body="$request.body")
    case = next_case(values, Exchange("CreateOrder", request, Response(201)), some, request)
    assert case is not None
    assert case.broken == {"kiosk.order.small"}
