"""What is missing is told with what to write and where; a member that is free lacks nothing."""

import json
import re
from typing import Any

import pytest

from orderspec.errors import ReadError
from tests.coverage.conftest import DESCRIPTION, EXCHANGE, STAY, STAYS, Inn


def with_rule(**rule: str) -> Any:
    promise = {"id": "inn.stay.promise", "message": "A promise", **rule}
    return {**STAY, "x-rules": [promise]}


def test_a_whole_row_has_no_gap(inn: Inn) -> None:
    inn.invalid("nights-in-words", {"guest": "Ada", "nights": "two"}, ("/nights", "type"))
    inn.tables(Body={"schema": "Stay", "members": ["nights"]})
    assert inn.row("nights").gaps == ()


def test_a_member_that_nothing_shows_is_told_with_a_place_for_it(inn: Inn) -> None:
    inn.fixture("Stay/valid/alone", {"guest": "Ada", "room": {}})
    inn.tables(Room={"schema": "Room", "members": ["floor"]})
    gaps = inn.row("floor").gaps
    assert gaps[0] == "no valid fixture shows it: add it, such as at /room in Stay/valid/alone.json"


def test_a_schema_that_no_fixture_leads_to_is_named(inn: Inn) -> None:
    inn.tables(Cash={"schema": "Cash", "members": ["coins"]})
    assert "write Cash/valid/<name>.json" in inn.row("coins").gaps[0]
    inn.tables(Query={"operation": "CreateStay", "members": ["page"]})
    assert "record a call of CreateStay" in inn.row("page").gaps[0]


@pytest.mark.parametrize("member", ["guest", "nights", "room", "payment"])
def test_an_advice_that_is_followed_closes_the_gap(inn: Inn, member: str) -> None:
    inn.tables(Body={"schema": "Stay", "members": [member]})
    (advice,) = inn.row(member).gaps
    told = re.fullmatch(
        r"no invalid fixture breaks it: write one like Stay/valid/alone\.json with (.*) at"
        rf" /{member}, which violates (\w+)",
        advice,
    )
    assert told, advice
    payload = {**STAYS, member: json.loads(told[1])}
    inn.invalid("as-advised", payload, (f"/{member}", told[2]))
    assert inn.row(member).gaps == ()


def test_a_member_that_nothing_can_break_is_open(inn: Inn) -> None:
    inn.tables(Body={"schema": "Stay", "members": ["remarks"]})
    row = inn.row("remarks")
    assert (row.is_open, row.broken, row.gaps) == (True, None, ())


def test_a_deprecated_member_that_may_hold_anything_is_open(inn: Inn) -> None:
    inn.spec("schemas/stay", {**STAY, "properties": {"remarks": {"deprecated": True}}})
    inn.tables(Body={"schema": "Stay", "members": ["remarks"]})
    assert inn.row("remarks").is_open


def test_a_member_that_a_rule_reads_is_not_open(inn: Inn) -> None:
    inn.spec("schemas/stay", with_rule(check='self.remarks == "late"'))
    inn.tables(Body={"schema": "Stay", "members": ["remarks"]})
    row = inn.row("remarks")
    assert not row.is_open
    assert "violates inn.stay.promise" in row.gaps[0]


def test_a_rule_that_fails_elsewhere_needs_a_fixture_of_it(inn: Inn) -> None:
    inn.spec("schemas/stay", with_rule(check="self.guest == self.remarks"))
    inn.fixture("Stay/valid/alone", {**STAYS, "remarks": "Ada"})
    inn.tables(Body={"schema": "Stay", "members": ["remarks"]})
    row = inn.row("remarks")
    assert not row.is_open
    assert "violates inn.stay.promise at /guest" in row.gaps[0]
    changed = {**STAYS, "guest": "Bo", "remarks": "Ada"}
    inn.invalid("another-guest", changed, ("/guest", "inn.stay.promise"))
    row = inn.row("remarks")
    assert row.gaps == ()
    assert row.broken
    assert row.broken.clause == "inn.stay.promise"


