"""The parameters that a request goes with: what exists, what belongs together, what is new."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from orderspec.contract.model import Contract, Operation, Parameter
from orderspec.exchange import MISSING, Exchange, Request, Response
from orderspec.fuzz.cases import Case, Intent, request_to
from orderspec.fuzz.frames import Frames
from orderspec.fuzz.ledger import Ledger
from orderspec.fuzz.memory import Memory
from orderspec.fuzz.values import Values
from tests.fuzz.stall import contract

BODY = {"lines": [{"name": "Pear", "price": 1}, {"name": "Plum", "price": 2}]}
KEY = "idempotency-key"


class Known:
    """What a campaign knows after some exchanges; no server is needed."""

    def __init__(self, some: Contract | None = None, **known: tuple[str, ...]) -> None:
        self.contract = some or contract()
        self.values = Values(self.contract, 1, known)
        self.memory = Memory(self.contract, self.values, Ledger({}))
        self.frames = Frames(self.contract, self.values, self.memory)

    def created(self, number: Any, *lines: Any, **body: Any) -> None:
        sent = {**BODY, **body}
        given = {**sent, "id": number, "state": "open"}
        given["lines"] = [{"name": "Pear", "price": 1, "id": line} for line in lines]
        request = request_to(operation("CreateOrder"), sent, {"tenant": "north"})
        self.memory.remember(Exchange("CreateOrder", request, Response(201, body=given)), 1)

    def change(self, name: str, path: Mapping[str, str], body: Any) -> None:
        request = request_to(operation(name), body, {"tenant": "north", **path})
        self.memory.note_change(Exchange(name, request, Response(200)))

    def path(self, name: str) -> dict[str, Any]:
        frame = self.frames.frame(operation(name))
        assert frame is not None
        assert frame.path_parameters["tenant"] == "north"
        return {name: value for name, value in frame.path_parameters.items() if name != "tenant"}

    def knows(self, name: str, body: Any, **path: str) -> bool:
        request = request_to(operation(name), body, {"tenant": "north", **path})
        return self.memory.knows(Case(name, request, Intent.ACCEPTED))


def operation(name: str) -> Operation:
    return contract().operations[name]


def test_nothing_known_leads_nowhere() -> None:
    known = Known()
    assert known.frames.frame(operation("CreateOrder")) is not None  # by the example of a tenant
    assert known.frames.frame(operation("ChangeLine")) is None


def test_what_a_request_needs_besides_its_path_is_there_all_the_same() -> None:
    base = Known().frames.base(operation("ReplaceLines"))
    assert (base.path_parameters, base.query) == ({"tenant": "north"}, {"mode": "all"})


def test_a_value_that_was_given_goes_before_an_example() -> None:
    frame = Known(tenant=("south",)).frames.frame(operation("ListOrders"))
    assert frame is not None
    assert (frame.path, frame.query) == ("/south/orders", {})


def test_every_frame_has_a_new_key() -> None:
    frames = Known().frames
    keys = set()
    for _ in range(20):
        frame = frames.frame(operation("CreateOrder"))
        assert frame is not None
        keys.add(frame.headers[KEY])
    assert len(keys) == 20


def test_a_request_is_renewed_in_its_keys_only() -> None:
    known = Known()
    request = request_to(
        operation("CreateOrder"), BODY, {"tenant": "north"}, {"page": 2}, {KEY: "k", "x-mine": "m"}
    )
    renewed = known.frames.renewed(operation("CreateOrder"), request)
    assert renewed.headers.keys() == {KEY, "x-mine"}
    assert renewed.headers[KEY] != "k"
    assert (renewed.body, renewed.path, renewed.query) == (BODY, request.path, {"page": "2"})
    keyless = request_to(operation("CreateOrder"), BODY, {"tenant": "north"})
    assert known.frames.renewed(operation("CreateOrder"), keyless).headers == {}


def test_a_key_that_is_wrong_on_purpose_stays_wrong() -> None:
    known = Known()
    for wrong in ("", "k" * 41):
        given = {KEY: wrong, "x-mine": "m"}
        assert known.frames.new_keys(operation("CreateOrder"), "header", given) == {}
    assert known.frames.new_keys(operation("CreateOrder"), "query", {KEY: "k"}) == {}
    assert known.frames.new_keys(operation("ListOrders"), "header", {KEY: "k"}) == {}


def test_a_first_request_goes_without_the_keys_that_it_may_leave_out() -> None:
    request = request_to(operation("CreateOrder"), BODY, headers={KEY: "k", "x-mine": "m"})
    assert Known().frames.keyless(operation("CreateOrder"), request).headers == {"x-mine": "m"}


def test_the_ids_of_a_path_belong_together() -> None:
    known = Known()
    known.created("o1", "a", "b")
    known.created("o2", "c", "d")
    assert known.path("ChangeLine") == {"id": "o2", "line_id": "c"}
    assert known.knows("ChangeLine", {"price": 3}, id="o1", line_id="a")
    assert not known.knows("ChangeLine", {"price": 3}, id="o1", line_id="c")
    assert not known.knows("ChangeLine", {"price": 3}, id="o3", line_id="a")


def test_numbers_are_names_too() -> None:
    known = Known()
    known.created(1, 1, 2)
    known.created(2, 1)
    assert known.path("ChangeLine") == {"id": "2", "line_id": "1"}
    known.change("ChangeLine", {"id": "2", "line_id": "1"}, {"price": 3})
    assert known.path("ChangeLine") == {"id": "1", "line_id": "1"}


def test_what_was_changed_is_not_sure_to_be_changed_again() -> None:
    known = Known()
    known.created("o1", "a")
    known.created("o2", "b")
    known.change("ChangeLine", {"id": "o2", "line_id": "b"}, {"price": 3})
    assert known.path("ChangeOrder") == {"id": "o1"}
    assert known.knows("ChangeOrder", {"state": "paid"}, id="o1")
    assert not known.knows("ChangeOrder", {"state": "paid"}, id="o2")
    assert known.knows("RetrieveOrder", MISSING, id="o2")


def test_a_state_is_sure_to_allow_what_it_allowed_before() -> None:
    known = Known()
    for number in ("o1", "o2", "o3"):
        known.created(number, f"{number}-a", kind="delivery" if number < "o3" else "pick-up")
    change = {"state": "paid"}
    assert not known.knows("ChangeOrder", change, id="o1")
    known.change("ChangeOrder", {"id": "o2"}, change)
    assert known.knows("ChangeOrder", change, id="o1")
    assert not known.knows("ChangeOrder", change, id="o3")
    assert known.path("ChangeOrder") == {"id": "o1"}


def test_a_path_leads_where_it_led_before_if_all_was_changed() -> None:
    known = Known()
    known.created("o1", "a")
    body = {"state": "paid"}
    request = request_to(operation("ChangeOrder"), body, {"tenant": "north", "id": "o1"})
    exchange = Exchange("ChangeOrder", request, Response(200))
    known.memory.note_change(exchange)
    known.memory.remember(exchange, 2)
    assert known.path("ChangeOrder") == {"id": "o1"}


@pytest.mark.parametrize(
    "schema,choices",
    [
        ({"type": "string", "enum": ["open", "paid"]}, ["open", "paid"]),
        ({"type": "integer", "minimum": 1, "examples": [5]}, ["5", "1"]),
        ({"type": "integer", "minimum": 1, "examples": ["no number"]}, ["1"]),
        ({"type": "boolean"}, ["true", "false"]),
        ({"type": "boolean", "default": False}, ["false", "true"]),
        ({"type": "string", "const": "v1"}, ["v1"]),
        ({"type": "string", "x-refers-to": "tenant", "examples": ["north"]}, ["west", "north"]),
        ({"type": "string"}, []),
    ],
    ids=str,
)
def test_the_choices_of_a_parameter_are_what_its_schema_and_the_server_name(
    schema: dict[str, Any], choices: list[str]
) -> None:
    frames = Known(tenant=("west",)).frames
    assert frames.choices(Parameter("any", "query", required=False, schema=schema)) == choices


def test_a_parameters_schema_may_refer_to_another() -> None:
    [state] = [one for one in operation("ListOrders").parameters if one.name == "state"]
    assert Known().frames.choices(state) == ["open", "paid"]


def required(**schema: Any) -> Request | None:
    parameter = Parameter("any", "query", required=True, schema=schema)
    some = Operation("Some", "GET", "/", parameters=(parameter,))
    return Known().frames.frame(some)


@pytest.mark.parametrize(
    "schema,value",
    [
        ({"type": "integer"}, "1"),
        ({"type": "string"}, "a"),
        ({"type": "string", "format": "date"}, "2021-02-26"),
        ({"type": "string", "format": "date-time"}, "2021-02-26T15:04:05Z"),
    ],
    ids=str,
)
def test_a_parameter_that_is_required_is_guessed(schema: dict[str, Any], value: str) -> None:
    frame = required(**schema)
    assert frame is not None
    assert frame.query == {"any": value}


def test_what_must_exist_is_not_guessed() -> None:
    frame = required(**{"type": "string", "x-refers-to": "unheard-of"})
    assert frame is not None
    assert frame.query == {}


def test_a_key_has_the_form_that_the_contract_asks_for() -> None:
    frame = required(**{"type": "string", "format": "uuid", "x-fresh": True})
    assert frame is not None
    assert UUID(frame.query["any"]).version == 4
