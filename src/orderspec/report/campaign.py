"""A campaign's report: as JSON, and as a page of text."""

from collections.abc import Iterator, Mapping
from typing import Any

from orderspec.findings import CampaignReport, ClauseResult, Finding, Severity, Verdict
from orderspec.report.console import finding_text
from orderspec.report.json_form import finding_form
from orderspec.report.text import printable

_WORDS = {
    Verdict.CONFORMS: "conforms",
    Verdict.VIOLATIONS: "violations",
    Verdict.INCONCLUSIVE: "inconclusive",
}
_COLOURS = {Verdict.CONFORMS: "\x1b[1;32m", Verdict.VIOLATIONS: "\x1b[1;31m"}
_UNSURE, _RESET = "\x1b[1;33m", "\x1b[0m"
_MARKS = {"pass": "pass", "fail": "FAIL", "not-exercised": "    "}


def campaign_form(report: CampaignReport) -> dict[str, Any]:
    """Give the JSON form of `orderspec fuzz`."""
    form: dict[str, Any] = {
        "format": 1,
        "command": "fuzz",
        "provider": report.provider,
        "url": report.url,
        "seed": report.seed,
        "verdict": str(report.verdict),
        "requests": report.requests,
        "responses": dict(report.responses),
        "seconds": round(report.seconds, 2),
        "valid": {"sent": report.valid, "accepted": report.accepted},
        "clauses": [_clause_form(result) for result in report.clauses],
        "findings": [finding_form(finding) for finding in report.findings],
        "notes": list(report.notes),
    }
    if report.first_finding is not None:
        form["first_finding"] = report.first_finding
    if report.stopped:
        form["stopped"] = report.stopped
    return form


def campaign_text(
    report: CampaignReport, titles: Mapping[str, str], *, colour: bool = False
) -> str:
    """Write the summary: findings with their proof, the clauses, and the verdict last."""
    return "".join(f"{line}\n" for line in _lines(report, titles, colour=colour))


def _lines(report: CampaignReport, titles: Mapping[str, str], *, colour: bool) -> Iterator[str]:
    yield f"{report.provider} at {report.url}, seed {report.seed}"
    yield ""
    for finding in sorted(report.findings, key=_weight):
        yield from _finding(finding, titles, colour=colour)
        yield ""
    yield f"{'':4}  {'times':>6}  clause"
    for result in report.clauses:
        yield _clause(result)
    yield ""
    classes = ", ".join(f"{number} {name}" for name, number in report.responses.items())
    yield f"{report.requests} requests in {report.seconds:.1f} s: {classes}"
    if report.valid:
        share = report.accepted / report.valid
        yield f"{report.accepted} of {report.valid} valid requests accepted ({share:.0%})"
    yield from map(printable, report.notes)
    yield _verdict(report, colour=colour)


def _weight(finding: Finding) -> tuple[bool, str]:
    return (finding.severity is not Severity.ERROR, finding.clause)


def _finding(finding: Finding, titles: Mapping[str, str], *, colour: bool) -> Iterator[str]:
    yield finding_text(finding, titles, colour=colour).rstrip("\n")
    if finding.operation:
        seen = f", seen {finding.count} times" if finding.count and finding.count > 1 else ""
        yield f"    operation {finding.operation}{seen}"
    if finding.curl:
        yield f"    repeat    {finding.curl}"


def _clause(result: ClauseResult) -> str:
    reason = ""
    if result.status == "not-exercised":
        reason = f"  not exercised: {result.reason}" if result.reason else "  not exercised"
    broken = f"  broken {result.violations} times" if result.violations else ""
    return f"{_MARKS[result.status]:4}  {result.exercised:>6}  {result.clause.id}{broken}{reason}"


def _verdict(report: CampaignReport, *, colour: bool) -> str:
    errors = sum(finding.severity is Severity.ERROR for finding in report.findings)
    warnings = len(report.findings) - errors
    exercised = sum(result.exercised > 0 for result in report.clauses)
    word = _WORDS[report.verdict]
    if colour:
        word = f"{_COLOURS.get(report.verdict, _UNSURE)}{word}{_RESET}"
    return (
        f"Verdict: {word} ({errors} errors, {warnings} warnings, "
        f"{exercised} of {len(report.clauses)} clauses exercised)"
    )


def _clause_form(result: ClauseResult) -> dict[str, Any]:
    form: dict[str, Any] = {
        "id": result.clause.id,
        "kind": str(result.clause.kind),
        "exercised": result.exercised,
        "violations": result.violations,
        "status": result.status,
    }
    return {**form, "reason": result.reason} if result.reason else form
