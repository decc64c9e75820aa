"""The page of a campaign: its verdict, what to supply, findings, coverage and clauses."""

from collections.abc import Iterator, Mapping

from orderspec.campaigns import CampaignReport, verdict_words
from orderspec.findings import ClauseKind, Verdict
from orderspec.report.campaign import aside_text, by_weight
from orderspec.report.html.clauses import clauses_section
from orderspec.report.html.findings import findings_section
from orderspec.report.html.markup import asset, head, text
from orderspec.report.html.picture import picture_section

_MEANING = {
    Verdict.CONFORMS: "Every clause that applies was put to the test, and none was broken.",
    Verdict.VIOLATIONS: "The server breaks what its documents promise.",
    Verdict.INCONCLUSIVE: "Too little was exercised to say: see below what to supply.",
}


def campaign_page(report: CampaignReport, titles: Mapping[str, str], contract: str = "") -> str:
    """Write the page.

    Args:
        report: the campaign.
        titles: the id of each source to its title.
        contract: the address of a page on which each clause has a place; empty where none is.

    Returns:
        HTML that needs nothing from elsewhere. Whatever a server sent is escaped.
    """
    return "\n".join(_page(report, titles, contract)) + "\n"


def _page(report: CampaignReport, titles: Mapping[str, str], contract: str) -> Iterator[str]:
    script = asset("script.js")
    words = verdict_words(report.verdict, len(report.known), report.excused)
    yield head(f"{report.provider}: {words}", asset("style.css"), script)
    yield '<body>\n<a class="skip" href="#findings">To the findings</a>'
    yield from _header(report)
    yield from _tools(report)
    yield "<main>"
    findings = by_weight(report)
    yield from findings_section(report, findings, titles, contract)
    yield from _set_aside(report)
    yield from picture_section(report)
    yield from clauses_section(report, [finding for finding, _ in findings], contract)
    yield f"</main>\n<script>{script}</script>\n</body>\n</html>"


def _header(report: CampaignReport) -> Iterator[str]:
    exercised = sum(result.exercised > 0 for result in report.clauses)
    classes = ", ".join(f"{number} {name}" for name, number in report.responses.items())
    yield '<header>\n<button type="button" id="theme" hidden>Colours: system</button>'
    yield f"<h1>{text(report.provider)}: "
    words = verdict_words(report.verdict, len(report.known), report.excused)
    yield f'<span class="{report.verdict}">{words}</span></h1>'
    yield f'<p class="lead">{_meaning(report)}</p>'
    yield f'<p class="soft">{text(report.url)}, seed {report.seed}. '
    yield f"{report.requests} requests in {report.seconds:.1f} s: {text(classes)}. "
    yield f"{exercised} of {len(report.clauses)} clauses exercised. "
    yield f"{report.accepted} of {report.valid} valid requests accepted.</p>"
    if report.notes:
        yield '<ul class="notes">'
        yield from (f"<li>{text(note)}</li>" for note in report.notes)
        yield "</ul>"
    yield "</header>"


def _meaning(report: CampaignReport) -> str:
    if report.verdict is Verdict.CONFORMS and (report.known or report.excused):
        return f"Nothing but what is known or left out is broken: {aside_text(report)}."
    return _MEANING[report.verdict]


def _tools(report: CampaignReport) -> Iterator[str]:
    """Write the filters; the script shows them, since without it they would do nothing."""
    kinds = [kind for kind in ClauseKind if any(one.clause.kind is kind for one in report.clauses)]
    yield '<form id="tools" role="search" aria-label="Filter findings and clauses" hidden>'
    yield '<label class="wide">Filter <input id="words" type="search" '
    yield 'placeholder="clause, words, operation" aria-keyshortcuts="/"></label>'
    yield from _choice("severity", ["error", "warning"])
    yield from _choice("kind", [str(kind) for kind in kinds])
    yield from _choice("status", ["pass", "fail", "not-exercised"])
    yield '<p class="soft"><output id="counts" aria-live="polite"></output> '
    yield "<span class=keys>Keys: <kbd>/</kbd> filter, <kbd>j</kbd> <kbd>k</kbd> next and "
    yield "previous finding</span></p></form>"


def _choice(name: str, values: list[str]) -> Iterator[str]:
    yield f'<label>{name.capitalize()} <select id="{name}"><option value="">any</option>'
    for value in values:
        yield f'<option value="{value}">{value.replace("-", " ")}</option>'
    yield "</select></label>"


def _set_aside(report: CampaignReport) -> Iterator[str]:
    """Tell what was found and does not count."""
    if not report.known and not report.left_out:
        return
    yield '<section id="aside"><h2>Set aside</h2><ul>'
    for finding in report.known:
        yield f"<li>Known: {text(finding.message)} <code>{text(finding.clause)}</code></li>"
    for one in report.left_out:
        yield f"<li>Left out until {one.until.isoformat()}: <code>{text(one.clause)}</code>, "
        yield f"{text(one.reason)} ({len(one.findings)} findings)</li>"
    yield "</ul></section>"
