"""What a row says: where a member is defined, and which fixtures show and break it."""

from typing import Any

import pytest

from orderspec.findings import Level, Proof
from tests.coverage.conftest import CASH, EXCHANGE, STAY, STAYS, Inn


def stay(*members: str) -> Any:
    return {"schema": "Stay", "members": list(members)}


def marked(mark: str) -> Any:
    """Give the schema of a stay with a mark on its nights."""
    nights = {"type": "integer", mark: True}
    return {**STAY, "properties": {**STAY["properties"], "nights": nights}}


def test_a_row_names_the_definition_and_its_evidence(inn: Inn) -> None:
    inn.tables(Body=stay("guest"))
    row = inn.row("guest")
    assert (row.source, row.table, row.printed) == ("inn-guide", "Body", "guest")
    assert (row.file, row.pointer) == ("schemas/stay.yaml", "/properties/guest")
    assert row.evidence
    assert (row.evidence.source, row.evidence.level) == ("inn-guide", Level.STATED)


def test_a_name_of_the_document_leads_to_the_member(inn: Inn) -> None:
    inn.tables(Body={"schema": "Stay", "members": [{"(1st string)": "guest"}]})
    row = inn.row("guest")
    assert (row.printed, row.pointer) == ("(1st string)", "/properties/guest")


def test_a_member_is_shown_where_a_valid_fixture_holds_it(inn: Inn) -> None:
    inn.tables(Body=stay("nights"), Room={"schema": "Room", "members": ["floor"]})
    assert inn.row("nights").shown == Proof("Stay/valid/alone.json", "/nights")
    assert inn.row("floor").shown == Proof("Stay/valid/alone.json", "/room/floor")


def test_null_shows_only_a_member_that_is_always_null(inn: Inn) -> None:
    inn.spec("schemas/stay", {**STAY, "properties": {"guest": {}, "left": {"type": "null"}}})
    inn.fixture("Stay/valid/alone", {"guest": None, "left": None})
    inn.tables(Body=stay("guest", "left"))
    assert inn.row("guest").shown is None
    assert inn.row("left").shown == Proof("Stay/valid/alone.json", "/left")


def test_a_choice_shows_the_members_of_the_branch_that_fits(inn: Inn) -> None:
    """Both ways to pay have an amount; a card shows that of a card."""
    inn.tables(Cash={"schema": "Cash", "members": ["amount"]})
    assert inn.row("amount").shown is None
    inn.tables(Card={"schema": "Card", "members": ["amount"]})
    assert inn.row("amount").shown == Proof("Stay/valid/alone.json", "/payment/amount")


def test_the_example_of_the_document_is_shown_before_other_fixtures(inn: Inn) -> None:
    inn.fixture("Stay/valid/document-example", STAYS)
    inn.tables(Body=stay("guest"))
    assert inn.row("guest").shown == Proof("Stay/valid/document-example.json", "/guest")


def test_payloads_of_the_schemas_of_a_document_show_its_members_first(inn: Inn) -> None:
    """The example that another schema has under this name is not of this document."""
    inn.fixture("Stay/valid/document-example", STAYS)
    inn.fixture("Room/valid/upstairs", {"floor": 1})
    inn.tables(Room={"schema": "Room", "members": ["floor"]})
    assert inn.row("floor").shown == Proof("Room/valid/upstairs.json", "/floor")


def test_a_violation_breaks_the_member_that_it_leads_to(inn: Inn) -> None:
    inn.invalid("nights-in-words", {"guest": "Ada", "nights": "two"}, ("/nights", "type"))
    inn.tables(Body=stay("nights", "room"))
    broken = Proof("Stay/invalid/nights-in-words.json", "/nights", "type")
    assert inn.row("nights").broken == broken
    assert inn.row("room").broken is None


def test_a_violation_inside_a_member_breaks_it_where_nothing_is_nearer(inn: Inn) -> None:
    at = ("/room/floor", "type")
    inn.invalid("a-high-floor", {"guest": "Ada", "room": {"floor": "top"}}, at)
    inn.tables(Body=stay("room"), Room={"schema": "Room", "members": ["floor"]})
    deep = Proof("Stay/invalid/a-high-floor.json", "/room/floor", "type")
    assert (inn.row("room").broken, inn.row("floor").broken) == (deep, deep)
    inn.invalid("room-is-a-number", {"guest": "Ada", "room": 7}, ("/room", "anyOf"))
    assert inn.row("room").broken == Proof("Stay/invalid/room-is-a-number.json", "/room", "anyOf")


def test_a_missing_member_is_broken_only_where_it_is_required(inn: Inn) -> None:
    inn.invalid("nobody", {}, ("", "required"))
    inn.tables(Body=stay("guest", "nights"))
    assert inn.row("guest").broken == Proof("Stay/invalid/nobody.json", "", "required")
    assert inn.row("nights").broken is None


def test_a_read_only_member_is_broken_by_sending_it_only_where_nothing_else_breaks_it(
    inn: Inn,
) -> None:
    inn.spec("schemas/stay", marked("readOnly"))
    inn.invalid("a-sent", {"guest": "Ada", "nights": 1}, ("/nights", "readOnly"))
    inn.tables(Body=stay("nights"))
    assert inn.row("nights").broken == Proof("Stay/invalid/a-sent.json", "/nights", "readOnly")
    inn.invalid("b-in-words", {"guest": "Ada", "nights": "two"}, ("/nights", "type"))
    assert inn.row("nights").broken == Proof("Stay/invalid/b-in-words.json", "/nights", "type")


