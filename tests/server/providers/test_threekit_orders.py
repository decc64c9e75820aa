"""Orders of Threekit: two ids, old items that become a cart, changed carts, pages, two tokens."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from orderspec import exact_json
from orderspec.contract import catalog
from orderspec.server.app import create_app
from orderspec.server.providers.threekit import BEHAVIOUR
from orderspec.server.providers.threekit.cart import converted
from orderspec.server.providers.threekit.orders import HOME_ORGANIZATION
from orderspec.server.store import Store

Json = dict[str, Any]

CHAIR = "6c7f3a52-8d0e-4b7b-9a35-0d5d6a1f2b11"
TABLE = "1f4b9e07-2c6d-4d8a-8b90-c3e5a7d1f642"
ELSEWHERE = "e2a7c9d4-51b8-4c0f-8d36-9f0b7a1c4e85"
PUBLIC = {"bearer_token": "test-token"}

_OLD_ITEMS = st.lists(
    st.fixed_dictionaries(
        {"id": st.uuids().map(str), "count": st.integers(1) | st.decimals(1, 9, places=2)},
        optional={"metadata": st.dictionaries(st.text(), st.text())},
    ),
    min_size=1,
)
_OTHER_ITEMS = (
    st.none()
    | st.text()
    | st.fixed_dictionaries({"id": st.uuids().map(str)})
    | st.fixed_dictionaries({"id": st.uuids().map(str), "count": st.integers(max_value=0)})
    | st.fixed_dictionaries({"id": st.text(max_size=8), "count": st.just(1)})
    | st.fixed_dictionaries({"id": st.uuids().map(str), "count": st.booleans()})
    | st.fixed_dictionaries({"id": st.uuids().map(str), "count": st.just(1), "sku": st.text()})
)


def item(configuration: str = CHAIR, number: int = 1) -> Json:
    return {"configurationId": configuration, "count": number}


class Shop:
    """A client with a public token; what the server promises and breaks raises."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def ask(self, method: str, path: str, body: Any = None, **query: Any) -> tuple[int, Any]:
        content = None if body is None else exact_json.to_bytes(body)
        headers = {} if body is None else {"content-type": "application/json"}
        params = {**PUBLIC, **query}
        got = self.client.request(method, path, params=params, content=content, headers=headers)
        return got.status_code, exact_json.from_text(got.content)

    def create(self, **members: Any) -> Json:
        status, order = self.ask("POST", "/api/orders", members)
        assert status == 201, order
        return dict(order)

    def read(self, order_id: str) -> Json:
        status, order = self.ask("GET", f"/api/orders/{order_id}")
        assert status == 200, order
        return dict(order)

    def listed(self, **query: Any) -> Json:
        status, page = self.ask("GET", "/api/orders", **query)
        assert status == 200, page
        return dict(page)


@pytest.fixture(name="shop")
def _shop() -> Iterator[Shop]:
    minutes = count()
    store = Store("sqlite://")
    app = create_app(
        {"": (catalog.load("threekit"), BEHAVIOUR)},
        store,
        clock=lambda: f"2021-02-26T15:{next(minutes):02d}:00.000Z",
        strict_self_check=True,
    )
    client = TestClient(app)
    yield Shop(client)
    client.close()
    store.close()


def ids(page: Json) -> list[str]:
    return [order["id"] for order in page["orders"]]


@given(_OLD_ITEMS)
def test_old_items_of_the_right_form_become_items_of_a_cart(items: list[Json]) -> None:
    cart = converted(items)
    assert [one.pop("configurationId") for one in cart] == [one.pop("id") for one in items]
    assert cart == items


@given(_OLD_ITEMS, _OTHER_ITEMS)
def test_one_item_of_another_form_leaves_all_of_them_alone(items: list[Json], other: Any) -> None:
    assert converted([*items, other]) == []


@pytest.mark.parametrize("items", [None, "none", 7, {"id": CHAIR, "count": 1}, [], [CHAIR, None]])
def test_no_form_of_items_is_a_reason_to_refuse(shop: Shop, items: Any) -> None:
    order = shop.create(items=items)
    assert (order["items"], order["cart"]) == ([] if items is None else items, [])


def test_items_stay_as_they_came_and_the_cart_counts_where_both_come(shop: Shop) -> None:
    old = [{"id": CHAIR, "count": 1}, {"sku": "CHAIR-1", "count": Decimal("1.50")}]
    order = shop.create(items=old, cart=[item(TABLE, 3)])
    assert shop.read(order["shortId"]) == order
    assert (order["items"], order["cart"]) == (old, [item(TABLE, 3)])


