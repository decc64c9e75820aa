"""The coverage of a campaign as a picture: operations by kinds of clause, a square a clause."""

from collections.abc import Iterator, Sequence

from orderspec.campaigns import CampaignReport, ClauseResult
from orderspec.findings import ClauseKind
from orderspec.report.html.clauses import OUTCOMES
from orderspec.report.html.markup import text

_COLUMNS = {
    ClauseKind.STATUS: "Statuses",
    ClauseKind.SECURITY: "Access",
    ClauseKind.SCHEMA: "Shapes",
    ClauseKind.RULE: "Rules",
    ClauseKind.LINK: "Sequences",
}


def picture_section(report: CampaignReport) -> Iterator[str]:
    """Write the section."""
    kinds = [kind for kind in _COLUMNS if any(one.clause.kind is kind for one in report.clauses)]
    operations = dict.fromkeys(one.operation for one in report.clauses if one.operation)
    rows = [*operations, *([""] if any(not one.operation for one in report.clauses) else [])]
    yield '<section id="coverage"><h2>Coverage</h2>'
    yield '<p class="soft">A square for each clause: '
    yield '<i class="sq pass"></i> held, <i class="sq fail"></i> broken, '
    yield '<i class="sq not-exercised"></i> not exercised. The numbers: clauses put to the test of '
    yield "all, and how often together.</p>"
    yield '<div class="scroll" tabindex="0" role="region" aria-label="Coverage by operation">'
    yield '<table class="picture"><thead><tr><th scope="col">Operation</th>'
    yield from (f'<th scope="col">{_COLUMNS[kind]}</th>' for kind in kinds)
    yield "</tr></thead><tbody>"
    for operation in rows:
        yield f'<tr><th scope="row">{text(operation) or "Several operations"}</th>'
        for kind in kinds:
            held = [
                one
                for one in report.clauses
                if one.operation == operation and one.clause.kind is kind
            ]
            yield _cell(held, _COLUMNS[kind])
        yield "</tr>"
    yield "</tbody></table></div></section>"


def _cell(results: Sequence[ClauseResult], column: str) -> str:
    if not results:
        return f'<td data-label="{column}" class="empty"><span class="soft">none</span></td>'
    exercised = sum(one.exercised > 0 for one in results)
    times = sum(one.exercised for one in results)
    broken = sum(one.status == "fail" for one in results)
    told = f'<b class="fail">{broken} broken</b>, ' if broken else ""
    squares = "".join(_square(one) for one in results)
    return (
        f'<td data-label="{column}"><span class="count">{told}{exercised} of {len(results)}, '
        f'{times} times</span><span class="squares" aria-hidden="true">{squares}</span></td>'
    )


def _square(result: ClauseResult) -> str:
    """Write a square; the table of clauses says the same to who cannot see or point."""
    name = text(result.clause.id)
    title = f"{name}: {OUTCOMES[result.status]}, {result.exercised} times"
    return f'<a class="sq {result.status}" href="#{name}" tabindex="-1" title="{title}"></a>'