def test_a_deprecated_member_is_not_broken_by_being_there(inn: Inn) -> None:
    inn.spec("schemas/stay", marked("deprecated"))
    inn.invalid("old-member", {"guest": "Ada", "nights": 1}, ("/nights", "deprecated"))
    inn.tables(Body=stay("nights"))
    assert inn.row("nights").broken is None


def test_an_exchange_shows_and_breaks_members_of_its_bodies(inn: Inn) -> None:
    inn.fixture("Stay/valid/alone", {"guest": "Ada"})
    answer = {**EXCHANGE, "response": {"status": 200, "body": {"guest": "Ada", "nights": 3}}}
    inn.fixture("exchanges/create", answer)
    wrong = {"status": 200, "body": {"guest": "Ada", "nights": "3"}}
    violates = [{"at": "/nights", "clause": "type"}]
    inn.fixture("exchanges/invalid/in-words", {"violates": violates, **EXCHANGE, "response": wrong})
    inn.tables(Body=stay("nights"))
    row = inn.row("nights")
    assert row.shown == Proof("exchanges/create.json", "/response/body/nights")
    assert row.broken == Proof("exchanges/invalid/in-words.json", "/response/body/nights", "type")


def test_a_pair_is_broken_in_the_answer_that_came_second(inn: Inn) -> None:
    second = {**EXCHANGE, "response": {"status": 200, "body": {"guest": 1}}}
    pair = {"link": "CreateStay.again", "first": EXCHANGE, "next": second}
    violates = [{"at": "/guest", "clause": "type"}]
    inn.fixture("exchanges/invalid/other-guest", {"violates": violates, **pair})
    inn.tables(Body=stay("guest"))
    file, at = "exchanges/invalid/other-guest.json", "/next/response/body/guest"
    assert inn.row("guest").broken == Proof(file, at, "type")


def test_the_body_of_a_refused_request_shows_nothing(inn: Inn) -> None:
    inn.fixture("Stay/valid/alone", {"guest": "Ada"})
    request = {**EXCHANGE["request"], "body": {"guest": "Ada", "nights": 3}}
    inn.fixture("exchanges/refuse", {**EXCHANGE, "request": request, "response": {"status": 422}})
    inn.tables(Body=stay("nights"))
    assert inn.row("nights").shown is None


def test_an_inline_object_is_found_by_a_pointer_below_its_schema(inn: Inn) -> None:
    inside = {"type": "object", "properties": {"by": {"type": "string"}}}
    inn.spec("schemas/stay", {**STAY, "properties": {"guest": {}, "trip": inside}})
    inn.fixture("Stay/valid/alone", {"guest": "Ada", "trip": {"by": "train"}})
    inn.tables(Trip={"schema": "Stay#/properties/trip", "members": ["by"]})
    assert inn.row("by").shown == Proof("Stay/valid/alone.json", "/trip/by")
    assert inn.row("by").pointer == "/properties/trip/properties/by"


@pytest.mark.parametrize(
    "member, at",
    [("house", "/request/path/house"), ("page", "/request/query/page")],
)
def test_a_parameter_is_shown_by_an_exchange(inn: Inn, member: str, at: str) -> None:
    inn.fixture("exchanges/create", EXCHANGE)
    inn.tables(Query={"operation": "CreateStay", "members": [member]})
    assert inn.row(member).shown == Proof("exchanges/create.json", at)


def test_a_header_is_found_whatever_its_case(inn: Inn) -> None:
    inn.fixture("exchanges/create", EXCHANGE)
    inn.tables(Headers={"operation": "CreateStay", "members": ["Trace"]})
    assert inn.row("Trace").shown == Proof("exchanges/create.json", "/request/headers/trace")


def test_a_parameter_is_broken_by_a_request_that_was_refused(inn: Inn) -> None:
    request = {"path": {"house": "main"}, "query": {"page": "last"}}
    inn.fixture("exchanges/refuse", {**EXCHANGE, "request": request, "response": {"status": 400}})
    inn.tables(Query={"operation": "CreateStay", "members": ["page"]})
    broken = inn.row("page").broken
    assert broken
    assert (broken.file, broken.at) == ("exchanges/refuse.json", "/request/query/page")


def test_a_credential_is_shown_by_any_exchange_and_broken_by_a_refused_one(inn: Inn) -> None:
    """Fixtures leave credentials out: the client that replays them has its own."""
    inn.fixture("exchanges/create", EXCHANGE)
    inn.tables(Query={"operation": "CreateStay", "members": ["inn_key"]})
    row = inn.row("inn_key")
    assert row.pointer == "/components/securitySchemes/key"
    assert row.shown == Proof("exchanges/create.json", "/request/query/inn_key")
    assert not row.is_open
    assert row.gaps
    request = {"path": {"house": "main"}, "query": {"inn_key": "wrong"}}
    inn.fixture("exchanges/refuse", {**EXCHANGE, "request": request, "response": {"status": 401}})
    broken = Proof("exchanges/refuse.json", "/request/query/inn_key", "security")
    assert inn.row("inn_key").broken == broken


def test_the_members_of_both_branches_belong_to_a_choice(inn: Inn) -> None:
    inn.tables(Payment={"schema": "Stay#/properties/payment", "members": ["number", "coins"]})
    assert [row.file for row in inn.coverage().rows] == ["schemas/card.yaml", "schemas/cash.yaml"]
    assert CASH["properties"].keys() == {"amount", "coins"}
