"""Parameters of a request against their schemas: they travel as text."""

from typing import Any

import pytest

from orderspec.contract.model import Contract, Operation, Parameter
from orderspec.exchange import Request
from orderspec.findings import Evidence, Finding, Level, Severity
from orderspec.validation.exchanges import judge_request
from orderspec.validation.parameters import fits, parameter_findings, read_query

CONTRACT = Contract(
    "shop", {"components": {"schemas": {"State": {"enum": ["open", "paid"]}}}}, {}, {}, {}, {}
)
STATED = Evidence("guide", Level.STATED)
GUESS = {"source": "guide", "level": "inferred", "note": "A guess."}


def operation(*parameters: Parameter) -> Operation:
    return Operation("List", "GET", "/{shop}/orders", parameters, evidence=STATED)


LIST = operation(
    Parameter("shop", "path", required=True, schema={"type": "string", "maxLength": 3}),
    Parameter("limit", "query", required=False, schema={"type": "integer", "minimum": 1}),
    Parameter("state", "query", required=True, schema={"$ref": "#/components/schemas/State"}),
    Parameter("X-Version", "header", required=False, schema={"const": "2", "x-evidence": GUESS}),
)
RIGHT: dict[str, Any] = {"path": {"shop": "abc"}, "query": {"state": "open"}, "headers": {}}


def found(**changes: dict[str, Any]) -> list[Finding]:
    parts = {**RIGHT, **changes}
    request = Request("GET", "/abc/orders", parts["path"], parts["query"], parts["headers"])
    return list(parameter_findings(CONTRACT, LIST, request, "shop.List.request"))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"query": {"state": "paid", "limit": "12"}},
        {"query": {"state": "paid", "unheard-of": "?"}},
        {"headers": {"x-version": "2", "x-mine": "m"}},
    ],
    ids=str,
)
def test_what_fits_and_what_nobody_knows_is_no_finding(changes: dict[str, Any]) -> None:
    assert found(**changes) == []


@pytest.mark.parametrize(
    "changes,message",
    [
        ({"query": {}}, "the query parameter 'state' is missing"),
        ({"query": {"state": "lost"}}, "the query parameter 'state' is 'lost'"),
        ({"query": {"state": "paid", "limit": "0"}}, "the query parameter 'limit' is '0'"),
        ({"query": {"state": "paid", "limit": ""}}, "the query parameter 'limit' is ''"),
        ({"path": {"shop": "abcd"}}, "the path parameter 'shop' is 'abcd'"),
        ({"path": {}}, "the path parameter 'shop' is missing"),
    ],
    ids=str,
)
def test_what_is_missing_and_what_does_not_fit_is_an_error(
    changes: dict[str, Any], message: str
) -> None:
    [finding] = found(**changes)
    assert (finding.message, finding.severity) == (message, Severity.ERROR)
    assert (finding.clause, finding.operation) == ("shop.List.request", "List")
    assert finding.evidence == STATED
    assert finding.keyword == ("required" if "missing" in message else "parameter")


def test_a_finding_says_what_was_expected() -> None:
    [finding] = found(query={"state": "open", "limit": "no"})
    assert finding.expected == 'query parameter \'limit\' of {"type":"integer","minimum":1}'
    assert finding.got == "no"


def test_a_parameter_is_as_sure_as_its_own_evidence() -> None:
    [finding] = found(headers={"x-version": "1"})
    assert finding.severity is Severity.WARNING
    assert finding.evidence == Evidence("guide", Level.INFERRED, "A guess.")


def test_names_of_headers_are_found_in_any_letters() -> None:
    request = Request("GET", "/abc/orders", RIGHT["path"], RIGHT["query"], {"X-VERSION": "1"})
    [finding] = judge_request(CONTRACT, LIST, request).findings
    assert finding.got == "1"


def test_a_query_is_read_as_its_schemas_ask_for() -> None:
    query = {"limit": "2", "state": "open", "unheard-of": "1"}
    assert read_query(CONTRACT, LIST, query) == {"limit": 2, "state": "open"}
    assert read_query(CONTRACT, LIST, {"limit": "two", "state": ["open", "paid"]}) == {}


@pytest.mark.parametrize(
    "schema,text,reading",
    [
        ({"type": "string"}, "12", "12"),
        ({"type": ["string", "integer"]}, "12", "12"),
        ({"type": "integer"}, "12", 12),
        ({"type": "integer"}, "+12", 12),
        ({"type": "boolean"}, "true", True),
        ({"type": "string"}, "true", "true"),
        ({"type": "array", "items": {"type": "integer"}}, "1,2", [1, 2]),
        ({"type": "array", "items": {"type": "string"}}, "1", ["1"]),
        ({"type": "array", "items": {"type": "string"}}, ["1", "2"], ["1", "2"]),
    ],
    ids=str,
)
def test_the_first_reading_that_fits_counts(
    schema: dict[str, Any], text: Any, reading: Any
) -> None:
    some = operation(Parameter("some", "query", required=False, schema=schema))
    [(name, read)] = read_query(CONTRACT, some, {"some": text}).items()
    assert (name, read, type(read)) == ("some", reading, type(reading))


ODD_NUMBERS = (
    "9" * 5000, "1e999", "1e999999", "1e" + "9" * 99, "NaN", "Infinity", "١٢", "1_0", " 12", "0x1",
    "1.", "",
)  # fmt: skip


@pytest.mark.parametrize("text", ODD_NUMBERS, ids=lambda text: ascii(text[:9]))
def test_no_text_is_too_odd_to_be_told_from_a_number(text: str) -> None:
    assert not fits(CONTRACT, {"type": "integer", "maximum": 50}, text)


def test_contracts_do_not_share_the_schemas_that_parameters_refer_to() -> None:
    other = {"components": {"schemas": {"State": {"enum": ["shut"]}}}}
    schema = {"$ref": "#/components/schemas/State"}
    assert fits(CONTRACT, schema, "open")
    assert not fits(Contract("other", other, {}, {}, {}, {}), schema, "open")
