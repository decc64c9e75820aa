"""Creating once, reading back, and what an answer echoes."""

from decimal import Decimal

import pytest

from tests.server.providers.square_bench import (
    LOCATION,
    Bench,
    Json,
    codes,
    line,
    money,
    percent,
)


@pytest.fixture(name="bench")
def _bench() -> Bench:
    return Bench()


def test_a_new_order_is_open_in_version_one_with_ids_of_the_documented_lengths(
    bench: Bench,
) -> None:
    order = bench.created({"line_items": [line(100)], "discounts": [{"percentage": "5"}]})
    assert (order["state"], order["version"]) == ("OPEN", 1)
    assert order["created_at"] == order["updated_at"]
    assert len(order["id"]) == 27
    assert order["source"]["name"]
    uids = [
        order["line_items"][0]["uid"],
        order["discounts"][0]["uid"],
        order["line_items"][0]["applied_discounts"][0]["uid"],
    ]
    assert [len(uid) for uid in uids] == [22, 22, 22]
    assert len(set(uids)) == 3


def test_what_the_client_wrote_comes_back_as_it_was_written(bench: Bench) -> None:
    sent: Json = {
        "reference_id": "my-order-001",
        "customer_id": "C1",
        "ticket_name": "Table 4",
        "source": {"name": "My App"},
        "metadata": {"a": "\U0001f600 b", "empty": ""},
        "pricing_options": {"auto_apply_taxes": False},
        "line_items": [
            line(
                100,
                "1.50",
                uid="steak",
                name=" Steak ",
                note="x" * 2000,
                quantity_unit={"precision": 2, "measurement_unit": {"type": "TYPE_WEIGHT"}},
                metadata={"k": "v"},
                pricing_blocklists={"blocked_taxes": [{"tax_uid": "t"}]},
            )
        ],
        "fulfillments": [
            {
                "uid": "f",
                "type": "PICKUP",
                "state": "RESERVED",
                "pickup_details": {"note": "back door", "recipient": {"display_name": "Ann"}},
            }
        ],
    }
    order = bench.created(sent)
    (answered,) = order.pop("line_items")
    (written,) = sent.pop("line_items")
    assert {name: answered[name] for name in written} == written
    assert {name: order[name] for name in sent} == sent


def test_null_empty_read_only_and_unknown_members_count_as_absent(bench: Bench) -> None:
    order = bench.created(
        {
            "id": "mine",
            "version": 7,
            "tenders": [{"type": "CASH"}],
            "reference_id": None,
            "taxes": [],
            "colour": "red",
            "line_items": [
                line(100, uid=None, modifiers=[], total_money=money(1), colour="red", note=None)
            ],
            "fulfillments": [{"type": "DELIVERY", "delivery_details": {"placed_at": "now"}}],
        }
    )
    assert not {"tenders", "reference_id", "taxes", "colour"} & order.keys()
    assert order["id"] != "mine"
    assert order["version"] == 1
    assert not {"modifiers", "colour", "note"} & order["line_items"][0].keys()
    assert order["line_items"][0]["total_money"] == money(100)
    assert order["fulfillments"][0]["delivery_details"] == {}
    assert order["fulfillments"][0]["state"] == "PROPOSED"


def test_an_integer_sent_with_a_point_is_an_integer(bench: Bench) -> None:
    sent = line(0, base_price_money={"amount": Decimal("1E+2"), "currency": "USD"})
    (answered,) = bench.created({"line_items": [sent]})["line_items"]
    assert repr(answered["base_price_money"]["amount"]) == "100"


def test_a_catalog_line_is_filled_in_and_a_price_of_the_request_wins(bench: Bench) -> None:
    steak = {"quantity": "1", "catalog_object_id": "BEMYCSMIJL46OCDV4KYIKXIB"}
    order = bench.created({"line_items": [steak, {**steak, "base_price_money": money(1)}]})
    first, second = order["line_items"]
    assert (first["name"], first["variation_name"]) == ("New York Steak", "Larger")
    assert first["total_money"] == money(2200)
    assert second["total_money"] == money(1)


