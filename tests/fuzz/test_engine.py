"""What the kit takes from schemathesis, and what it gives to it."""

import json
import sys
import time
from collections.abc import Mapping
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from orderspec.contract import catalog
from orderspec.contract.model import Contract, Operation
from orderspec.exchange import MISSING, Exchange
from orderspec.fuzz.access import Access
from orderspec.fuzz.engine import (
    Generation,
    generated,
    path_parameters,
    whole_numbers,
)
from orderspec.fuzz.generation_document import generation_document
from orderspec.fuzz.oversight import Oversight
from orderspec.fuzz.sending import Sender
from orderspec.fuzz.settings import Settings
from orderspec.validation.json_text import parse
from tests.fuzz.kiosk import SPEC, TOKEN, Kiosk, contract
from tests.fuzz.servers import Answer, Call, Drop, Serve, serving
from tests.fuzz.test_refusals import PROVIDERS

ACCESS = Access({"Authorization": f"Bearer {TOKEN}"}, {"token": "t&0"})
BASE = "/base"


def generate(serve: Serve, **changes: Any) -> tuple[list[Exchange], list[Call], list[str]]:
    """Generate a few requests; give the exchanges, what arrived, and what went wrong."""
    with serving(serve) as (url, calls):
        generation = Generation(
            **{
                "url": url + BASE,
                "seed": 1,
                "max_examples": 2,
                "max_time": 90,
                "oversight": Oversight(Sender(contract(), Settings(url, timeout=5)), 90),
                "access": lambda _: ACCESS,
                "repair": lambda _, body: body,
                "parameters": lambda _: {},
                "new_keys": lambda *_: {},
                **changes,
            }
        )
        exchanges = [sent.exchange for sent in generated(contract(), generation)]
    return exchanges, calls, generation.troubles


def kiosk() -> Serve:
    """Make a kiosk below a base path."""
    below = Kiosk()
    return lambda call: below(
        Call(call.method, call.target.removeprefix(BASE), call.headers, call.body)
    )


@cache
def run() -> tuple[list[Exchange], list[Call], list[str]]:
    return generate(kiosk())


def test_every_request_that_arrives_is_given_as_an_exchange() -> None:
    """Only those that find out what the server can, which come first, are left out."""
    exchanges, calls, troubles = run()
    given = [one.request for one in exchanges]
    arrived = calls[-len(given) :]
    assert len(given) > 50
    assert troubles == []
    for request, call in zip(given, arrived, strict=True):
        assert request.method == call.method
        if request.body is MISSING:
            assert (request.raw or b"") == call.body
        else:
            assert request.body == parse(call.body)


def test_answers_are_decoded_and_headers_are_in_lower_case() -> None:
    exchanges, _, _ = run()
    assert all(isinstance(one.response.body, dict) for one in exchanges if one.response.raw)
    assert {"content-type", "content-length"} <= exchanges[0].response.headers.keys()
    assert {one.response.status for one in exchanges} >= {200, 400, 404}


def test_every_request_carries_the_credentials_and_no_exchange_shows_them() -> None:
    exchanges, calls, _ = run()
    sent = [call for call in calls if call.headers.get("x-schemathesis-testcaseid")]
    assert len(sent) == len(exchanges)
    assert {call.headers["authorization"] for call in sent} == {f"Bearer {TOKEN}"}
    assert all("token=t%260" in call.target for call in sent)
    assert TOKEN not in repr([one.request for one in exchanges])
    assert not any("token" in one.request.query for one in exchanges)


def test_paths_stand_below_the_base_and_their_parameters_are_read() -> None:
    exchanges, calls, _ = run()
    assert all(call.target.startswith(BASE) for call in calls)
    assert all(one.request.path.startswith("/orders") for one in exchanges)
    retrievals = [one.request for one in exchanges if one.operation == "RetrieveOrder"]
    assert any(request.path_parameters.get("id") for request in retrievals)


def test_headers_that_every_client_sends_are_left_out() -> None:
    exchanges, _, _ = run()
    names = {name for one in exchanges for name in one.request.headers}
    assert names <= {"kiosk-version", "content-type", "cookie", "x-schemathesis-unknown-property"}


def test_whole_numbers_are_never_sent_with_a_point() -> None:
    _, calls, _ = run()
    bodies = [call.body for call in calls if call.body]
    assert any(b'"price"' in body for body in bodies)
    assert not any(b".0," in body or b".0}" in body for body in bodies)


def test_the_same_seed_makes_the_same_requests() -> None:
    again = [call.sent for call in generate(kiosk())[1]]
    assert again == [call.sent for call in run()[1]]


def test_modules_that_are_loaded_in_between_change_no_request(tmp_path: Path) -> None:
    """Hypothesis draws on what stands in those that are of no library."""
    before = [call.sent for call in generate(kiosk())[1]]
    (tmp_path / "prices.py").write_text(f"PRICES = {list(range(5000, 6000))}")
    spec = spec_from_file_location("prices", tmp_path / "prices.py")
    assert spec is not None
    assert spec.loader is not None
    sys.modules["prices"] = module = module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        assert [call.sent for call in generate(kiosk())[1]] == before
    finally:
        del sys.modules["prices"]


