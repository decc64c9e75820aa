"""What the contract lets a server do with a request, parameters and all."""

from typing import Any

import pytest

from orderspec.contract.model import Operation
from orderspec.exchange import MISSING, Request
from orderspec.fuzz.cases import Case, Intent, classified, request_to
from orderspec.validation.parameters import fits
from tests.fuzz.kiosk import contract

LINE = {"uid": "a", "price": 1, "currency": "EUR"}
BODY = {"key": "k", "order": {"lines": [LINE]}}


def operation(name: str) -> Operation:
    return contract().operations[name]


def case_of(name: str = "CreateOrder", **changes: Any) -> Case:
    request = {"method": "POST", "path": "/orders", "body": BODY, **changes}
    return classified(contract(), operation(name), Request(**request))


def test_a_valid_request_must_be_accepted() -> None:
    assert case_of() == Case("CreateOrder", Request("POST", "/orders", body=BODY), Intent.ACCEPTED)


def test_a_read_only_member_leaves_a_request_valid() -> None:
    case = case_of(body={"order": {"id": "mine", "lines": [LINE]}})
    assert case.intent is Intent.ACCEPTED


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "TRACE"},
        {"method": "OPTIONS"},
        {"body": {"order": {"lines": [{**LINE, "price": -1}]}}},
        {"body": {"order": {"lines": [LINE, LINE]}}},
        {"body": MISSING},
        {"body": MISSING, "raw": b"{"},
        {"headers": {"content-type": "text/plain"}},
    ],
    ids=str,
)
def test_a_server_may_refuse_any_other_request(changes: dict[str, Any]) -> None:
    case = case_of(**changes)
    assert case.intent is Intent.OPEN
    assert case.why


def test_the_answer_to_another_method_is_not_the_operations() -> None:
    assert case_of().addresses_operation
    assert not case_of(method="TRACE").addresses_operation


def test_the_answer_to_another_path_is_not_the_operations() -> None:
    request = Request("GET", "/orders/a/b")
    assert not classified(contract(), operation("RetrieveOrder"), request).addresses_operation


def test_a_request_that_breaks_a_rule_names_it() -> None:
    assert case_of(body={"order": {"lines": [LINE, LINE]}}).broken == {"kiosk.order.line-uids"}


def test_a_body_that_the_operation_does_not_have_may_be_refused() -> None:
    request = Request("GET", "/orders/1", {"id": "1"}, body=BODY)
    assert classified(contract(), operation("RetrieveOrder"), request).intent is Intent.OPEN


def retrieval(**changes: Any) -> Case:
    values: dict[str, Any] = {"path_parameters": {"id": "1"}, **changes}
    request = request_to(operation("RetrieveOrder"), **values)
    return classified(contract(), operation("RetrieveOrder"), request)


@pytest.mark.parametrize(
    "changes",
    [{}, {"query": {"page": "2"}}, {"query": {"page": 2}}, {"headers": {"Kiosk-Version": "7"}}],
    ids=str,
)
def test_parameters_of_the_right_form_are_valid(changes: dict[str, Any]) -> None:
    assert retrieval(**changes).intent is Intent.ACCEPTED


@pytest.mark.parametrize(
    "changes",
    [
        {"query": {"page": "two"}},
        {"query": {"page": "0"}},
        {"query": {"page": ["1", "2"]}},
        {"query": {"page": ""}},
        {"headers": {"Kiosk-Version": "v7"}},
        {"path_parameters": {"id": ""}},
    ],
    ids=str,
)
def test_a_parameter_of_the_wrong_form_may_be_refused(changes: dict[str, Any]) -> None:
    case = retrieval(**changes)
    assert case.intent is Intent.OPEN
    assert "parameter" in case.why


@pytest.mark.parametrize(
    "schema,text,right",
    [
        ({"type": "integer"}, "12", True),
        ({"type": "integer"}, "1.5", False),
        ({"type": "number"}, "1.5", True),
        ({"type": "number"}, "NaN", False),
        ({"type": "boolean"}, "true", True),
        ({"type": "boolean"}, "yes", False),
        ({"type": "array", "items": {"type": "integer"}}, "1,2", True),
        ({"type": "array", "items": {"type": "integer"}}, "1,b", False),
        ({"type": "array", "items": {"type": "string"}}, "1,b", True),
        ({"type": "string", "maxLength": 2}, "abc", False),
        ({"type": "string", "format": "uuid"}, "abc", False),
        ({"$ref": "#/components/schemas/Line/properties/currency"}, "EUR", True),
        ({"$ref": "#/components/schemas/Line/properties/currency"}, "GBP", False),
    ],
    ids=str,
)
def test_a_text_fits_where_some_reading_of_it_does(
    schema: dict[str, Any], text: str, *, right: bool
) -> None:
    assert fits(contract(), schema, text) is right
