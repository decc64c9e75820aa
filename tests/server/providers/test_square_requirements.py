"""What keeps an order of the right shape from being priced, and how it is refused."""

import pytest

from orderspec.contract.catalog import load
from orderspec.exchange import Request
from orderspec.findings import Finding, Severity
from orderspec.server.provider import Refusal, Reply, Trouble
from orderspec.server.providers.square.refusals import field, refuse
from orderspec.server.providers.square.requirements import unmet, unmet_on_create
from orderspec.validation.exchanges import judge_request
from tests.server.providers.square_bench import (
    LOCATION,
    Bench,
    Json,
    codes,
    line,
    money,
    off,
    on_line,
    percent,
    taxed_by,
)

_STEAK = "BEMYCSMIJL46OCDV4KYIKXIB"
_CHARGE: Json = {"amount_money": money(5)}

_REFUSED_HERE: list[tuple[str, str, Json]] = [
    ("square.order.location", "location_id", {"location_id": "ELSEWHERE"}),
    ("square.create-order.usable-state", "state", {"state": "COMPLETED"}),
    ("square.order.one-currency", "", {"line_items": [line(1), line(1, currency="EUR")]}),
    (
        "square.order.one-currency",
        "",
        {
            "line_items": [{"quantity": "1", "catalog_object_id": _STEAK}],
            "discounts": [off(1, currency="EUR")],
        },
    ),
    (
        "square.order.size",
        "line_items",
        {"line_items": [line(1)] * 400, "discounts": [{"percentage": "1"}] * 251},
    ),
    (
        "square.order.catalog",
        "line_items/0/catalog_object_id",
        {"line_items": [{"quantity": "1", "catalog_object_id": "GONE"}]},
    ),
    (
        "square.order.catalog",
        "taxes/0/catalog_object_id",
        {"taxes": [{"catalog_object_id": _STEAK}]},
    ),
    ("square.order.empty-uid", "discounts/0/uid", {"discounts": [off(1, "")]}),
    ("square.order.empty-uid", "taxes/0/uid", {"taxes": [percent("1", "")]}),
    (
        "square.order.named-once",
        "line_items/0/applied_discounts",
        {
            "line_items": [line(1, applied_discounts=on_line("off", "off"))],
            "discounts": [off(1)],
        },
    ),
    (
        "square.order.named-once",
        "service_charges/0/applied_taxes",
        {
            "service_charges": [{**_CHARGE, "applied_taxes": taxed_by("percent", "percent")}],
            "taxes": [percent("1")],
        },
    ),
    (
        "square.money.complete",
        "line_items/0/base_price_money/currency",
        {"line_items": [{"quantity": "1", "base_price_money": {"amount": 1}}]},
    ),
    (
        "square.money.not-negative",
        "line_items/0/base_price_money/amount",
        {"line_items": [line(-1)]},
    ),
    ("square.money.not-negative", "discounts/0/amount_money/amount", {"discounts": [off(-1)]}),
    ("square.order.decimals", "taxes/0/percentage", {"taxes": [percent("1e9")]}),
    ("square.order.decimals", "discounts/0/percentage", {"discounts": [percent("-5")]}),
    ("square.order.decimals", "line_items/0/quantity", {"line_items": [line(1, "٣")]}),
    (
        "square.order.decimals",
        "line_items/0/modifiers/0/quantity",
        {"line_items": [line(1, modifiers=[{"base_price_money": money(1), "quantity": "x"}])]},
    ),
    (
        "square.line-item.price",
        "line_items/0/base_price_money",
        {"line_items": [{"quantity": "1", "name": "Tip"}]},
    ),
    (
        "square.discount.type",
        "discounts/0/type",
        {"discounts": [percent("5", type="FIXED_AMOUNT")]},
    ),
    (
        "square.discount.scope",
        "discounts/0/scope",
        {"discounts": [off(5, scope="OTHER_DISCOUNT_SCOPE")]},
    ),
    ("square.tax.type", "taxes/0/type", {"taxes": [percent("5", type="UNKNOWN_TAX")]}),
    ("square.tax.scope", "taxes/0/scope", {"taxes": [percent("5", scope="OTHER_TAX_SCOPE")]}),
    (
        "square.service-charge.apportioned",
        "service_charges/0/calculation_phase",
        {"service_charges": [{**_CHARGE, "calculation_phase": "APPORTIONED_AMOUNT_PHASE"}]},
    ),
    (
        "square.service-charge.apportioned",
        "service_charges/0/scope",
        {"service_charges": [{**_CHARGE, "scope": "LINE_ITEM"}]},
    ),
    (
        "square.service-charge.apportioned",
        "line_items/0/applied_service_charges",
        {"line_items": [line(1, applied_service_charges=[{"service_charge_uid": "s"}])]},
    ),
]

