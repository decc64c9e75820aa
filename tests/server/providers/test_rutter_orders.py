"""Shops of access tokens, retries that keep failures, exact amounts, pages."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from orderspec import exact_json
from orderspec.contract import catalog
from orderspec.server.app import create_app
from orderspec.server.faults import behaviour
from orderspec.server.providers.rutter.connections import ACCESS_TOKEN
from orderspec.server.providers.rutter.shop import CATALOG, SOLD_OUT
from orderspec.server.store import Store

Json = dict[str, Any]
Answer = tuple[int, Json]

OTHER_TOKEN = "0d9c8b7a-6f5e-4d3c-8b2a-1908f7e6d5c4"  # noqa: S105 (any UUID is the token of a shop)
TEA, BAG = list(CATALOG)[:2]
ADDRESS = {
    "address1": "12 Harbour Street",
    "address2": "Floor 3",
    "city": "Portland",
    "country_code": "USA",
    "first_name": "Ann",
    "last_name": "Lee",
    "postal_code": "97201",
    "region": "Oregon",
    "email": None,
    "phone": None,
}


class Bench:
    """A client of a server that checks its own answers; its clock stands until it is set."""

    def __init__(self) -> None:
        self.now = "2021-02-26T15:04:05.123Z"
        self._store = Store("sqlite://")
        app = create_app(
            {"": (catalog.load("rutter"), behaviour("rutter"))},
            self._store,
            clock=lambda: self.now,
            strict_self_check=True,
        )
        self._client = TestClient(app)

    def close(self) -> None:
        self._client.close()
        self._store.close()

    def send(
        self, method: str, path: str, body: Any = None, *, key: str = "", **query: str
    ) -> Answer:
        got = self._client.request(
            method,
            path,
            params={"access_token": ACCESS_TOKEN} | query,
            auth=("client", "secret"),
            headers={"content-type": "application/json"}
            | ({"idempotency-key": key} if key else {}),
            content=None if body is None else exact_json.to_bytes(body),
        )
        return got.status_code, exact_json.from_text(got.content)

    def create(self, *lines: tuple[str, Any], key: str = "", **query: str) -> Answer:
        order = {
            "currency_code": "USD",
            "line_items": [{"variant_id": one, "quantity": number} for one, number in lines],
            "customer": {"email": "ann.lee@mail.example"},
            "billing_address": ADDRESS,
        }
        return self.send("POST", "/orders", {"order": order}, key=key, **query)

    def created(self, *lines: tuple[str, Any], **options: str) -> Json:
        status, body = self.create(*(lines or ((TEA, 1),)), **options)
        assert status == 200
        order: Json = body["order"]
        return order

    def listed(self, **query: str) -> list[str]:
        status, body = self.send("GET", "/orders", **query)
        assert status == 200
        return [order["id"] for order in body["orders"]]

    def set_status(self, order: Json, status: str, **query: str) -> Answer:
        body = {"order": {"status": status}}
        return self.send("PATCH", f"/orders/{order['id']}", body, **query)


@pytest.fixture(name="bench")
def _bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()


def test_the_orders_of_one_access_token_are_not_there_for_another(bench: Bench) -> None:
    order = bench.created()
    other = {"access_token": OTHER_TOKEN}
    assert bench.send("GET", f"/orders/{order['id']}", **other)[0] == 404
    assert bench.set_status(order, "archived", **other)[0] == 404
    assert bench.listed(**other) == []
    assert bench.listed() == [order["id"]]


def test_an_access_token_leads_to_one_connection_and_its_letters_count_in_no_case(
    bench: Bench,
) -> None:
    own = bench.send("GET", "/orders")[1]["connection"]
    assert own == bench.send("GET", "/orders", access_token=ACCESS_TOKEN.upper())[1]["connection"]
    other = bench.send("GET", "/orders", access_token=OTHER_TOKEN)[1]["connection"]
    assert UUID(other["id"]) != UUID(own["id"])
    assert other["orgId"] == own["orgId"]


@pytest.mark.parametrize("token", ["", "token", ACCESS_TOKEN[:-1], ACCESS_TOKEN.replace("-", "")])
def test_what_is_no_uuid_is_no_access_token(bench: Bench, token: str) -> None:
    status, body = bench.create((TEA, 1), access_token=token)
    assert (status, body["error_code"]) == (401, "INVALID_CREDENTIALS")


def test_a_failure_that_was_accepted_is_the_answer_to_every_retry(bench: Bench) -> None:
    first = bench.create((SOLD_OUT, 1), key="k")
    assert (first[0], first[1]["error_type"]) == (450, "PLATFORM_ERROR")
    assert bench.create((SOLD_OUT, 1), key="k") == first
    assert bench.create((TEA, 1), key="k")[0] == 409
    assert bench.listed() == []


def test_a_request_that_was_not_accepted_leaves_its_key_free(bench: Bench) -> None:
    assert bench.create((TEA, "one"), key="k")[0] == 400
    assert bench.create((TEA, 1), key="k", access_token="nobody")[0] == 401  # noqa: S106 (no secret)
    assert bench.create((TEA, 1), key="k")[0] == 200


def test_one_key_stands_for_one_request_of_one_shop_and_operation(bench: Bench) -> None:
    order = bench.created(key="k")
    assert bench.created(key="k") == order
    elsewhere = bench.created(key="k", access_token=OTHER_TOKEN)
    assert elsewhere["id"] != order["id"]
    path = f"/orders/{order['id']}"
    first = bench.send("PATCH", path, {"order": {"status": "archived"}}, key="k")
    assert first[1]["order"]["status"] == "archived"
    bench.set_status(order, "active")
    assert bench.send("PATCH", path, {"order": {"status": "archived"}}, key="k") == first
    assert bench.send("PATCH", path, {"order": {"status": "active"}}, key="k")[0] == 409


@pytest.mark.parametrize(
    "quantity,price",
    [(1, "19.99"), (7, "139.93"), (1_000_000, "19990000"), (Decimal("2.5"), "49.975")],
)
def test_a_price_is_exact_in_decimals(bench: Bench, quantity: Any, price: str) -> None:
    order = bench.created((TEA, quantity), (BAG, 3))
    assert order["line_items"][0]["price"] == Decimal(price)
    assert order["line_items"][1]["price"] == Decimal("0.3")
    assert order["total_price"] == Decimal(price) + Decimal("0.3")


@pytest.mark.parametrize("quantity", [1_000_001, -1_000_001, Decimal("1E+400"), Decimal("0.0001")])
def test_a_quantity_that_no_shop_sells_is_refused(bench: Bench, quantity: Any) -> None:
    assert bench.create((TEA, quantity))[0] == 450


def test_the_shop_sells_variants_that_it_does_not_know_by_name(bench: Bench) -> None:
    order = bench.created(("anything", 2))
    assert order["line_items"][0]["price"] == 20


def test_a_change_touches_the_status_and_the_times_of_change(bench: Bench) -> None:
    order = bench.created()
    bench.now = "2021-03-01T00:00:00.000Z"
    cancelled = bench.set_status(order, "cancelled")[1]["order"]
    stamps = {"status": "cancelled", "updated_at": bench.now, "cancelled_at": bench.now}
    assert cancelled == {**order, **stamps}
    reopened = bench.set_status(order, "active")[1]["order"]
    assert reopened == {**order, "updated_at": bench.now}


def test_pages_lead_to_every_order_once_the_newest_first(bench: Bench) -> None:
    made = [bench.created()["id"] for _ in range(5)]
    seen: list[str] = []
    query = {"limit": "2"}
    while True:
        body = bench.send("GET", "/orders", **query)[1]
        seen += [order["id"] for order in body["orders"]]
        if body["next_cursor"] is None:
            break
        query["cursor"] = body["next_cursor"]
    assert seen == made[::-1]


@pytest.mark.parametrize("limit,held", [("0", 1), ("-3", 1), ("1e3", 3), ("9" * 30, 3)])
def test_a_limit_out_of_bounds_is_moved_to_the_nearest_one(
    bench: Bench, limit: str, held: int
) -> None:
    for _ in range(3):
        bench.created()
    assert len(bench.listed(limit=limit)) == held


@pytest.mark.parametrize("cursor", ["", "nowhere", "YQ==", "é"])
def test_a_cursor_that_was_never_given_out_is_refused(bench: Bench, cursor: str) -> None:
    bench.created()
    assert bench.send("GET", "/orders", cursor=cursor)[0] == 400


def test_filters_let_pass_what_they_name(bench: Bench) -> None:
    first = bench.created()
    bench.now = "2021-02-27T00:00:00.000Z"
    second = bench.created()
    assert bench.listed(order_number=first["order_number"]) == [first["id"]]
    assert bench.listed(created_at_min="1614384000000") == [second["id"]]
    assert bench.listed(created_at_max="1614383999999") == [first["id"]]
    bench.set_status(first, "archived")
    assert bench.listed(updated_at_min="1614384000000") == [second["id"], first["id"]]
    assert bench.listed(payment_status="paid") == []
    assert bench.listed(phone="+1 503 555 0142") == []