def test_an_order_keeps_what_the_page_names_and_nothing_else(shop: Shop) -> None:
    metadata = {"room": {"width": 2**70, "height": Decimal("0.1")}, "__proto__": "x"}
    order = shop.create(metadata=metadata, total=5, id="mine", createdAt="never")
    assert order["metadata"] == metadata
    assert not {"total"} & order.keys()
    assert (order["id"], order["createdAt"]) != ("mine", "never")
    assert (order["orgId"], order["status"], order["cart"]) == (HOME_ORGANIZATION, "New", [])


def test_a_cart_grows_and_is_replaced_and_nothing_else_changes(shop: Shop) -> None:
    first = shop.create(name="Lobby", cart=[item(CHAIR, 2)])
    path = f"/api/orders/{first['shortId']}/cart"
    _, added = shop.ask("POST", path, [item(CHAIR, 1), {**item(TABLE), "color": "red"}])
    assert added["cart"] == [item(CHAIR, 2), item(CHAIR, 1), item(TABLE)]
    _, replaced = shop.ask("PUT", path, [item(TABLE, 9)])
    assert replaced["cart"] == [item(TABLE, 9)]
    assert shop.read(first["id"]) == replaced
    changes = {name for name in first if first[name] != replaced[name]}
    assert changes == {"cart", "updatedAt"}


def test_items_that_are_added_at_once_are_all_there(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'orders.db'}")
    app = create_app({"": (catalog.load("threekit"), BEHAVIOUR)}, store, strict_self_check=True)
    shop = Shop(TestClient(app))
    order = shop.create(cart=[item()])
    ready = threading.Barrier(4)

    def add(number: int) -> int:
        ready.wait()
        return shop.ask("POST", f"/api/orders/{order['id']}/cart", [item(TABLE, number)])[0]

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(add, range(1, 5))) == {200}
    counts = [one["count"] for one in shop.read(order["id"])["cart"]]
    shop.client.close()
    store.close()
    assert sorted(counts) == [1, 1, 2, 3, 4]


def test_pages_hold_every_order_once_in_either_direction(shop: Shop) -> None:
    created = [shop.create(name=str(number))["id"] for number in range(7)]
    for sort, expected in (("createdAt", created), ("-createdAt", created[::-1])):
        pages = [shop.listed(sort=sort, perPage=3, page=page) for page in (1, 2, 3, 4)]
        assert [len(page["orders"]) for page in pages] == [3, 3, 1, 0]
        assert [name for page in pages for name in ids(page)] == expected
        assert {page["count"] for page in pages} == {7}


def test_filters_narrow_a_list_together_before_it_is_paged(shop: Shop) -> None:
    shopify = {"id": "7", "platform": "shopify", "storeName": "acme"}
    for owner in (HOME_ORGANIZATION, ELSEWHERE):
        for platform in (shopify, {**shopify, "id": "8"}, {}):
            shop.create(orgId=owner, originOrgId=ELSEWHERE, platform=platform)
    wanted = {"orgId": ELSEWHERE, "platform": json.dumps(shopify), "originOrgId": ELSEWHERE}
    (found,) = shop.listed(**wanted, perPage=1)["orders"]
    assert (found["orgId"], found["platform"]) == (ELSEWHERE, shopify)
    assert shop.listed(**wanted, shortId="none")["orders"] == []
    assert shop.listed(platform='{"storeName": "acme"}')["count"] == 4


@pytest.mark.parametrize(
    "name,text",
    [
        ("page", "0"),
        ("page", "one"),
        ("page", "9" * 5000),
        ("perPage", "-1"),
        ("perPage", "²"),
        ("platform", "shopify"),
        ("platform", "[1]"),
        ("platform", "{" * 5000),
        ("sort", "price"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_refused(shop: Shop, name: str, text: str) -> None:
    status, body = shop.ask("GET", "/api/orders", **{name: text})
    assert status == 400
    assert name in body["message"] or name == "sort"


def test_either_token_opens_and_neither_opens_with_another_secret(shop: Shop) -> None:
    def status(query: Json, authorization: str | None) -> int:
        headers = {} if authorization is None else {"authorization": authorization}
        return int(shop.client.get("/api/orders", params=query, headers=headers).status_code)

    assert status(PUBLIC, None) == 200
    assert status({}, "Bearer test-token") == 200
    assert status(PUBLIC, "Bearer other") == 200
    assert status({"bearer_token": "other"}, None) == 401
    assert status({}, "Bearer other") == 401
    assert status({}, "test-token") == 401
    assert status({}, None) == 401


def test_what_is_refused_is_not_stored(shop: Shop) -> None:
    wrong: list[Any] = [{"name": "x" * 256}, {"cart": [{"count": 1}]}, [], "order"]
    for body in wrong:
        assert shop.ask("POST", "/api/orders", body)[0] == 400
    assert shop.ask("PUT", "/api/orders/none/cart", [item()])[0] == 404
    assert shop.listed()["count"] == 0