# What the behaviour does not check, because the contract does.
_REFUSED_BY_CONTRACT: list[tuple[str, Json]] = [
    ("square.order.line-uids", {"line_items": [line(1, uid="a"), line(2, uid="a")]}),
    ("square.order.discount-uids", {"discounts": [off(1, "a"), off(2, "a")]}),
    ("square.order.tax-uids", {"taxes": [percent("1", "a"), percent("2", "a")]}),
    (
        "square.order.discount-resolves",
        {"line_items": [line(1, applied_discounts=on_line("gone"))]},
    ),
    ("square.order.tax-resolves", {"line_items": [line(1, applied_taxes=taxed_by("gone"))]}),
    (
        "square.order.service-charge-tax-resolves",
        {"service_charges": [{**_CHARGE, "applied_taxes": taxed_by("gone")}]},
    ),
    (
        "square.create-order.one-fulfillment",
        {"fulfillments": [{"type": "DELIVERY"}, {"type": "DELIVERY"}]},
    ),
    ("square/Money", {"line_items": [line(2**63)]}),
    ("square.line-item.whole-quantity", {"line_items": [line(1, "1.5")]}),
    (
        "square.line-item.quantity-precision",
        {"line_items": [line(1, "1.55", quantity_unit={"precision": 1})]},
    ),
    (
        "square.line-item.modifier-price",
        {"line_items": [line(1, modifiers=[{"name": "Well"}])]},
    ),
    ("square.discount.one-form", {"discounts": [{**off(1), "percentage": "1"}]}),
    ("square.discount.declared", {"discounts": [{"name": "Sale"}]}),
    ("square.tax.declared", {"taxes": [{"name": "VAT"}]}),
    ("square.service-charge.one-form", {"service_charges": [{"name": "Service"}]}),
    (
        "square.service-charge.total-phase-untaxed",
        {"service_charges": [{**_CHARGE, "calculation_phase": "TOTAL_PHASE", "taxable": True}]},
    ),
    ("square.fulfillment.pickup-details", {"fulfillments": [{"type": "PICKUP"}]}),
]


@pytest.mark.parametrize("clause,at,members", _REFUSED_HERE)
def test_an_order_breaks_exactly_the_clause_at_its_place(
    clause: str, at: str, members: Json
) -> None:
    order = {"location_id": LOCATION, **members}
    found = [*unmet(order), *unmet_on_create(order)]
    place = f"/order/{at}".rstrip("/")
    assert {(finding.clause, finding.at) for finding in found} == {(clause, place)}


@pytest.mark.parametrize("clause,at,members", _REFUSED_HERE)
def test_a_refused_order_is_worded_with_its_place_and_not_stored(
    clause: str, at: str, members: Json
) -> None:
    bench = Bench()
    reply = bench.create(members)
    (error, *_) = reply.body["errors"]
    unknown = clause in ("square.order.location", "square.order.catalog")
    assert reply.status == (404 if unknown else 400)
    assert error["field"] == field(f"/order/{at}".rstrip("/"))
    assert error["category"] == "INVALID_REQUEST_ERROR"
    assert bench.memory.orders_by_id == {}


