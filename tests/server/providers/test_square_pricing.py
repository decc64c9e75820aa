"""How an order is priced: what applies, in which sequence, and how it is rounded."""

import pytest

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


def _priced(*lines: Json, **members: object) -> Json:
    return Bench().calculated({"line_items": list(lines), **members})


def _discounts(order: Json) -> list[list[int]]:
    return [amounts(each.get("applied_discounts", []), "applied_money") for each in _lines(order)]


def _taxes(order: Json) -> list[list[int]]:
    return [amounts(each.get("applied_taxes", []), "applied_money") for each in _lines(order)]


def _lines(order: Json) -> list[Json]:
    lines: list[Json] = order["line_items"]
    return lines


def test_an_empty_order_costs_nothing_in_the_currency_of_the_location() -> None:
    order = Bench().calculated({"line_items": []})
    assert "line_items" not in order
    assert order["total_money"] == money(0)
    assert order["net_amounts"] == {
        "total_money": money(0),
        "tax_money": money(0),
        "discount_money": money(0),
        "tip_money": money(0),
        "service_charge_money": money(0),
    }


def test_a_line_without_discount_or_tax_writes_its_zeros_out() -> None:
    order = _priced(line(700, "3"))
    assert _lines(order)[0]["total_tax_money"] == money(0)
    assert _lines(order)[0]["total_discount_money"] == money(0)
    assert _lines(order)[0]["gross_sales_money"] == money(2100)
    assert order["total_money"] == money(2100)


@pytest.mark.parametrize(
    "quantity,amount,expected",
    [("0.5", 101, 50), ("0.5", 103, 52), ("1.50", 333, 500), ("0", 500, 0), ("0.00001", 1, 0)],
)
def test_a_fraction_of_a_unit_is_rounded_half_to_even(
    quantity: str, amount: int, expected: int
) -> None:
    order = _priced(line(amount, quantity, quantity_unit={"precision": 5}))
    assert amounts(_lines(order), "variation_total_price_money") == [expected]


def test_modifiers_are_multiplied_by_the_quantity_of_the_line_and_by_their_own() -> None:
    extra = {"name": "Cheese", "quantity": "2", "base_price_money": money(30)}
    plain = {"name": "Well", "base_price_money": money(50)}
    order = _priced(line(1000, "3", modifiers=[extra, plain]))
    assert amounts(_lines(order)[0]["modifiers"], "total_price_money") == [180, 150]
    assert amounts(_lines(order), "gross_sales_money") == [3330]


def test_percentages_of_an_order_chain() -> None:
    """Half, then a tenth of the other half."""
    discounts = [percent("50", "half"), percent("10", "tenth")]
    order = _priced(line(600), line(400), discounts=discounts)
    assert _discounts(order) == [[300, 30], [200, 20]]
    assert amounts(order["discounts"], "applied_money") == [500, 50]


def test_a_percentage_of_an_order_is_rounded_once_and_then_split() -> None:
    """5 % of each line is 0.5, which alone rounds to 0; of the order it is 1.5, which gives 2."""
    order = _priced(line(10), line(10), line(10), discounts=[percent("5")])
    assert _discounts(order) == [[1], [1], [0]]


def test_a_percentage_of_lines_is_rounded_on_each_line() -> None:
    lines = [line(10, applied_discounts=on_line("percent")) for _ in range(3)]
    order = _priced(*lines, discounts=[percent("5")])
    assert _discounts(order) == [[0], [0], [0]]
    assert order["discounts"][0]["scope"] == "LINE_ITEM"


def test_an_amount_off_the_order_is_split_by_what_is_left_of_the_lines() -> None:
    order = _priced(line(100), line(0), line(200), discounts=[off(100)])
    assert _discounts(order) == [[33], [0], [67]]


def test_an_amount_off_lines_is_taken_from_each_line_that_names_it() -> None:
    named = on_line("off")
    order = _priced(
        line(500, applied_discounts=named),
        line(500),
        line(300, "2", applied_discounts=named),
        discounts=[off(100)],
    )
    assert _discounts(order) == [[100], [], [100]]
    assert order["discounts"][0]["applied_money"] == money(200)


def test_discounts_stand_in_the_sequence_in_which_they_apply() -> None:
    """Percentages before amounts, those of lines first; the catalog before the request."""
    order = _priced(
        line(10_000, applied_discounts=on_line("line-amount", "line-percent")),
        discounts=[
            off(100, "order-amount"),
            off(200, "line-amount"),
            percent("10", "order-percent"),
            {"uid": "member", "catalog_object_id": "DB7L55ZH2BGWI4H23ULIWOQ7"},
            percent("20", "line-percent"),
        ],
    )
    sequence = ["line-percent", "member", "order-percent", "line-amount", "order-amount"]
    applied = _lines(order)[0]["applied_discounts"]
    assert [discount["uid"] for discount in order["discounts"]] == sequence
    assert [reference["discount_uid"] for reference in applied] == sequence
    assert _discounts(order) == [[2000, 40, 796, 200, 100]]


@pytest.mark.parametrize(
    "discount", [off(5000), percent("250"), off(5000, scope="LINE_ITEM")], ids=str
)
def test_a_discount_takes_no_more_than_is_left(discount: Json) -> None:
    named = on_line(discount["uid"]) if "scope" in discount else []
    lines = [line(300, applied_discounts=named), line(400, applied_discounts=named)]
    order = _priced(*lines, discounts=[discount], taxes=[percent("10")])
    assert _discounts(order) == [[300], [400]]
    assert order["total_money"] == money(0)


