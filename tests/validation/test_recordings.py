"""Recorded traffic is judged exchange by exchange, and what is none of it is left out."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from orderspec import exact_json
from orderspec.contract.catalog import load
from orderspec.errors import ReadError
from orderspec.exchange import MISSING, Exchange
from orderspec.findings import Finding, Judged, Severity
from orderspec.validation.batches import Batch, BlockJudge
from orderspec.validation.engine import Options
from orderspec.validation.exchanges import judge_request, judge_response
from orderspec.validation.reader import Block
from orderspec.validation.traffic import Traffic
from tests.fixture_files import every_exchange, providers

HOST = "https://orders.example"


def entry_of(exchange: Exchange, path: str) -> dict[str, Any]:
    request, response = exchange.request, exchange.response
    for name, value in request.path_parameters.items():
        path = path.replace(f"{{{name}}}", str(value))
    query = "&".join(f"{name}={value}" for name, value in request.query.items())
    entry: dict[str, Any] = {
        "request": {
            "method": request.method,
            "url": f"{HOST}{path}" + (f"?{query}" if query else ""),
            "headers": pairs(request.headers),
        },
        "response": {
            "status": response.status,
            "headers": pairs(response.headers),
            "content": {"size": 0, "mimeType": "application/json"},
        },
    }
    if request.body is not MISSING:
        entry["request"]["postData"] = {"text": exact_json.to_text(request.body)}
    if response.body is not MISSING:
        entry["response"]["content"] |= {"size": 1, "text": exact_json.to_text(response.body)}
    return entry


def pairs(headers: Any) -> list[dict[str, str]]:
    return [{"name": name.title(), "value": value} for name, value in headers.items()]


def judged(entries: Any, schema: str | None = None, file: str = "traffic.har") -> Batch:
    har = {"log": {"version": "1.2", "entries": entries}}
    block = Block(file, [json.dumps(har, indent=1).encode()], are_lines=False)
    return BlockJudge(schema, Options()).judge(block)


def findings(batch: Batch) -> list[Finding]:
    return [
        one for result in batch.results if isinstance(result, Judged) for one in result.findings
    ]


def told(batch: Batch) -> list[str]:
    return [result.message for result in batch.results if isinstance(result, ReadError)]


@pytest.mark.parametrize("provider", providers())
def test_recorded_exchanges_are_judged_as_they_are(provider: str) -> None:
    exchanges = [
        (contract, exchange)
        for contract, exchange in every_exchange(provider)
        if not exchange.response.problem
    ]
    assert exchanges
    entries = [
        entry_of(exchange, contract.operations[exchange.operation].path)
        for contract, exchange in exchanges
    ]
    batch = judged(entries, provider)
    assert told(batch) == []
    for (contract, exchange), result in zip(exchanges, batch.results, strict=True):
        operation = contract.operations[exchange.operation]
        expected = {one.clause for one in judge_response(contract, exchange).findings}
        expected |= {
            one.clause for one in judge_request(contract, operation, exchange.request).findings
        }
        assert isinstance(result, Judged)
        assert result.schema == f"{provider}/{exchange.operation}"
        assert {one.clause for one in result.findings} == expected


def order(**changes: Any) -> dict[str, Any]:
    """A valid exchange with Enad, with some members of its HAR entry replaced."""
    contract = load("enad")
    for _, exchange in every_exchange("enad"):
        operation = contract.operations[exchange.operation]
        is_right = not judge_response(contract, exchange).findings
        if operation.method == "POST" and exchange.response.ok and is_right:
            entry = entry_of(exchange, operation.path)
            for place, value in changes.items():
                part, _, name = place.partition("__")
                entry[part][name] = value
            return entry
    raise AssertionError


def test_entries_of_no_operation_are_left_out() -> None:
    picture = order(request__url=f"{HOST}/logo.png", request__method="GET")
    batch = judged([picture, order(), picture], "enad")
    (result,) = batch.results
    assert isinstance(result, Judged)
    assert (result.number, result.findings, batch.judged) == (2, (), 1)


def test_a_recording_without_any_operation_is_told() -> None:
    (message,) = told(judged([order(request__url=f"{HOST}/logo.png")], "enad"))
    assert "no entry is an exchange" in message


def test_a_service_may_stand_below_any_path_if_its_contract_is_named() -> None:
    url = order()["request"]["url"].replace(HOST, f"{HOST}/gateway/shops")
    assert judged([order(request__url=url)], "enad").judged == 1
    assert judged([order(request__url=url)]).judged == 0


def test_a_wrong_answer_has_its_place_in_the_file() -> None:
    entry = order()
    answer = json.loads(entry["response"]["content"]["text"])
    name = next(iter(answer))
    answer[name] = {"odd": [answer[name]]}
    entry["response"]["content"]["text"] = json.dumps(answer)
    found = findings(judged([order(), entry], "enad"))
    assert found
    for one in found:
        assert (one.file, one.document, one.operation) == ("traffic.har", 2, "CreateOrder")
        assert one.severity is Severity.ERROR
        assert one.line is not None
        assert one.line > 20


def test_a_status_that_is_not_documented_is_an_error() -> None:
    contract, exchange = next(
        (contract, exchange)
        for provider in providers()
        for contract, exchange in every_exchange(provider)
        if contract.operations[exchange.operation].response_for(302) is None
    )
    entry = entry_of(exchange, contract.operations[exchange.operation].path)
    entry["response"]["status"] = 302
    assert any(one.clause.endswith(".status") for one in findings(judged([entry], contract.name)))


def test_a_request_that_was_refused_is_warned_of() -> None:
    right = order()
    refusal = next(
        entry_of(exchange, load("enad").operations[exchange.operation].path)
        for _, exchange in every_exchange("enad")
        if exchange.response.is_refusal and exchange.operation == "CreateOrder"
    )
    broken = {"text": "{}"}
    taken = findings(
        judged([{**right, "request": {**right["request"], "postData": broken}}], "enad")
    )
    refused = findings(
        judged([{**refusal, "request": {**refusal["request"], "postData": broken}}], "enad")
    )
    assert Severity.ERROR in {one.severity for one in taken}
    assert {one.severity for one in refused} == {Severity.WARNING}


def test_a_request_that_is_no_json_is_told() -> None:
    found = findings(judged([order(request__postData={"text": "a=1&b=2"})], "enad"))
    assert "the body of the request is no JSON" in {one.message for one in found}


def test_an_answer_in_base64_is_read() -> None:
    text = order()["response"]["content"]["text"]
    content = {"size": 1, "text": base64.b64encode(text.encode()).decode(), "encoding": "base64"}
    batch = judged([order(response__content=content)], "enad")
    assert (findings(batch), told(batch), batch.judged) == ([], [], 1)


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"response__content": {"size": 10}}, "save the HAR with contents"),
        ({"response__status": 0}, "there was no answer"),
        ({"response__content": {"size": 9, "text": "{", "comment": "cut: 1 of 9"}}, "only a part"),
        ({"response__content": {"text": "%", "encoding": "base64"}}, "no base64"),
        ({"request__url": 7}, "no form of HAR"),
        ({"response__status": "OK"}, "no form of HAR"),
        ({"response__headers": [7]}, "no form of HAR"),
    ],
)
def test_what_cannot_be_judged_is_told_and_the_rest_is_judged(
    changes: dict[str, Any], words: str
) -> None:
    batch = judged([order(**changes), order()], "enad")
    (message,) = told(batch)
    assert words in message
    assert batch.judged == 1


@pytest.mark.parametrize("text", [b"{}", b"[]", b'{"log": {"entries": 7}}', b"7", b"{"])
def test_what_is_no_recording_is_told(text: bytes) -> None:
    batch = BlockJudge("enad", Options()).judge(Block("x.har", [text, None], are_lines=False))
    assert len(told(batch)) == 2


def test_a_path_that_several_contracts_have_must_be_chosen_for() -> None:
    enad = load("enad")
    traffic = Traffic([enad, replace(enad, name="other")], anywhere=False)
    (found,) = traffic.entries({"log": {"entries": [order()]}})
    assert isinstance(found, ReadError)
    assert (found.message, found.hint) == (
        "entry 1 may be of enad or other",
        "Choose one by -s PROVIDER.",
    )


def test_a_recording_is_known_by_its_name() -> None:
    assert judged([order()], "enad", "deep/traffic.HAR.gz").judged == 1


def test_a_contract_alone_leaves_the_schema_to_the_kit() -> None:
    judge = BlockJudge("enad", Options())
    text = order()["request"]["postData"]["text"].encode()
    (result,) = judge.judge(Block("order.json", [text], are_lines=False)).results
    assert isinstance(result, Judged)
    assert (result.schema, result.findings) == ("enad/CreateOrderRequest", ())
