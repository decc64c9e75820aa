"""A campaign as SARIF 2.1.0: results point at the line of the contract that was broken."""

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from orderspec import __version__, pointer
from orderspec.campaigns import CampaignReport, ClauseResult, Proof
from orderspec.exchange import Exchange
from orderspec.findings import Clause, Finding, SpecPlace
from orderspec.report.campaign import proven
from orderspec.report.console import source_text
from orderspec.report.exchanges import address, as_text, sent_bytes, sent_headers
from orderspec.report.sarif import SCHEMA
from orderspec.report.text import printable, told

_LONGEST_BODY = 4 * 1024
_TELLING = 2
_KNOWN = "known: the baseline has it"


def campaign_sarif(report: CampaignReport, titles: Mapping[str, str]) -> dict[str, Any]:
    """Give the SARIF log: clauses are rules, findings are results.

    Args:
        report: the campaign.
        titles: the id of each source to its title.
    """
    rules = [_rule(result, titles) for result in report.clauses]
    known = {rule["id"] for rule in rules}
    aside = [(one, _KNOWN) for one in report.known]
    aside += [(one, left_out.reason) for left_out in report.left_out for one in left_out.findings]
    everything = [*report.findings, *(finding for finding, _ in aside)]
    unlisted = dict.fromkeys(one.clause for one in everything if one.clause not in known)
    rules += [{"id": clause} for clause in unlisted]
    places = {rule["id"]: index for index, rule in enumerate(rules)}
    driver = {"name": "orderspec", "version": __version__, "rules": rules}
    invocation = {
        "executionSuccessful": not report.defects,
        "toolExecutionNotifications": [
            {"level": "note", "message": {"text": printable(note)}} for note in report.notes
        ],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": f"orderspec/fuzz/{report.provider}/"},
        "invocations": [invocation],
        "results": [
            *(_result(report, *pair, places[pair[0].clause]) for pair in proven(report)),
            *(
                _result(report, finding, Proof(), places[finding.clause]) | _suppressed(why)
                for finding, why in aside
            ),
        ],
        "properties": {"verdict": str(report.verdict), "seed": report.seed, "url": report.url},
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(result: ClauseResult, titles: Mapping[str, str]) -> dict[str, Any]:
    clause = result.clause
    rule: dict[str, Any] = {
        "id": clause.id,
        "properties": {"tags": [str(clause.kind)], "exercised": result.exercised},
    }
    if clause.summary:
        rule["shortDescription"] = {"text": clause.summary}
    if clause.evidence:
        rule["help"] = {"text": _help(clause, titles)}
        level = str(clause.evidence.severity)
        rule["defaultConfiguration"] = {"level": level}
    return rule


def _help(clause: Clause, titles: Mapping[str, str]) -> str:
    if clause.evidence is None:
        return clause.summary
    words = [f"{clause.summary}.", f"Source: {source_text(clause.evidence, titles)}."]
    return " ".join([*words, clause.evidence.note]).strip()


def _result(report: CampaignReport, finding: Finding, proof: Proof, index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.clause,
        "ruleIndex": index,
        "level": str(finding.severity),
        "message": {"text": printable(_message(finding))},
        "partialFingerprints": {"rootCause/v1": _fingerprint(finding)},
        "locations": [_location(finding)],
    }
    if finding.count:
        result["occurrenceCount"] = finding.count
    if proof.exchanges:
        result |= _exchange(report, proof.exchanges[-1])
    if finding.curl:
        result["properties"] = {"repeat": finding.curl}
    return result


def _suppressed(why: str) -> dict[str, Any]:
    return {"suppressions": [{"kind": "external", "justification": printable(why)}]}


def _message(finding: Finding) -> str:
    parts = [finding.message]
    if finding.got is not None and told(finding.got) not in finding.message:
        parts.append(f"got {told(finding.got)}")
    if finding.at:
        parts.append(f"at {finding.at}")
    return ", ".join(parts) + (f" ({finding.operation})" if finding.operation else "")


def _fingerprint(finding: Finding) -> str:
    """Name the root cause alike in every run: neither values nor places in lists are in it."""
    named = [step for step in pointer.parse(finding.at) if not step.isdigit()]
    cause = "\n".join([finding.clause, finding.keyword or "", *named[-_TELLING:]])
    return hashlib.sha256(cause.encode(errors="backslashreplace")).hexdigest()[:32]


def _location(finding: Finding) -> dict[str, Any]:
    logical = {"fullyQualifiedName": printable(finding.operation or finding.clause)}
    location: dict[str, Any] = {"logicalLocations": [{**logical, "kind": "function"}]}
    if finding.spec:
        location["physicalLocation"] = _physical(finding.spec)
    return location


def _physical(place: SpecPlace) -> dict[str, Any]:
    return {
        "artifactLocation": {"uri": quote(place.file)},
        "region": {"startLine": place.line, "startColumn": place.column},
    }


def _exchange(report: CampaignReport, exchange: Exchange) -> dict[str, Any]:
    request, response = exchange.request, exchange.response
    sent = {
        "method": request.method,
        "target": report.url.rstrip("/") + address(request),
        "headers": sent_headers(request),
    }
    raw = sent_bytes(request)
    if raw:
        sent["body"] = {"text": as_text(raw[:_LONGEST_BODY])}
    if not response.status:
        return {"webRequest": sent, "webResponse": {"noResponseReceived": True}}
    answered = {"statusCode": response.status, "headers": dict(response.headers)}
    if response.raw:
        answered["body"] = {"text": as_text(response.raw[:_LONGEST_BODY])}
    return {"webRequest": sent, "webResponse": answered}
