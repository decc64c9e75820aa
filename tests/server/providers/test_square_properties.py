"""Whatever is ordered, every sum of the answer holds exactly."""

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orderspec.server.providers.square.arithmetic import apportion, half_even, total
from tests.server.providers.square_bench import (
    Bench,
    Json,
    amounts,
    line,
    money,
    off,
    on_line,
    percent,
    taxed_by,
)

_AMOUNTS = st.one_of(st.integers(0, 30), st.integers(0, 10**6))
_PERCENTAGES = st.decimals(0, 120, places=2).map(str)
_SCOPES = st.sampled_from([{}, {"scope": "ORDER"}, {"scope": "LINE_ITEM"}])


@st.composite
def _orders(draw: st.DrawFn) -> Json:
    numbers = st.integers(0, 3)
    discounts = [
        {
            **(
                off(draw(_AMOUNTS), f"d{number}")
                if draw(st.booleans())
                else percent(draw(_PERCENTAGES), f"d{number}")
            ),
            **draw(_SCOPES),
        }
        for number in range(draw(numbers))
    ]
    taxes = [
        {
            **percent(draw(_PERCENTAGES), f"t{number}"),
            **draw(_SCOPES),
            "type": draw(st.sampled_from(["ADDITIVE", "INCLUSIVE"])),
        }
        for number in range(draw(numbers))
    ]
    charges = [
        {
            **(
                {"amount_money": money(draw(_AMOUNTS))}
                if draw(st.booleans())
                else {"percentage": draw(_PERCENTAGES)}
            ),
            **draw(st.sampled_from([{}, {"taxable": True}, {"calculation_phase": "TOTAL_PHASE"}])),
        }
        for _ in range(draw(numbers))
    ]
    lines = [
        line(
            draw(_AMOUNTS),
            draw(st.decimals(0, 20, places=2).map(str)),
            quantity_unit={"precision": 2},
            modifiers=[{"base_price_money": money(draw(_AMOUNTS))} for _ in range(draw(numbers))],
            applied_discounts=on_line(*_some(draw, discounts)),
            applied_taxes=taxed_by(*_some(draw, taxes)),
        )
        for _ in range(draw(st.integers(0, 5)))
    ]
    return {
        "line_items": lines,
        "discounts": discounts,
        "taxes": taxes,
        "service_charges": charges,
    }


def _some(draw: st.DrawFn, members: list[Json]) -> list[str]:
    uids = [member["uid"] for member in members]
    return draw(st.lists(st.sampled_from(uids), unique=True)) if uids else []


def _of(order: Json, name: str) -> list[Json]:
    members: list[Json] = order.get(name, [])
    return members


def _amount(order: Json, name: str) -> int:
    amount: int = order[name]["amount"]
    return amount


def _inclusive(order: Json, bearer: Json) -> int:
    uids = [tax["uid"] for tax in _of(order, "taxes") if tax["type"] == "INCLUSIVE"]
    applied = [tax for tax in _of(bearer, "applied_taxes") if tax["tax_uid"] in uids]
    return sum(amounts(applied, "applied_money"))


@given(_orders())
def test_every_sum_of_a_line_holds(sent: Json) -> None:
    order = Bench().calculated(sent)
    for each in _of(order, "line_items"):
        price = _amount(each, "variation_total_price_money")
        modifiers = sum(amounts(_of(each, "modifiers"), "total_price_money"))
        gross, discount = _amount(each, "gross_sales_money"), _amount(each, "total_discount_money")
        tax = _amount(each, "total_tax_money")
        assert gross == price + modifiers - _inclusive(order, each)
        assert discount == sum(amounts(_of(each, "applied_discounts"), "applied_money"))
        assert tax == sum(amounts(_of(each, "applied_taxes"), "applied_money"))
        assert _amount(each, "total_money") == gross - discount + tax


