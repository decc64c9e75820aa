"""A rule leads to the members that it reads, and a member to the rules that read it."""

import re

import pytest

from orderspec.contract import catalog
from orderspec.docs.page import Page, page_of
from tests.docs.conftest import ACME

each_provider = pytest.mark.parametrize("name", catalog.providers())


@pytest.fixture(scope="module")
def pages() -> dict[str, Page]:
    return {name: page_of(catalog.load(name), with_fixtures=False) for name in catalog.providers()}


def read(page: Page, rule: str) -> list[str]:
    return [link.text for link in page.about[rule]]


@each_provider
def test_what_a_rule_is_about_stands_in_its_expression(pages: dict[str, Page], name: str) -> None:
    page = pages[name]
    for rule in page.contract.rules.values():
        words = set(re.findall(r"\w+", f"{rule.check} {rule.each}"))
        for link in page.about[rule.id]:
            assert set(re.findall(r"\w+", link.text)) & words, (rule.id, link.text)


@each_provider
def test_most_rules_and_all_that_read_a_body_are_about_members(
    pages: dict[str, Page], name: str
) -> None:
    about = pages[name].about
    assert sum(map(bool, about.values())) > 0.7 * len(about)


def test_a_value_in_parts_stands_for_the_member_that_has_it(pages: dict[str, Page]) -> None:
    assert read(pages["square"], "square.line-item.total") == [
        "OrderLineItem.total_money",
        "OrderLineItem.gross_sales_money",
        "OrderLineItem.total_discount_money",
        "OrderLineItem.total_tax_money",
        "OrderLineItem.total_service_charge_money",
    ]


def test_the_way_to_what_is_read_is_not_told(pages: dict[str, Page]) -> None:
    assert read(pages["square"], "square.order.tax-resolves") == [
        "OrderLineItemTax.uid",
        "OrderLineItemAppliedTax.tax_uid",
    ]


def test_rules_between_exchanges_read_both_bodies(pages: dict[str, Page]) -> None:
    assert read(pages["payfunc"], "payfunc.list-orders.holds") == ["ListedOrder.id", "Order.id"]


def test_a_member_names_the_rules_that_read_it(pages: dict[str, Page]) -> None:
    page = pages["square"]
    assert "square.line-item.total" in page.rules_of["OrderLineItem/total_money"]
    for place, rules in page.rules_of.items():
        for rule in rules:
            assert place in {link.anchor for link in page.about[rule]}


def test_what_is_read_whole_is_what_the_rule_is_about() -> None:
    page = page_of(catalog.load(str(ACME)), with_fixtures=False)
    assert read(page, "acme.create-order.keeps-lines") == ["Order.lines"]
