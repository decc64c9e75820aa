"""What no client should send."""

import json
from typing import Any

import pytest

from orderspec.contract.model import Operation
from orderspec.exchange import MISSING, Request
from orderspec.fuzz import probes
from orderspec.fuzz.cases import Intent, request_to
from orderspec.validation.nesting import is_too_deep
from tests.fuzz.kiosk import TOKEN
from tests.fuzz.test_access import BASIC, BEARER, QUERY
from tests.fuzz.test_access import operation as secured
from tests.fuzz.test_cases import BODY, operation

CREATE = Operation("Create", "POST", "/", body="#/x", body_required=True)


def test_broken_json_must_be_refused_and_is_no_json() -> None:
    cases = list(probes.malformed(operation("CreateOrder"), Request("POST", "/", body=BODY)))
    refused = [case for case in cases if case.intent is Intent.REFUSED]
    assert len(refused) == 10
    for case in refused:
        assert case.request.raw is not None
        if "nested" in case.why:
            assert is_too_deep(case.request.raw.decode())
        else:
            with pytest.raises(ValueError):  # noqa: PT011 (which one is the parser's to say)
                json.loads(case.request.raw)


@pytest.mark.parametrize("body", [{}, [], [1], "", "text", 12, None, {"a": 1}], ids=repr)
def test_no_valid_json_is_taken_for_broken(body: Any) -> None:
    for case in probes.malformed(CREATE, Request("POST", "/", body=body)):
        deep = "nested" in case.why
        if case.intent is Intent.REFUSED and not deep:
            with pytest.raises(ValueError):  # noqa: PT011 (which one is the parser's to say)
                json.loads(case.request.raw or b"")
        assert not (deep and isinstance(body, list) and "without" not in case.why)


def test_an_empty_body_is_broken_only_where_one_is_required() -> None:
    optional = Operation("Create", "POST", "/", body="#/x")
    whys = [case.why for case in probes.malformed(optional, Request("POST", "/", body=BODY))]
    assert "an empty body" not in whys
    assert whys


def test_curious_json_may_be_refused_or_not() -> None:
    cases = list(probes.malformed(operation("CreateOrder"), Request("POST", "/", body=BODY)))
    curious = [case for case in cases if case.intent is Intent.OPEN]
    assert len(curious) == 8
    assert {raw[:11] for case in curious if (raw := case.request.raw)} == {b'{"unknown":'}


def test_a_request_without_a_body_has_no_broken_one() -> None:
    assert list(probes.malformed(CREATE, Request("GET", "/", body=MISSING))) == []


def test_odd_types_of_content_replace_the_right_one() -> None:
    request = Request("POST", "/", headers={"content-type": "application/json"}, body=BODY)
    cases = list(probes.odd_content(CREATE, request))
    assert [case.request.headers.get("content-type") for case in cases][:2] == [
        "text/plain",
        "application/xml",
    ]
    assert cases[-1].request.method == probes.UNKNOWN_METHOD
    assert not cases[-1].addresses_operation


def test_no_method_is_tried_that_could_change_what_is_real() -> None:
    request = Request("POST", "/", body=BODY)
    methods = {case.request.method for case in probes.odd_content(CREATE, request)}
    assert methods & {"DELETE", "PATCH", "PUT"} == set()


def test_odd_paths_hold_strange_ids() -> None:
    retrieve = operation("RetrieveOrder")
    cases = list(probes.odd_paths(retrieve, request_to(retrieve, path_parameters={"id": "1"})))
    assert len(cases) == 6
    for case in cases:
        assert case.request.path == f"/orders/{case.request.path_parameters['id']}"
        assert "{" not in case.request.path


def test_credentials_are_left_out_and_spoiled() -> None:
    create = operation("CreateOrder")
    cases = list(probes.unauthenticated(create, Request("POST", "/"), {"bearer": TOKEN}))
    assert [case.why for case in cases] == [
        "no credentials",
        "a wrong secret as bearer",
        "an empty secret as bearer",
        "the first half of the secret as bearer",
        "the secret and more as bearer",
        "the secret in other letters as bearer",
        "an unknown scheme as bearer",
    ]
    assert {case.intent for case in cases} == {Intent.UNAUTHENTICATED}


def test_one_of_two_credentials_is_spoiled_at_a_time() -> None:
    credentials = {"basic": "client:secret", "token": "t-0"}
    cases = list(probes.unauthenticated(secured((BASIC, QUERY)), Request("GET", "/"), credentials))
    assert {frozenset(case.spoils) for case in cases} == {
        frozenset({"basic", "token"}),
        frozenset({"basic"}),
        frozenset({"token"}),
    }
    assert {"no basic", "no token", "a wrong secret as token"} <= {case.why for case in cases}


def test_an_operation_for_everybody_is_not_probed() -> None:
    for open_to_all in (secured(), secured((BEARER,), ())):
        assert not list(probes.unauthenticated(open_to_all, Request("GET", "/"), {"bearer": "x"}))
