"""What does not count: root causes that are known, and clauses that are left out."""

from dataclasses import replace
from datetime import date

from orderspec.campaigns import CampaignReport, ClauseResult, LeftOut, Proof
from orderspec.findings import Clause, ClauseKind, Finding, Severity, Verdict
from orderspec.fuzz.baseline import Baseline, entries_of, read, updated, written
from orderspec.fuzz.excuses import excused

TODAY = date(2026, 11, 22)
TOTAL = Finding(Severity.ERROR, "acme.order.total", "wrong", at="/order/lines/3/total")
OPEN = Finding(
    Severity.ERROR,
    "acme.CreateOrder.security",
    "let in",
    keyword="a wrong secret",
    also=("acme.ListOrders.security",),
)
MONEY = Finding(
    Severity.ERROR,
    "acme.CreateOrder.response.200",
    "no currency",
    at="/order/lines/3/total/currency",
    keyword="enum",
    where="/components/schemas/Money/properties/currency",
    also=("acme.ListOrders.response.200",),
)


def report(*findings: Finding, gap: str = "", stopped: str = "") -> CampaignReport:
    """Tell of a campaign that found something."""
    names = {clause for one in findings for clause in (one.clause, *one.also)} | {"acme.fine"}
    rows = [ClauseResult(Clause(one, ClauseKind.RULE), 3, 0, "pass") for one in sorted(names)]
    if gap:
        row = ClauseResult(Clause(gap, ClauseKind.RULE), 0, 0, "not-exercised", is_gap=True)
        rows.append(row)
    proofs = tuple(Proof(tried=number) for number in range(len(findings)))
    return CampaignReport(
        "acme", "http://a", 1, Verdict.VIOLATIONS, 9, {}, 1.0, tuple(rows), findings, 3, 3,
        proofs=proofs, stopped=stopped,
    )  # fmt: skip


def left(clause: str, until: date = TODAY) -> LeftOut:
    return LeftOut(clause, "ticket 7", until)


def knowing(*findings: Finding) -> Baseline:
    return updated(Baseline("acme"), report(*findings))


def test_the_last_day_still_counts_as_left_out() -> None:
    assert excused(report(TOTAL), [left("acme.order.*")], None, TODAY).verdict is Verdict.CONFORMS
    over = [left("acme.order.*", date(2026, 11, 21))]
    assert excused(report(TOTAL), over, None, TODAY).verdict is Verdict.VIOLATIONS


def test_a_beginning_covers_what_is_below_it_only() -> None:
    assert left("acme.order.*").covers("acme.order.total")
    assert not left("acme.order.*").covers("acme.orders.total")
    assert not left("acme.order").covers("acme.order.total")


def test_proofs_stay_with_their_findings() -> None:
    told = excused(report(TOTAL, OPEN, MONEY), [left("acme.order.total")], None, TODAY)
    assert [one.clause for one in told.findings] == [OPEN.clause, MONEY.clause]
    assert [one.tried for one in told.proofs] == [1, 2]


def test_a_finding_that_breaks_several_clauses_is_left_out_where_all_are() -> None:
    told = excused(report(OPEN), [left(OPEN.clause)], None, TODAY)
    assert [(one.clause, one.also) for one in told.findings] == [("acme.ListOrders.security", ())]
    told = excused(report(OPEN), [left(OPEN.clause), left("acme.ListOrders.*")], None, TODAY)
    assert (told.findings, told.verdict) == ((), Verdict.CONFORMS)


def test_a_clause_left_out_that_was_never_tested_is_no_gap() -> None:
    told = excused(report(gap="acme.never"), [left("acme.never")], None, TODAY)
    assert told.verdict is Verdict.CONFORMS
    assert excused(report(gap="acme.never"), [], None, TODAY).verdict is Verdict.INCONCLUSIVE


def test_the_same_order_at_another_place_is_known() -> None:
    elsewhere = replace(TOTAL, at="/lines/7/total", message="wrong as well", seed=9)
    assert knowing(TOTAL).holds(replace(TOTAL, at="/order/lines/7/total"))
    assert excused(report(TOTAL), [], knowing(TOTAL), TODAY).known == (TOTAL,)
    assert knowing(TOTAL).holds(elsewhere)
    assert not knowing(TOTAL).holds(replace(TOTAL, at="/order/total"))


def test_a_schema_that_operations_share_is_known_by_whichever_of_them() -> None:
    elsewhere = replace(MONEY, clause="acme.GetOrder.response.200", also=())
    assert knowing(MONEY).holds(elsewhere)
    assert len(entries_of(MONEY)) == 1


def test_another_operation_that_lets_anybody_in_is_new() -> None:
    assert knowing(OPEN).holds(replace(OPEN, clause="acme.ListOrders.security", also=()))
    assert not knowing(OPEN).holds(replace(OPEN, also=("acme.GetOrder.security",)))


def test_a_baseline_reads_as_it_was_written() -> None:
    baseline = knowing(TOTAL, OPEN, MONEY)
    assert read(written(baseline).encode(), "known.json", "acme") == baseline
    assert len(baseline.known) == 4


def test_a_campaign_that_ended_early_calls_nothing_fixed() -> None:
    rows = report(TOTAL).clauses
    for stopped, told in (("", 1), ("the time is over", 0)):
        clean = replace(report(stopped=stopped), clauses=rows)
        notes = excused(clean, [], knowing(TOTAL), TODAY).notes
        assert len([note for note in notes if "seen no more" in note]) == told
        assert len(updated(knowing(TOTAL), clean).known) == 1 - told
