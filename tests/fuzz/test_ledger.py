"""Counts and groups: one finding for each root cause."""

from collections import Counter

from orderspec.exchange import Exchange, Request, Response
from orderspec.findings import Clause, ClauseKind, Finding, Severity
from orderspec.fuzz.cases import Case, Intent
from orderspec.fuzz.checked import Checked
from orderspec.fuzz.ledger import Key, Ledger, key_of

CASE = Case("Create", Request("POST", "/"), Intent.OPEN)
EXCHANGE = Exchange("Create", CASE.request, Response(200))


def finding(clause: str = "a", at: str = "", keyword: str | None = None) -> Finding:
    return Finding(Severity.ERROR, clause, "It is broken", at=at, keyword=keyword)


def ledger() -> Ledger:
    return Ledger({name: Clause(name, ClauseKind.RULE) for name in ("a", "b", "c")})


def enter(some: Ledger, *findings: Finding, requests: int = 1, **counts: object) -> None:
    exercised = Counter(one.clause for one in findings)
    checked = Checked(findings, exercised, **counts)  # type: ignore[arg-type]  # as given
    some.enter(checked, CASE, EXCHANGE, requests=requests)


def test_places_of_one_list_have_one_root_cause() -> None:
    assert key_of(finding(at="/lines/0/price")) == key_of(finding(at="/lines/12/price"))
    assert key_of(finding(at="/lines/0/price")) == Key("a", "", "/lines/price")


def test_one_order_has_one_root_cause_wherever_it_stands() -> None:
    assert key_of(finding(at="/order/lines/0/price")) == key_of(finding(at="/0/lines/0/price"))


def test_a_keyword_that_requests_may_break_is_one_root_cause() -> None:
    first, second = (finding("a.refuses", at, "maxLength") for at in ("/name", "/note"))
    assert key_of(first) == key_of(second) != key_of(finding("a.refuses", "/name", "type"))


def test_other_clauses_keywords_and_places_have_others() -> None:
    keys = {
        key_of(one)
        for one in (
            finding(),
            finding("b"),
            finding(keyword="type"),
            finding(at="/a1/b"),
            finding(at="/a2/b"),
        )
    }
    assert len(keys) == 5


def test_findings_of_one_root_cause_are_one_group_with_a_count() -> None:
    some = ledger()
    enter(some, finding(at="/0"), finding(at="/1"), requests=3)
    enter(some, finding(at="/7"), requests=9)
    [group] = some.groups.values()
    assert (group.count, group.at_request, group.finding.at) == (3, 3, "/0")


def test_an_exchange_breaks_a_clause_once() -> None:
    some = ledger()
    enter(some, finding(at="/0"), finding(at="/x"))
    assert some.violations == Counter(a=1)
    assert some.exercised == Counter(a=2)


def test_a_clause_is_unreached_where_the_server_could_have_let_us_test_it() -> None:
    some = ledger()
    enter(some, finding("a"), absent=frozenset({"b"}))
    assert [clause.id for clause in some.unexercised()] == ["b", "c"]
    assert [clause.id for clause in some.unreached()] == ["c"]


def test_defects_are_kept() -> None:
    some = ledger()
    enter(some, defects=frozenset({"oh"}))
    assert some.defects == {"oh"}
