"""A campaign as JUnit XML: a test case for each clause."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from orderspec.campaigns import CampaignReport, ClauseResult, Proof
from orderspec.findings import Finding, Severity
from orderspec.report.campaign import by_weight
from orderspec.report.campaign_text import finding_block
from orderspec.report.text import printable

Proven = Sequence[tuple[Finding, Proof]]


def campaign_junit(report: CampaignReport, titles: Mapping[str, str]) -> str:
    """Write JUnit XML.

    A clause that an error breaks fails, all its findings in one `failure`, since readers show only
    one; warnings are `system-out`. What was not exercised, what a baseline holds and what was left
    out is skipped, with the reason.

    Args:
        report: the campaign.
        titles: the id of each source to its title.
    """
    findings: dict[str, list[tuple[Finding, Proof]]] = defaultdict(list)
    for finding, proof in by_weight(report):
        for clause in (finding.clause, *finding.also):
            findings[clause].append((finding, proof))
    aside = dict(_aside(report))
    cases = [
        _case(report, one, findings.pop(one.clause.id, []), titles, aside) for one in report.clauses
    ]
    cases += [
        _element(report, clause, "", "", _outcome(held, titles))
        for clause, held in findings.items()
    ]
    counts = {
        "tests": len(cases),
        "failures": sum("<failure " in case for case in cases),
        "errors": 0,
        "skipped": sum("<skipped " in case for case in cases),
        "time": f"{report.seconds:.2f}",
    }
    attributes = "".join(f" {name}={quoteattr(str(count))}" for name, count in counts.items())
    facts = {"url": report.url, "seed": report.seed, "verdict": str(report.verdict)}
    properties = "".join(
        f"<property name={_attribute(name)} value={_attribute(str(value))}/>\n"
        for name, value in facts.items()
    )
    notes = "".join(f"{escape(printable(note))}\n" for note in report.notes)
    return "".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>\n',
            f"<testsuites{attributes}>\n",
            f"<testsuite name={_attribute(f'orderspec fuzz {report.provider}')}{attributes}>\n",
            f"<properties>\n{properties}</properties>\n",
            *cases,
            f"<system-out>{notes}</system-out>\n" if notes else "",
            "</testsuite>\n</testsuites>\n",
        ]
    )


def _case(
    report: CampaignReport,
    result: ClauseResult,
    findings: Proven,
    titles: Mapping[str, str],
    aside: Mapping[str, str],
) -> str:
    place = ""
    if result.spec:
        place = f' file={_attribute(result.spec.file)} line="{result.spec.line}"'
    body = _outcome(findings, titles)
    if result.status == "not-exercised":
        reason = result.reason or "no exchange put it to the test"
        body += _skipped(f"not exercised: {reason}")
    elif not findings and result.clause.id in aside:
        body += _skipped(aside[result.clause.id])
    return _element(report, result.clause.id, str(result.clause.kind), place, body)


def _aside(report: CampaignReport) -> Iterator[tuple[str, str]]:
    """Give each clause that something broke which does not count, and why it does not."""
    for finding in report.known:
        for clause in (finding.clause, *finding.also):
            yield clause, f"known: {finding.message}"
    for left_out in report.left_out:
        for finding in left_out.findings:
            yield finding.clause, f"left out: {left_out.reason}"


def _skipped(reason: str) -> str:
    return f"<skipped message={_attribute(reason)}/>\n"


def _outcome(findings: Proven, titles: Mapping[str, str]) -> str:
    """Write a failure for the errors, and an output for the warnings."""
    errors = [pair for pair in findings if pair[0].severity is Severity.ERROR]
    warnings = [pair for pair in findings if pair[0].severity is Severity.WARNING]
    body = ""
    if errors:
        finding = errors[0][0]
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        message = _attribute(f"{finding.message}{more}")
        body += f"<failure type={_attribute(finding.clause)} message={message}>"
        body += f"{_blocks(errors, titles)}</failure>\n"
    if warnings:
        body += f"<system-out>{_blocks(warnings, titles)}</system-out>\n"
    return body


def _blocks(findings: Proven, titles: Mapping[str, str]) -> str:
    return escape("\n\n".join(finding_block(*pair, titles) for pair in findings))


def _element(report: CampaignReport, name: str, kind: str, place: str, body: str) -> str:
    group = ".".join(part for part in ("orderspec", report.provider, kind) if part)
    head = f"<testcase name={_attribute(name)} classname={_attribute(group)}{place}"
    return f"{head}>\n{body}</testcase>\n" if body else f"{head}/>\n"


def _attribute(text: str) -> str:
    return quoteattr(printable(text))