@given(_orders())
def test_every_sum_of_an_order_holds(sent: Json) -> None:
    order = Bench().calculated(sent)
    lines, charges = _of(order, "line_items"), _of(order, "service_charges")
    expected = {
        "total_discount_money": sum(amounts(lines, "total_discount_money")),
        "total_tax_money": sum(amounts([*lines, *charges], "total_tax_money")),
        "total_service_charge_money": sum(amounts(charges, "applied_money")),
        "total_money": sum(amounts([*lines, *charges], "total_money")),
        "total_tip_money": 0,
    }
    assert {name: _amount(order, name) for name in expected} == expected
    assert order["net_amounts"] == {
        "total_money": order["total_money"],
        "tax_money": order["total_tax_money"],
        "discount_money": order["total_discount_money"],
        "tip_money": order["total_tip_money"],
        "service_charge_money": order["total_service_charge_money"],
    }


@given(_orders())
def test_what_is_applied_is_the_sum_of_its_parts_and_reaches_every_line(sent: Json) -> None:
    order = Bench().calculated(sent)
    lines, charges = _of(order, "line_items"), _of(order, "service_charges")
    for name, references, uid, bearers in (
        ("discounts", "applied_discounts", "discount_uid", lines),
        ("taxes", "applied_taxes", "tax_uid", [*lines, *charges]),
    ):
        for member in _of(order, name):
            parts = [
                reference
                for bearer in bearers
                for reference in _of(bearer, references)
                if reference[uid] == member["uid"]
            ]
            assert _amount(member, "applied_money") == sum(amounts(parts, "applied_money"))
            if member["scope"] == "ORDER":
                assert all(
                    member["uid"] in [reference[uid] for reference in _of(bearer, references)]
                    for bearer in lines
                )


@given(_orders())
def test_percentages_are_within_one_minor_unit(sent: Json) -> None:
    """Each percentage, of what those before it left; each additive tax, of the net price."""
    order = Bench().calculated(sent)
    lines = _of(order, "line_items")
    left = [
        _amount(each, "variation_total_price_money")
        + sum(amounts(_of(each, "modifiers"), "total_price_money"))
        for each in lines
    ]
    for discount in _of(order, "discounts"):
        for place, each in enumerate(lines):
            for applied in _of(each, "applied_discounts"):
                if applied["discount_uid"] != discount["uid"]:
                    continue
                amount = _amount(applied, "applied_money")
                if "percentage" in discount:
                    factor = min(Fraction(discount["percentage"]) / 100, Fraction(1))
                    assert abs(amount - factor * left[place]) < 1
                left[place] -= amount
    additive = {
        tax["uid"]: Fraction(tax["percentage"]) / 100
        for tax in _of(order, "taxes")
        if tax["type"] == "ADDITIVE"
    }
    for each in lines:
        net = _amount(each, "gross_sales_money") - _amount(each, "total_discount_money")
        for applied in _of(each, "applied_taxes"):
            if applied["tax_uid"] in additive:
                tax = additive[applied["tax_uid"]] * net
                assert abs(_amount(applied, "applied_money") - tax) < 1


@given(_orders())
def test_nothing_is_negative(sent: Json) -> None:
    def check(value: Any) -> None:
        if isinstance(value, dict):
            assert not isinstance(value.get("amount"), int) or value["amount"] >= 0
        for member in value.values() if isinstance(value, dict) else value:
            if isinstance(member, dict | list):
                check(member)

    check(Bench().calculated(sent))


@given(_orders())
def test_calculating_an_answer_again_changes_nothing(sent: Json) -> None:
    bench = Bench()
    created = bench.created(sent)
    again = bench.calculated(created)
    times = {name: created[name] for name in ("id", "created_at", "updated_at")}
    assert {**again, **times} == created


@given(st.lists(st.fractions(0, 1000), max_size=12))
def test_apportioned_parts_add_up_and_stay_within_a_unit_of_their_quotas(
    quotas: list[Fraction],
) -> None:
    amount = half_even(total(quotas))
    parts = apportion(amount, quotas)
    assert sum(parts) == amount
    assert all(abs(part - quota) < 1 for part, quota in zip(parts, quotas, strict=True))