def test_what_a_link_reads_back_is_not_open(inn: Inn) -> None:
    """A rule between two exchanges is tried as well."""
    description = json.loads(json.dumps(DESCRIPTION))
    operation = description["paths"]["/{house}/stays"]["post"]
    rule = {
        "id": "inn.stay.reads-back",
        "check": "echoes(first.response.body, next.response.body)",
        "message": "A stay reads back",
    }
    operation["responses"]["200"]["links"]["again"]["x-rules"] = [rule]
    inn.spec("openapi", description)
    answer = {**EXCHANGE, "response": {"status": 200, "body": STAYS}}
    pair = {"link": "CreateStay.again", "first": answer, "next": answer}
    inn.tables(Body={"schema": "Stay", "members": ["remarks"]})
    assert inn.row("remarks").is_open
    inn.fixture("exchanges/links/reads-back", pair)
    row = inn.row("remarks")
    assert not row.is_open
    assert "violates inn.stay.reads-back" in row.gaps[0]


def test_a_parameter_that_takes_any_text_is_open(inn: Inn) -> None:
    inn.fixture("exchanges/create", EXCHANGE)
    inn.tables(Path={"operation": "CreateStay", "members": ["house", "page"]})
    assert inn.row("house").is_open
    assert not inn.row("page").is_open
    assert 'with "?" at /request/query/page' in inn.row("page").gaps[0]


def test_a_member_that_the_schema_lacks_is_a_gap(inn: Inn) -> None:
    inn.tables(Body={"schema": "Stay", "members": ["gest"]})
    assert inn.row("gest").gaps == ("Stay defines no member 'gest': mend sources.yaml",)


def test_a_document_without_tables_is_a_gap(inn: Inn) -> None:
    assert inn.coverage().gaps == (
        "inn-guide is the first source, and has no tables: list them in sources.yaml",
    )
    inn.spec("sources", {"sources": {}})
    assert "there are no sources" in inn.coverage().gaps[0]


def test_a_property_of_a_tabled_source_without_a_row_is_a_gap(inn: Inn) -> None:
    members = ["guest", "nights", "room", "payment"]
    inn.tables(
        Body={"schema": "Stay", "members": members},
        Room={"schema": "Room", "members": ["floor"]},
        Payment={"schema": "Stay#/properties/payment", "members": ["amount", "number", "coins"]},
    )
    (gap,) = inn.coverage().gaps
    assert gap == (
        "schemas/stay.yaml#/properties/remarks is stated by inn-guide, and no table of it names"
        " 'remarks': add it in sources.yaml"
    )


def test_a_member_of_an_example_without_a_row_is_a_gap(inn: Inn) -> None:
    """The contract may have it from another source; the document shows it all the same."""
    other = {"source": "inn-forum", "level": "stated"}
    inn.spec("schemas/stay", {**STAY, "x-evidence": other})
    inn.tables(Body={"schema": "Stay", "members": ["guest"]})
    assert not any("nights" in gap for gap in inn.coverage().gaps)
    inn.fixture("Stay/valid/document-example", {"guest": "Ada", "nights": 2, "dog": True})
    gap = "no table names Stay/valid/document-example.json#/nights: add it in sources.yaml"
    assert gap in inn.coverage().gaps
    assert not any("#/guest" in gap or "#/dog" in gap for gap in inn.coverage().gaps)


def test_inferred_properties_need_no_row(inn: Inn) -> None:
    guess = {"source": "inn-guide", "level": "inferred", "note": "Nothing says so."}
    inn.spec("schemas/stay", {**STAY, "x-evidence": guess})
    inn.tables(Room={"schema": "Room", "members": ["floor"]})
    assert not any("remarks" in gap for gap in inn.coverage().gaps)


def test_a_file_that_is_no_fixture_is_named(inn: Inn) -> None:
    inn.fixture("Stay/invalid/nothing", {"payload": 1, "violates": [{"at": ""}]})
    with pytest.raises(ReadError, match="not a fixture of this contract"):
        inn.coverage()