def test_a_discount_of_the_order_reaches_lines_of_nothing_with_nothing() -> None:
    order = _priced(line(0), line(0), discounts=[percent("10"), off(50)])
    assert _discounts(order) == [[0, 0], [0, 0]]


def test_a_discount_for_lines_that_none_names_takes_nothing() -> None:
    order = _priced(line(100), discounts=[off(50, scope="LINE_ITEM")])
    assert order["discounts"][0]["applied_money"] == money(0)
    assert "applied_discounts" not in _lines(order)[0]


def test_an_additive_tax_is_put_on_the_discounted_price() -> None:
    order = _priced(line(1000), line(3000), discounts=[percent("10")], taxes=[percent("7.25")])
    assert _taxes(order) == [[65], [196]]
    assert order["total_tax_money"] == money(261)
    assert order["total_money"] == money(3861)


def test_a_tax_of_the_order_is_rounded_once_and_a_tax_of_lines_on_each_line() -> None:
    lines = [line(10, applied_taxes=taxed_by("own")) for _ in range(3)]
    taxes = [percent("5", "whole", scope="ORDER"), percent("5", "own")]
    order = _priced(*lines, taxes=taxes)
    assert _taxes(order) == [[1, 0], [1, 0], [0, 0]]
    assert [tax["type"] for tax in order["taxes"]] == ["ADDITIVE", "ADDITIVE"]


def test_taxes_are_not_taxed() -> None:
    order = _priced(line(1000), taxes=[percent("10", "state"), percent("10", "city")])
    assert _taxes(order) == [[100, 100]]


def test_an_inclusive_tax_is_contained_in_what_the_buyer_pays() -> None:
    order = _priced(line(1200), taxes=[percent("20", type="INCLUSIVE")])
    assert amounts(_lines(order), "gross_sales_money") == [1000]
    assert amounts(_lines(order), "total_tax_money") == [200]
    assert amounts(_lines(order), "total_money") == [1200]
    assert order["total_money"] == money(1200)


def test_an_additive_tax_is_not_put_on_the_inclusive_one() -> None:
    taxes = [percent("10", "added"), percent("20", "contained", type="INCLUSIVE")]
    order = _priced(line(1200), taxes=taxes)
    assert _taxes(order) == [[100, 200]]
    assert order["total_money"] == money(1300)


def test_many_small_inclusive_taxes_stay_within_the_price() -> None:
    taxes = [percent("1900", str(number), type="INCLUSIVE") for number in range(3)]
    order = _priced(line(1), line(1), taxes=taxes)
    assert order["total_money"] == money(2)
    assert min(amounts(_lines(order), "gross_sales_money")) >= 0


def test_charges_on_the_subtotal_come_after_discounts_and_those_on_the_total_after_taxes() -> None:
    charges: list[Json] = [
        {"name": "Service", "percentage": "10"},
        {"name": "Bag", "amount_money": money(25)},
        {"name": "Card", "percentage": "1", "calculation_phase": "TOTAL_PHASE"},
    ]
    order = _priced(
        line(2000), discounts=[percent("50")], taxes=[percent("20")], service_charges=charges
    )
    assert amounts(order["service_charges"], "applied_money") == [100, 25, 13]
    assert order["total_service_charge_money"] == money(138)
    assert order["total_money"] == money(1000 + 200 + 138)
    assert order["net_amounts"]["service_charge_money"] == money(138)


def test_a_taxable_charge_bears_the_taxes_of_the_order() -> None:
    charges = [{"name": "Service", "percentage": "10", "taxable": True}]
    order = _priced(line(1000), taxes=[percent("9")], service_charges=charges)
    (charge,) = order["service_charges"]
    assert charge["applied_money"] == money(100)
    assert charge["total_tax_money"] == money(9)
    assert charge["total_money"] == money(109)
    assert order["taxes"][0]["applied_money"] == money(99)
    assert order["total_tax_money"] == money(99)
    assert order["total_money"] == money(1199)


def test_an_inclusive_tax_is_contained_in_a_charge_too() -> None:
    charges = [{"amount_money": money(120), "taxable": True}]
    taxes = [percent("20", type="INCLUSIVE")]
    order = _priced(line(1200), taxes=taxes, service_charges=charges)
    assert amounts(order["service_charges"], "total_tax_money") == [20]
    assert amounts(order["service_charges"], "total_money") == [120]
    assert order["total_money"] == money(1320)


def test_a_charge_bears_the_taxes_that_it_names() -> None:
    charges = [{"amount_money": money(100), "applied_taxes": taxed_by("city")}, {"percentage": "5"}]
    taxes = [percent("9", "state"), percent("10", "city")]
    order = _priced(line(1000), taxes=taxes, service_charges=charges)
    assert amounts(order["service_charges"], "total_tax_money") == [10, 0]
    assert [tax["scope"] for tax in order["taxes"]] == ["ORDER", "LINE_ITEM"]


def test_yen_are_whole() -> None:
    order = _priced(line(915, currency="JPY"), discounts=[percent("10")])
    assert order["discounts"][0]["applied_money"] == money(92, "JPY")
    assert order["total_money"] == money(823, "JPY")


def test_amounts_beyond_doubles_stay_exact() -> None:
    amount = 2**60 + 1
    order = _priced(line(amount), line(1), discounts=[percent("50")])
    assert order["total_discount_money"] == money(2**59 + 1)
    assert order["total_money"] == money(2**59 + 1)
