"""A campaign as a page of text: findings with their proof, the clauses, and the verdict last."""

from collections.abc import Iterator, Mapping

from orderspec.campaigns import CampaignReport, ClauseResult, Proof, verdict_words
from orderspec.exchange import Exchange
from orderspec.findings import Finding, Severity, Verdict
from orderspec.report.campaign import aside_text, by_weight, proof_text, same_requests
from orderspec.report.console import finding_text
from orderspec.report.exchanges import answer_line, request_line
from orderspec.report.text import printable

_COLOURS = {Verdict.CONFORMS: "\x1b[1;32m", Verdict.VIOLATIONS: "\x1b[1;31m"}
_UNSURE, _RESET = "\x1b[1;33m", "\x1b[0m"


def campaign_text(
    report: CampaignReport, titles: Mapping[str, str], *, colour: bool = False
) -> str:
    """Write the summary.

    Args:
        report: the campaign.
        titles: the id of each source to its title.
        colour: use the terminal's colours.

    Returns:
        Lines, each with its line break. Whatever a server sent is escaped and cut.
    """
    return "".join(f"{line}\n" for line in _lines(report, titles, colour=colour))


def finding_block(
    finding: Finding, proof: Proof, titles: Mapping[str, str], *, colour: bool = False
) -> str:
    """Write one finding with what it rests on, without a line break at its end."""
    return "\n".join(_finding(finding, proof, titles, colour=colour))


def _lines(report: CampaignReport, titles: Mapping[str, str], *, colour: bool) -> Iterator[str]:
    yield f"{report.provider} at {report.url}, seed {report.seed}"
    yield ""
    findings = by_weight(report)
    same = same_requests(findings)
    for number, (finding, proof) in enumerate(findings, start=1):
        yield finding_block(finding, proof, titles, colour=colour)
        if number in same:
            yield f"    request   as of finding {same[number]}: there may be one cause"
        yield ""
    yield from _clauses(report)
    yield ""
    classes = ", ".join(f"{number} {name}" for name, number in report.responses.items())
    yield f"{report.requests} requests in {report.seconds:.1f} s: {classes}"
    if report.valid:
        share = report.accepted / report.valid
        yield f"{report.accepted} of {report.valid} valid requests accepted ({share:.0%})"
    yield from map(printable, report.notes)
    if len(report.findings) > 1:
        for number, (finding, _) in enumerate(by_weight(report), start=1):
            yield f"{number:4}. {printable(finding.message)} [{printable(finding.clause)}]"
    yield _verdict(report, colour=colour)


def _finding(
    finding: Finding, proof: Proof, titles: Mapping[str, str], *, colour: bool
) -> Iterator[str]:
    exchanges = tuple(_exchanges(finding, proof))
    yield finding_text(finding, titles, colour=colour, proof=exchanges).rstrip("\n")
    if finding.operation:
        seen = f", seen {finding.count} times" if finding.count and finding.count > 1 else ""
        yield f"    operation {printable(finding.operation)}{seen}"
    if proof.tried:
        yield f"    proof     {proof_text(proof)}"
    if finding.curl:
        yield f"    repeat    {printable(finding.curl)}"


def _exchanges(finding: Finding, proof: Proof) -> Iterator[tuple[str, str]]:
    *earlier, last = proof.exchanges or (None,)
    for exchange in earlier:
        if exchange is not None:
            yield from _exchange("first", exchange, "")
    if last is not None:
        label = "next" if earlier else "sent"
        yield from _exchange(label, last, "" if proof.in_request else finding.at)


def _exchange(label: str, exchange: Exchange, at: str) -> Iterator[tuple[str, str]]:
    yield label, request_line(exchange.request)
    yield "answer", answer_line(exchange.response, at)


def _clauses(report: CampaignReport) -> Iterator[str]:
    """List the clauses that something is to be said of, and count the others."""
    passed = sum(result.status == "pass" for result in report.clauses)
    listed = [result for result in report.clauses if result.status != "pass"]
    if listed:
        yield f"{'':4}  {'times':>6}  clause"
    failed = {clause for one in report.findings for clause in (one.clause, *one.also)}
    yield from (_clause(result, is_aside=result.clause.id not in failed) for result in listed)
    clauses = "clauses" if passed != 1 else "clause"
    others = "other " if listed else ""
    yield f"{passed} {others}{clauses} held each time; the JSON form lists all"


def _clause(result: ClauseResult, *, is_aside: bool) -> str:
    if result.status == "not-exercised":
        reason = f": {result.reason}" if result.reason else ""
        return f"{'':4}  {'':>6}  {printable(result.clause.id)}  not exercised{reason}"
    exchanges = "exchanges" if result.violations != 1 else "exchange"
    times = f"broken in {result.violations} {exchanges}"
    mark, why = ("    ", ", which is set aside") if is_aside else ("FAIL", "")
    return f"{mark}  {result.exercised:>6}  {printable(result.clause.id)}  {times}{why}"


def _verdict(report: CampaignReport, *, colour: bool) -> str:
    errors = sum(finding.severity is Severity.ERROR for finding in report.findings)
    warnings = len(report.findings) - errors
    exercised = sum(result.exercised > 0 for result in report.clauses)
    word = verdict_words(report.verdict, len(report.known), report.excused)
    if colour:
        word = f"{_COLOURS.get(report.verdict, _UNSURE)}{word}{_RESET}"
    aside = aside_text(report)
    counts = f"{errors} errors, {warnings} warnings" + (f", {aside}" if aside else "")
    return f"Verdict: {word} ({counts}, {exercised} of {len(report.clauses)} clauses exercised)"