def test_an_amount_of_the_request_replaces_the_percentage_of_the_catalog(bench: Bench) -> None:
    discount = {"catalog_object_id": "DB7L55ZH2BGWI4H23ULIWOQ7", "amount_money": money(10)}
    (answered,) = bench.created({"discounts": [discount]})["discounts"]
    assert answered["type"] == "FIXED_AMOUNT"
    assert "percentage" not in answered


def test_a_reference_to_a_discount_of_the_order_keeps_its_own_uid(bench: Bench) -> None:
    sent = {
        "line_items": [line(100, applied_discounts=[{"uid": "mine", "discount_uid": "d"}])],
        "discounts": [percent("5", "d", scope="ORDER")],
    }
    (reference,) = bench.created(sent)["line_items"][0]["applied_discounts"]
    assert reference == {"uid": "mine", "discount_uid": "d", "applied_money": money(5)}


def test_without_a_key_every_create_makes_an_order(bench: Bench) -> None:
    assert bench.created({})["id"] != bench.created({})["id"]
    assert len(bench.memory.orders_by_id) == 2


def test_a_repeated_request_gets_the_first_answer_and_makes_nothing(bench: Bench) -> None:
    first = bench.create({"line_items": [line(5)]}, key="k")
    assert bench.create({"line_items": [line(5)]}, key="k") == first
    assert len(bench.memory.orders_by_id) == 1


def test_a_null_member_more_is_the_same_request(bench: Bench) -> None:
    first = bench.create({"line_items": [line(5)]}, key="k")
    assert bench.create({"line_items": [line(5, note=None)], "taxes": None}, key="k") == first


def test_a_used_key_with_another_order_names_the_order_it_made(bench: Bench) -> None:
    made = bench.created({"line_items": [line(5)]}, key="k")
    reply = bench.create({"line_items": [line(6)]}, key="k")
    assert reply.status == 400
    assert reply.body["errors"] == [
        {
            "category": "INVALID_REQUEST_ERROR",
            "code": "BAD_REQUEST",
            "detail": f"Order {made['id']} already exists.",
        }
    ]


def test_a_create_that_fails_leaves_its_key_free(bench: Bench) -> None:
    assert bench.create({"line_items": [line(-1)]}, key="k").status == 400
    assert bench.create({"line_items": [line(1)]}, key="k").status == 200


def test_an_empty_key_is_a_key(bench: Bench) -> None:
    assert bench.create({}, key="") == bench.create({}, key="")


def test_an_order_is_read_as_it_was_created(bench: Bench) -> None:
    created = bench.created({"line_items": [line(5), line(6)]})
    reply = bench.ask("RetrieveOrder", order_id=created["id"])
    assert (reply.status, reply.body) == (200, {"order": created})


def test_an_unknown_order_is_not_found(bench: Bench) -> None:
    reply = bench.ask("RetrieveOrder", order_id="nope")
    assert (reply.status, codes(reply)) == (404, ["NOT_FOUND"])


def test_a_batch_skips_unknown_ids_and_other_locations(bench: Bench) -> None:
    first = bench.created({})
    second = bench.created({"location_id": "LREFERENCE002"})
    ids = [second["id"], "nope", first["id"], first["id"]]
    everywhere = bench.ask("BatchRetrieveOrders", {"location_id": None, "order_ids": ids})
    here = bench.ask("BatchRetrieveOrders", {"location_id": LOCATION, "order_ids": ids})
    assert everywhere.body == {"orders": [second, first]}
    assert here.body == {"orders": [first]}


def test_a_calculated_order_has_no_id_and_is_not_stored(bench: Bench) -> None:
    order = bench.calculated({"line_items": [line(5)], "state": "COMPLETED"})
    assert "id" not in order
    assert order["state"] == "COMPLETED"
    assert bench.memory.orders_by_id == {}
