"""What does not count in a campaign's verdict: what a baseline knows, and what was left out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from orderspec.campaigns import CampaignReport, LeftOut, verdict_of
from orderspec.findings import Finding
from orderspec.fuzz.baseline import Baseline, could_see, entries_of


def excused(
    report: CampaignReport,
    left_out: Sequence[LeftOut],
    baseline: Baseline | None,
    today: date,
) -> CampaignReport:
    """Take out of a report's findings what does not count, tell of it, and judge the rest.

    Args:
        report: a campaign's report.
        left_out: clauses to leave out; those whose last day is over count again.
        baseline: known findings, or None.
        today: the day to hold against the last days.
    """
    valid = [one for one in left_out if one.until >= today]
    over = [one for one in left_out if one.until < today]
    counting, known, outside = [], [], []
    for whole, proof in zip(report.findings, report.proofs, strict=True):
        finding = _rest(whole, valid)
        if finding is None:
            outside.append(whole)
        elif baseline is not None and baseline.holds(finding):
            known.append(finding)
        else:
            counting.append((finding, proof))
    shown = tuple(
        replace(one, findings=tuple(f for f in outside if _covering(f.clause, valid) is one))
        for one in valid
    )
    counted = replace(
        report,
        findings=tuple(finding for finding, _ in counting),
        proofs=tuple(proof for _, proof in counting),
        known=tuple(known),
        left_out=shown,
        clauses=tuple(
            replace(result, reason=f"left out: {one.reason}")
            if (one := _covering(result.clause.id, valid))
            else result
            for result in report.clauses
        ),
        notes=(*_on_left_out(shown, over), *_on_known(report, baseline), *report.notes),
    )
    return replace(counted, verdict=verdict_of(counted))


def _rest(finding: Finding, left_out: Sequence[LeftOut]) -> Finding | None:
    """Give what of a finding is not left out: it may break several clauses by one cause."""
    broken = (finding.clause, *finding.also)
    counting = [clause for clause in broken if _covering(clause, left_out) is None]
    if not counting:
        return None
    return replace(finding, clause=counting[0], also=tuple(counting[1:]))


def _covering(clause: str, left_out: Sequence[LeftOut]) -> LeftOut | None:
    return next((one for one in left_out if one.covers(clause)), None)


def _on_left_out(shown: Sequence[LeftOut], over: Sequence[LeftOut]) -> Iterator[str]:
    for one in shown:
        found = f", with {_counted(len(one.findings))}" if one.findings else ""
        yield f"Left out until {one.until}{found}: {one.clause} ({one.reason})"
    for one in over:
        yield f"Counts again, since {one.until} is over: {one.clause} ({one.reason})"


def _on_known(report: CampaignReport, baseline: Baseline | None) -> Iterator[str]:
    if baseline is None:
        return
    seen = {one.key for finding in report.findings for one in entries_of(finding)}
    for one in baseline.known:
        if one.key in seen:
            yield f"Known by the baseline: {one}" + (f" ({one.note})" if one.note else "")
        elif could_see(report, one):
            yield f"In the baseline, but seen no more: {one}. Fixed? Then take it out."


def _counted(number: int) -> str:
    return f"{number} finding" if number == 1 else f"{number} findings"
