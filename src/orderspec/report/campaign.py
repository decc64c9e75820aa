"""A campaign's report as JSON, and what every form of it shares."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import zip_longest
from typing import Any

from orderspec.campaigns import CampaignReport, ClauseResult, LeftOut, Proof
from orderspec.findings import Finding, Severity
from orderspec.report.exchanges import exchange_form
from orderspec.report.json_form import finding_form

_UNPROVEN = Proof()


def proven(report: CampaignReport) -> Iterator[tuple[Finding, Proof]]:
    """Give each finding with what it rests on, in the order of the report."""
    pairs = zip_longest(report.findings, report.proofs[: len(report.findings)])
    return ((finding, proof or _UNPROVEN) for finding, proof in pairs)


def by_weight(report: CampaignReport) -> list[tuple[Finding, Proof]]:
    """Give each finding with what it rests on: errors first, else in the order of the report."""
    return sorted(proven(report), key=lambda pair: pair[0].severity is not Severity.ERROR)


def same_requests(findings: Iterable[tuple[Finding, Proof]]) -> dict[int, int]:
    """Give findings that an earlier one's request shows as well: the number of each, from 1."""
    earlier: dict[str, int] = {}
    found = {}
    for number, (_, proof) in enumerate(findings, start=1):
        if proof.asked and earlier.setdefault(proof.asked, number) != number:
            found[number] = earlier[proof.asked]
    return found


def proof_text(proof: Proof) -> str:
    """Say how sure a finding is."""
    if not proof.tried:
        return "not sent again alone"
    if proof.shown == proof.tried:
        return "shown again by the same request, sent alone"
    return f"shown {proof.shown} of {proof.tried} times by the same request, sent alone"


def aside_text(report: CampaignReport) -> str:
    """Count what was found and does not count, as ``2 known, 1 left out``; may be empty."""
    counts = {"known": len(report.known), "left out": report.excused}
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)


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
        "findings": [
            {**finding_form(finding), **_proof_form(proof)} for finding, proof in proven(report)
        ],
        "notes": list(report.notes),
    }
    if report.known:
        form["known"] = [finding_form(finding) for finding in report.known]
    if report.left_out:
        form["left_out"] = [_left_out_form(one) for one in report.left_out]
    if report.first_finding is not None:
        form["first_finding"] = report.first_finding
    if report.stopped:
        form["stopped"] = report.stopped
    return form


def _proof_form(proof: Proof) -> dict[str, Any]:
    form: dict[str, Any] = {"proof": {"tried": proof.tried, "shown": proof.shown}}
    if proof.exchanges:
        form["exchanges"] = [exchange_form(exchange) for exchange in proof.exchanges]
    return form


def _clause_form(result: ClauseResult) -> dict[str, Any]:
    form: dict[str, Any] = {
        "id": result.clause.id,
        "kind": str(result.clause.kind),
        "exercised": result.exercised,
        "violations": result.violations,
        "status": result.status,
        "reason": result.reason,
        "operation": result.operation,
        "spec": asdict(result.spec) if result.spec else None,
    }
    return {name: value for name, value in form.items() if value not in ("", None)}


def _left_out_form(left_out: LeftOut) -> dict[str, Any]:
    return {
        "clause": left_out.clause,
        "reason": left_out.reason,
        "until": left_out.until.isoformat(),
        "findings": len(left_out.findings),
    }
