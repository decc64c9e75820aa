"""The table of clauses: what was looked at, how often, and what came of it."""

from collections.abc import Iterator, Sequence

from orderspec.campaigns import CampaignReport, ClauseResult
from orderspec.findings import Finding, Severity
from orderspec.report.console import place_text
from orderspec.report.html.markup import place_in, text

OUTCOMES = {"pass": "pass", "fail": "fail", "not-exercised": "not exercised"}


def severity_of(result: ClauseResult) -> Severity:
    """Say how much it weighs that a clause is broken."""
    evidence = result.clause.evidence
    return evidence.severity if evidence else Severity.ERROR


def clauses_section(
    report: CampaignReport, findings: Sequence[Finding], contract: str
) -> Iterator[str]:
    """Write the section.

    Args:
        report: the campaign.
        findings: its findings in the order that the page shows them in.
        contract: the address of a page on which each clause has a place; empty where none is.
    """
    numbers: dict[str, int] = {}
    for number, finding in enumerate(findings, start=1):
        for clause in (finding.clause, *finding.also):
            numbers.setdefault(clause, number)
    yield f'<section id="clauses"><h2>Clauses ({len(report.clauses)})</h2>'
    yield '<table class="clauses"><thead><tr><th scope="col">Clause</th><th scope="col">Kind</th>'
    yield '<th scope="col" class="num">Times</th><th scope="col" class="num">Broken</th>'
    yield '<th scope="col">Outcome</th></tr></thead><tbody>'
    for result in report.clauses:
        yield _row(result, numbers.get(result.clause.id), contract)
    yield '</tbody></table><p class="none soft" hidden>No clause is left by the filter.</p>'
    yield "</section>"


def _row(result: ClauseResult, finding: int | None, contract: str) -> str:
    clause = result.clause
    name = text(clause.id)
    outcome = OUTCOMES[result.status]
    if result.reason and not result.exercised:
        outcome += f": {text(result.reason)}"
    if finding is not None:
        outcome = f'<a href="#finding-{finding}">{outcome}</a>'
    place = f' <span class="place">{text(place_text(result.spec))}</span>' if result.spec else ""
    if contract:
        place += f' <a href="{place_in(contract, clause.id)}">docs</a>'
    return (
        f'<tr id="{name}" data-clause="{name}" data-severity="{severity_of(result)}" '
        f'data-kind="{clause.kind}" data-status="{result.status}">'
        f'<td><a class="clause" href="#{name}">{name}</a>'
        f"<p>{text(clause.summary)}</p>{place}</td><td>{clause.kind}</td>"
        f'<td class="num" data-label="times">{result.exercised}</td>'
        f'<td class="num" data-label="broken">{result.violations or ""}</td>'
        f'<td class="{result.status}">{outcome}</td></tr>'
    )