@pytest.mark.parametrize("clause,members", _REFUSED_BY_CONTRACT)
def test_the_contract_refuses_what_the_behaviour_relies_on(clause: str, members: Json) -> None:
    contract = load("square")
    body = {"order": {"location_id": LOCATION, **members}}
    request = Request("POST", "/v2/orders", body=body)
    found = judge_request(contract, contract.operations["CreateOrder"], request).findings
    assert clause in [one.clause for one in found if one.severity is Severity.ERROR]


def test_a_request_without_an_order_is_refused() -> None:
    for body in ({}, {"order": None}):
        reply = Bench().ask("CreateOrder", body)
        assert (reply.status, codes(reply)) == (400, ["MISSING_REQUIRED_PARAMETER"])
        assert reply.body["errors"][0]["field"] == "order"


@pytest.mark.parametrize("operation", ["CreateOrder", "CalculateOrder"])
def test_a_total_beyond_64_bits_is_refused(operation: str) -> None:
    bench = Bench()
    order = {"location_id": LOCATION, "line_items": [line(2**62), line(2**62)]}
    reply = bench.ask(operation, {"order": order})
    assert (reply.status, codes(reply)) == (400, ["VALUE_TOO_HIGH"])
    assert bench.memory.orders_by_id == {}


def test_the_largest_total_is_accepted() -> None:
    order = Bench().created({"line_items": [line(2**63 - 1)]})
    assert order["total_money"] == money(2**63 - 1)


@pytest.mark.parametrize(
    "keyword,expected,code",
    [
        ("type", "a string or null", "EXPECTED_STRING"),
        ("type", "an integer", "EXPECTED_INTEGER"),
        ("type", None, "INCORRECT_TYPE"),
        ("required", None, "MISSING_REQUIRED_PARAMETER"),
        ("maxLength", None, "VALUE_TOO_LONG"),
        ("minLength", None, "VALUE_TOO_SHORT"),
        ("enum", None, "INVALID_ENUM_VALUE"),
        ("maxItems", None, "ARRAY_LENGTH_TOO_LONG"),
        ("minimum", None, "VALUE_TOO_LOW"),
        ("unheard-of", None, "BAD_REQUEST"),
        (None, None, "BAD_REQUEST"),
    ],
)
def test_a_broken_keyword_has_its_code(keyword: str | None, expected: object, code: str) -> None:
    finding = Finding(Severity.ERROR, "Order", "No.", "/order/x", keyword, expected=expected)
    reply = refuse(Refusal(Trouble.INVALID, 400, "Invalid.", (finding,)))
    assert (reply.status, codes(reply)) == (400, [code])


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_is_worded_as_one_error_with_its_status(trouble: Trouble) -> None:
    reply = refuse(Refusal(trouble, 499, "No such luck."))
    (error,) = reply.body["errors"]
    assert reply == Reply(499, {"errors": [error]})
    assert error["detail"] == "No such luck."
    assert error["code"].isupper()


def test_who_is_not_authenticated_reads_unauthorized() -> None:
    reply = refuse(Refusal(Trouble.UNAUTHENTICATED, 401, "Who?"))
    assert reply.body["errors"][0]["category"] == "AUTHENTICATION_ERROR"
    assert codes(reply) == ["UNAUTHORIZED"]


def test_a_hundred_broken_clauses_make_a_short_answer() -> None:
    finding = Finding(Severity.ERROR, "Order", "No.", "/order", "type")
    reply = refuse(Refusal(Trouble.INVALID, 400, "Invalid.", (finding,) * 100))
    assert len(codes(reply)) == 20


@pytest.mark.parametrize(
    "pointer,path",
    [
        ("/order/line_items/0/quantity", "order.line_items[0].quantity"),
        ("/order/metadata/a~1b~0c", "order.metadata.a/b~c"),
        ("", ""),
    ],
)
def test_a_pointer_becomes_a_dotted_path(pointer: str, path: str) -> None:
    assert field(pointer) == path
