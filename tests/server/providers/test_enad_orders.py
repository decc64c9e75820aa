"""What Enad's reference server keeps of an order, and what it refuses."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from orderspec import exact_json
from orderspec.contract import catalog
from orderspec.server.app import create_app
from orderspec.server.providers.enad import BEHAVIOUR
from orderspec.server.providers.enad.catalog import PRODUCTS, VARIANTS
from orderspec.server.store import Store

Json = dict[str, Any]

SHOP = "/api/v1/nordic-outfitters/webshop/orders"
JACKET, SOCKS, _ = PRODUCTS
SMALL, MEDIUM, *_rest = VARIANTS
NOBODYS = "00000000-0000-0000-0000-000000000000"


def line(product: str = JACKET, variant: str = SMALL, **changes: Any) -> Json:
    plain = {"base_price_amount": 100, "total_price_amount": 200, "quantity": 2}
    ids = {"product_id": product, "variant_id": variant, "currency_code": "SEK"}
    return {**plain, **ids, **changes}


def order(*lines: Json, **changes: Any) -> Json:
    codes = {"country_code": "SE", "currency_code": "SEK", "language_code": "sv"}
    plain = {"grand_total": 7, "reference": "SO-1", "source": "webshop", "status": "placed"}
    return {**codes, **plain, "lines": list(lines) or [line()], **changes}


class Shop:
    """A client of a reference server that nobody has used before."""

    def __init__(self, client: TestClient, store: Store) -> None:
        self._client = client
        self._store = store

    def send(self, method: str, path: str, body: Json | None = None) -> tuple[int, Any]:
        content = None if body is None else exact_json.to_bytes(body)
        answer = self._client.request(method, path, content=content)
        return answer.status_code, exact_json.from_text(answer.content)

    def created(self, body: Json, at: str = SHOP) -> Json:
        status, answer = self.send("POST", at, body)
        assert status == 201, answer
        data: Json = answer["data"]
        return data

    def stored(self) -> list[Json]:
        return self._store.transact("enad", lambda transaction: (transaction.list_orders(), False))

    def lines(self, order_id: str, at: str = SHOP) -> tuple[int, Any]:
        status, answer = self.send("GET", f"{at}/{order_id}/lines")
        return status, answer.get("data")


@pytest.fixture(name="shop")
def _shop() -> Iterator[Shop]:
    store = Store("sqlite://")
    mounts = {"": (catalog.load("enad"), BEHAVIOUR)}
    client = TestClient(create_app(mounts, store, strict_self_check=True))
    yield Shop(client, store)
    client.close()
    store.close()


def test_amounts_come_back_digit_by_digit(shop: Shop) -> None:
    body = exact_json.to_bytes(order(line(base_price_amount=1))).replace(
        b'"grand_total":7', b'"grand_total":1234567.10'
    )
    created = shop.created(exact_json.from_text(body))
    assert str(created["grand_total"]) == "1234567.10"


def test_what_was_left_out_is_null_or_zero(shop: Shop) -> None:
    created = shop.created(order())
    assert created["merchant_user"] is created["billing_address"] is created["session_id"] is None
    assert (created["tax_total"], created["shipping_methods"]) == (0, [])


def test_a_line_is_named_as_the_catalog_names_it(shop: Shop) -> None:
    (made,) = shop.created(order(line(SOCKS, MEDIUM)))["order_lines"]
    assert (made["product_name"], made["variant_name"]) == ("Wool socks", "Medium")


@pytest.mark.parametrize("member", ["product_id", "variant_id"])
def test_what_does_not_exist_cannot_be_ordered_and_nothing_is_stored(
    shop: Shop, member: str
) -> None:
    status, answer = shop.send("POST", SHOP, order(line(), line(**{member: NOBODYS})))
    assert (status, answer["success"]) == (422, False)
    assert NOBODYS in answer["details"][0]
    assert shop.stored() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity": 0},
        {"quantity": "2"},
        {"quantity": True},
        {"base_price_amount": -1},
        {"product_id": None},
        {"tax_group_id": 7},
    ],
    ids=str,
)
def test_a_line_that_the_contract_leaves_open_is_read_as_a_change_of_one(
    shop: Shop, wrong: Json
) -> None:
    assert shop.send("POST", SHOP, order(line(**wrong)))[0] == 422


def test_an_order_is_found_in_its_own_app_only(shop: Shop) -> None:
    made = shop.created(order())
    elsewhere = SHOP.replace("webshop", "outlet")
    assert shop.lines(made["id"]) == (200, made["order_lines"])
    assert shop.lines(made["id"], elsewhere)[0] == 404
    path = f"{elsewhere}/{made['id']}/lines/{made['order_lines'][0]['id']}"
    assert shop.send("PATCH", path, line(quantity=9))[0] == 404
    assert shop.lines(made["id"]) == (200, made["order_lines"])


@pytest.mark.parametrize("slug", ["Web Shop", "-", "a--b", "x" * 64])
def test_what_cannot_be_a_slug_names_no_app(shop: Shop, slug: str) -> None:
    assert shop.send("POST", f"/api/v1/nordic-outfitters/{slug}/orders", order())[0] == 404


def test_a_change_is_of_one_line_and_keeps_what_it_leaves_out(shop: Shop) -> None:
    made = shop.created(order(line(), line(SOCKS, tax_group_id="books", total_tax_amount=5)))
    first, second = made["order_lines"]
    path = f"{SHOP}/{made['id']}/lines/{second['id']}"
    status, answer = shop.send("PATCH", path, line(JACKET, MEDIUM, quantity=3))
    changed = answer["data"]
    assert status == 200
    assert (changed["quantity"], changed["product_name"]) == (3, "Rain jacket")
    assert (changed["tax_group_id"], changed["total_tax_amount"]) == ("books", 5)
    assert shop.lines(made["id"]) == (200, [first, changed])


def test_a_change_that_is_refused_leaves_the_line_as_it_was(shop: Shop) -> None:
    made = shop.created(order())
    path = f"{SHOP}/{made['id']}/lines/{made['order_lines'][0]['id']}"
    assert shop.send("PATCH", path, line(NOBODYS, quantity=3))[0] == 422
    assert shop.send("PATCH", path, line(quantity=0))[0] == 400
    assert shop.lines(made["id"]) == (200, made["order_lines"])
