"""A campaign as one page of HTML that needs nothing else: no network, no script."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from orderspec import exact_json
from orderspec.findings import CampaignReport, ClauseResult, Finding, Severity
from orderspec.report.text import cut, printable

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2024; --soft: #60646c; --line: #d9dbe0;
  --paper: #fff; --good: #18794e; --bad: #c62a2f; --warn: #946800; }
@media (prefers-color-scheme: dark) { :root { --ink: #edeef0; --soft: #b0b4ba; --line: #363a3f;
  --paper: #111113; --good: #3dd68c; --bad: #ff9592; --warn: #ffca16; } }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1.25rem 4rem; color: var(--ink);
  background: var(--paper); font: 16px/1.55 system-ui, sans-serif; }
h1 { font-size: 1.7rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
p { margin: .3rem 0; } .soft { color: var(--soft); } .num { text-align: right; }
.conforms, .pass { color: var(--good); } .violations, .fail, .error { color: var(--bad); }
.inconclusive, .warning { color: var(--warn); }
article { border-top: 1px solid var(--line); padding: 1rem 0; }
article h3 { margin: 0 0 .4rem; font-size: 1rem; }
dl { display: grid; grid-template-columns: 6rem 1fr; gap: .15rem 1rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
code, pre { font: .87em/1.5 ui-monospace, monospace; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; }
th, td { border-top: 1px solid var(--line); padding: .3rem .6rem .3rem 0; text-align: left;
  vertical-align: top; } th { color: var(--soft); font-weight: normal; }
td code { overflow-wrap: anywhere; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dt { margin-top: .4rem; } }
"""


def campaign_page(report: CampaignReport, titles: Mapping[str, str]) -> str:
    """Write the page.

    Args:
        report: the campaign.
        titles: the id of each source to its title.

    Returns:
        HTML. Whatever a server sent is escaped.
    """
    return "\n".join(_page(report, titles)) + "\n"


def _page(report: CampaignReport, titles: Mapping[str, str]) -> Iterator[str]:
    title = f"{report.provider}: {report.verdict}"
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{_text(title)}</title><style>{_STYLE}</style></head><body>"
    yield from _head(report)
    yield "<main>"
    yield f"<h2>Findings ({len(report.findings)})</h2>"
    if not report.findings:
        yield "<p>None.</p>"
    for finding in sorted(report.findings, key=_weight):
        yield from _finding(finding, titles)
    yield f"<h2>Clauses ({len(report.clauses)})</h2>"
    yield '<table><thead><tr><th scope="col">Clause</th><th scope="col">Promise</th>'
    yield '<th scope="col">Kind</th><th scope="col" class="num">Times</th>'
    yield '<th scope="col">Outcome</th></tr></thead><tbody>'
    for result in report.clauses:
        yield _clause(result)
    yield "</tbody></table></main></body></html>"


def _head(report: CampaignReport) -> Iterator[str]:
    exercised = sum(result.exercised > 0 for result in report.clauses)
    classes = ", ".join(f"{number} {name}" for name, number in report.responses.items())
    yield f"<header><h1>{_text(report.provider)}: "
    yield f'<span class="{report.verdict}">{report.verdict}</span></h1>'
    yield f'<p class="soft">{_text(report.url)}, seed {report.seed}</p>'
    yield f"<p>{report.requests} requests in {report.seconds:.1f} s: {_text(classes)}. "
    yield f"{exercised} of {len(report.clauses)} clauses exercised. "
    yield f"{report.accepted} of {report.valid} valid requests accepted.</p>"
    for note in report.notes:
        yield f'<p class="soft">{_text(note)}</p>'
    yield "</header>"


def _weight(finding: Finding) -> tuple[bool, str]:
    return (finding.severity is not Severity.ERROR, finding.clause)


def _finding(finding: Finding, titles: Mapping[str, str]) -> Iterator[str]:
    yield f'<article><h3><span class="{finding.severity}">{finding.severity}</span> '
    yield f"{_text(finding.message)}</h3><dl>"
    for name, value in _facts(finding, titles):
        yield f"<dt>{name}</dt><dd><code>{_text(value)}</code></dd>"
    if finding.curl:
        yield f"<dt>repeat</dt><dd><pre>{_text(finding.curl, longest=20_000)}</pre></dd>"
    yield "</dl></article>"


def _facts(finding: Finding, titles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    named = f" ({finding.keyword})" if finding.keyword else ""
    yield "clause", finding.clause + named
    yield "at", finding.at or "the whole body"
    if finding.expected is not None:
        yield "expected", _value(finding.expected)
    if finding.got is not None:
        yield "got", _value(finding.got)
    if finding.operation:
        yield "operation", finding.operation
    if finding.count:
        yield "seen", f"{finding.count} times"
    if finding.evidence:
        title = titles.get(finding.evidence.source, finding.evidence.source)
        yield "source", f"{title} ({finding.evidence.level})"
        if finding.evidence.note:
            yield "note", finding.evidence.note


def _clause(result: ClauseResult) -> str:
    outcome = result.status.replace("-", " ")
    reason = f": {result.reason}" if result.reason and not result.exercised else ""
    return (
        f"<tr><td><code>{_text(result.clause.id)}</code></td>"
        f"<td>{_text(result.clause.summary)}</td><td>{result.clause.kind}</td>"
        f'<td class="num">{result.exercised}</td>'
        f'<td class="{result.status}">{_text(outcome + reason)}</td></tr>'
    )


def _value(value: Any) -> str:
    return value if isinstance(value, str) else exact_json.to_text(value)


def _text(text: str, longest: int = 600) -> str:
    return escape(printable(cut(text, longest)))
