"""The published example, rebuilt from the request that belongs to it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.server.providers.square_bench import Bench, Json

_DOCUMENTED = Path(__file__).with_name("square_documented_order.json")
_COMPUTED = {
    "applied_money",
    "created_at",
    "gross_sales_money",
    "id",
    "net_amounts",
    "state",
    "total_discount_money",
    "total_money",
    "total_price_money",
    "total_service_charge_money",
    "total_tax_money",
    "total_tip_money",
    "updated_at",
    "variation_total_price_money",
    "version",
}


@pytest.fixture(name="documented")
def _documented() -> Json:
    documented: Json = json.loads(_DOCUMENTED.read_text())["order"]
    return documented


def _as_sent(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_sent(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "catalog_object_id" in value:
        by_id = ("uid", "catalog_object_id", "quantity", "scope")
        sent = {name: value[name] for name in by_id if name in value}
        references = ("applied_discounts", "modifiers")
        return {**sent, **{name: _as_sent(value[name]) for name in references if name in value}}
    return {name: _as_sent(member) for name, member in value.items() if name not in _COMPUTED}


def _request(documented: Json) -> Json:
    order: Json = _as_sent(documented)
    membership, labor_day, one_dollar = order["discounts"]
    order["discounts"] = [labor_day, membership, one_dollar]
    for sent in order["line_items"]:
        sent.pop("applied_taxes", None)
        named = sent.pop("applied_discounts")
        own = [{"discount_uid": "one-dollar-off"} for one in named if "one-" in one["discount_uid"]]
        sent.update({"applied_discounts": own} if own else {})
    for discount in order["discounts"][:2]:
        discount.pop("type", None)
    return order


def _without_made_names(order: Json) -> Json:
    made = {"id": "", "created_at": "", "updated_at": ""}
    lines = [
        {
            **each,
            **{
                references: [{**reference, "uid": ""} for reference in each[references]]
                for references in ("applied_discounts", "applied_taxes")
            },
        }
        for each in order["line_items"]
    ]
    return {**order, **made, "line_items": lines}


def test_the_documented_order_comes_out_as_documented(documented: Json) -> None:
    """All that is not a made-up id or the time is equal, every amount included."""
    created = Bench().created(_request(documented))
    assert _without_made_names(created) == _without_made_names(documented)


def test_the_request_holds_nothing_that_the_answer_must_compute(documented: Json) -> None:
    text = json.dumps(_request(documented))
    assert not [name for name in _COMPUTED if f'"{name}"' in text]
    assert "New York Steak" not in text
    assert "Membership" not in text


def test_calculating_the_documented_answer_gives_its_amounts_again(documented: Json) -> None:
    calculated = Bench().calculated(documented)
    del documented["id"]
    times = {name: documented[name] for name in ("created_at", "updated_at")}
    assert {**calculated, **times} == documented
