"""What a document calls wrong in a request, and no server need look at: `x-refusal: allowed`."""

from typing import Any

import pytest

from orderspec.contract.build import build
from orderspec.contract.model import Contract
from orderspec.exchange import Exchange, Request, Response
from orderspec.fuzz.cases import Intent, classified, request_to
from orderspec.fuzz.checks import check
from orderspec.fuzz.refusals import refusal, refusals
from orderspec.validation.engine import Direction, Options, judge

PARCEL = {
    "type": "object",
    "required": ["weight"],
    "properties": {
        "weight": {"type": "number"},
        "note": {"type": "string", "x-refusal": "allowed"},
        "sender": {"$ref": "#/components/schemas/Sender"},
        "labels": {
            "x-refusal": "allowed",
            "anyOf": [
                {"$ref": "#/components/schemas/Label"},
                {"type": "array", "items": {"$ref": "#/components/schemas/Label"}},
            ],
        },
        "seal": {"$ref": "#/components/schemas/Label"},
    },
}
SENDER = {
    "x-refusal": "allowed",
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}},
}
LABEL = {"type": "object", "properties": {"text": {"type": "string"}}}
ANSWER = {
    "type": "object",
    "properties": {"weight": {"type": "number"}, "note": {"type": ["string", "null"]}},
}
ECHO = {
    "id": "depot.send-parcel.echo",
    "check": 'echoes({"note": request.body.note}, response.body)',
    "message": "A note comes back as it was sent",
}
GOOD = {"weight": 3, "note": "fragile", "sender": {"name": "Ada"}}


def content(title: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{title}"}}}


@pytest.fixture(name="depot")
def _depot() -> Contract:
    operation = {
        "operationId": "SendParcel",
        "requestBody": {"required": True, "content": content("Parcel")},
        "responses": {"2XX": {"description": "Sent.", "content": content("Answer")}},
        "x-rules": [ECHO],
    }
    schemas = {"Parcel": PARCEL, "Sender": SENDER, "Label": LABEL, "Answer": ANSWER}
    document = {"paths": {"/parcels": {"post": operation}}, "components": {"schemas": schemas}}
    return build("depot", document, {})


@pytest.mark.parametrize(
    "broken",
    [
        {"note": 7},
        {"sender": "Ada"},
        {"sender": {}},
        {"sender": {"name": 7}},
        {"labels": {"text": 7}},
        {"labels": [{}, "fragile"]},
    ],
)
def test_a_shape_that_need_not_be_checked_is_an_error_and_asks_for_no_refusal(
    depot: Contract, broken: dict[str, Any]
) -> None:
    operation, payload = depot.operations["SendParcel"], {**GOOD, **broken}
    options = Options(direction=Direction.REQUEST)
    (finding,) = judge(depot, "#/components/schemas/Parcel", payload, options).findings
    assert finding.severity == "error"
    assert refusal(depot, operation, request_to(operation, payload)) is None
    assert classified(depot, operation, request_to(operation, payload)).intent is Intent.OPEN


@pytest.mark.parametrize(
    "wrong, at", [({"weight": "x"}, "/weight"), ({"seal": {"text": ["x"]}}, "/seal/text")]
)
def test_what_is_wrong_beside_it_must_be_refused(
    depot: Contract, wrong: dict[str, Any], at: str
) -> None:
    """The same schema binds where another reference leads to it."""
    operation = depot.operations["SendParcel"]
    case = refusal(depot, operation, request_to(operation, {**GOOD, "note": 7, **wrong}))
    assert case is not None
    assert (case.intent, case.at, case.breaks) == (Intent.REFUSED, at, "type")


def test_no_probe_breaks_only_what_need_not_be_checked(depot: Contract) -> None:
    operation = depot.operations["SendParcel"]
    cases = list(refusals(depot, operation, request_to(operation, GOOD), set()))
    assert {case.at for case in cases} == {"", "/weight"}


@pytest.mark.parametrize(
    "sent, echoed, is_found", [(7, 7, False), (7, 8, True), (7, None, False), ("a", "b", True)]
)
def test_an_answer_may_echo_it_or_drop_it(
    depot: Contract, sent: object, echoed: object, *, is_found: bool
) -> None:
    operation = depot.operations["SendParcel"]
    case = classified(depot, operation, request_to(operation, {**GOOD, "note": sent}))
    answer = Response(200, {}, {"weight": 3, "note": echoed})
    exchange = Exchange("SendParcel", Request("POST", "/parcels", body=case.request.body), answer)
    assert bool(check(depot, case, exchange, known=True).findings) is is_found