def test_every_generated_body_is_repaired() -> None:
    _, calls, _ = generate(kiosk(), repair=lambda _, body: {"repaired": type(body).__name__})
    bodies = {call.body for call in calls if call.method == "POST"}
    assert b'{"repaired": "dict"}' in {body.replace(b'":"', b'": "') for body in bodies}


def test_every_generated_key_is_replaced() -> None:
    def new_keys(_: Operation, location: str, given: Mapping[str, Any]) -> dict[str, str]:
        names = {"query": "page", "header": "kiosk-version"}
        return {names[location]: "7"} if names[location] in given else {}

    exchanges, calls, _ = generate(kiosk(), new_keys=new_keys)
    assert {one.headers["kiosk-version"] for one in calls if "kiosk-version" in one.headers} == {
        "7"
    }
    pages = [one.request.query["page"] for one in exchanges if "page" in one.request.query]
    assert set(pages) == {"7"}


def test_a_request_without_an_answer_is_given_with_status_0() -> None:
    def serve(call: Call) -> Answer:
        if call.method == "POST" and b"lines" in call.body:
            raise Drop
        return Answer()

    exchanges, _, troubles = generate(serve, max_examples=1)
    assert {one.response.status for one in exchanges} == {0, 200}
    assert troubles == []


def test_a_repair_that_fails_is_told() -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    _, _, troubles = generate(kiosk(), repair=fail, max_examples=1)
    assert any("ZeroDivisionError" in trouble for trouble in troubles)


def test_an_interruption_is_passed_on() -> None:
    def interrupt(_: object) -> dict[str, Any]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(kiosk(), parameters=interrupt, max_examples=1)


def test_generation_ends_with_its_time() -> None:
    started = time.monotonic()
    exchanges, _, troubles = generate(kiosk(), max_examples=100_000, max_time=2)
    assert time.monotonic() - started < 10
    assert exchanges
    assert troubles == []


@pytest.mark.parametrize("provider", ["kiosk", *PROVIDERS])
def test_the_document_for_generation_has_no_read_only_member_and_no_security(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(catalog.SPEC_VARIABLE)
    if provider == "kiosk":
        monkeypatch.setenv(catalog.SPEC_VARIABLE, str(SPEC))
    some = catalog.load(provider)
    text = json.dumps(generation_document(some), default=str)
    assert '"readOnly": true' in json.dumps(some.document, default=str)
    assert '"readOnly": true' not in text
    assert "securitySchemes" not in text
    assert '"security"' not in text


def test_a_member_that_is_read_only_by_reference_is_left_out_too() -> None:
    id_schema = {"type": "string", "readOnly": True}
    inline = {
        "type": "object",
        "required": ["id", "name"],
        "properties": {"id": {"$ref": "#/components/schemas/Id"}, "name": {"type": "string"}},
    }
    body = {"content": {"application/json": {"schema": inline}}}
    document = {
        "paths": {"/": {"post": {"requestBody": body}}},
        "components": {"schemas": {"Id": id_schema}},
    }
    cut = generation_document(Contract("some", document, {}, {}, {}, {}))
    schema = cut["paths"]["/"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert (list(schema["properties"]), schema["required"]) == (["name"], ["name"])
    assert inline["required"] == ["id", "name"]


def test_types_in_a_branch_are_written_as_schemathesis_reads_them() -> None:
    branch = {"type": ["string", "null"], "maxLength": 3}
    document = {"components": {"schemas": {"Name": {"allOf": [{"minLength": 1}, branch]}}}}
    name = generation_document(Contract("some", document, {}, {}, {}, {}))["components"]["schemas"]
    types = [{"type": "string"}, {"type": "null"}]
    assert name["Name"] == {"allOf": [{"minLength": 1}, {"maxLength": 3, "anyOf": types}]}
    assert branch["type"] == ["string", "null"]


def test_whole_numbers_lose_their_point_and_others_keep_it() -> None:
    value = {"a": [2.0, 2.5, 1e20, True, None, "2.0"]}
    assert whole_numbers(value) == {"a": [2, 2.5, 10**20, True, None, "2.0"]}
    assert [type(item) for item in whole_numbers(value)["a"][:3]] == [int, float, int]


@pytest.mark.parametrize(
    "template,path,parameters",
    [
        ("/orders/{id}", "/orders/a%2Fb", {"id": "a/b"}),
        ("/s/{shop}/o/{order-id}.json", "/s/1/o/2.json", {"shop": "1", "order-id": "2"}),
        ("/orders/{id}", "/orders/a/b", {}),
        ("/orders/{id}", "/orders/", {"id": ""}),
        ("/orders", "/orders", {}),
    ],
)
def test_path_parameters_are_read_back(
    template: str, path: str, parameters: dict[str, str]
) -> None:
    assert path_parameters(template, path) == parameters
