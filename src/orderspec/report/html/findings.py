"""The findings of a campaign, each with what it rests on."""

from collections.abc import Iterator, Mapping, Sequence

from orderspec.campaigns import CampaignReport, Proof
from orderspec.findings import Finding
from orderspec.report.campaign import proof_text, same_requests
from orderspec.report.console import place_text, source_text
from orderspec.report.html.exchanges import exchanges
from orderspec.report.html.markup import linked, place_in, text
from orderspec.report.text import told

_LONGEST_COMMAND = 4_000
# Those after the first few open by a click, and those after many show no exchanges: a page stays
# readable, and its size bounded. The JSON beside it has them all.
_OPEN, _WITH_EXCHANGES = 5, 60


def findings_section(
    report: CampaignReport,
    findings: Sequence[tuple[Finding, Proof]],
    titles: Mapping[str, str],
    contract: str,
) -> Iterator[str]:
    """Write the section.

    Args:
        report: the campaign.
        findings: its findings and their proofs, in the order to show them.
        titles: the id of each source to its title.
        contract: the address of a page on which each clause has a place; empty where none is.
    """
    kinds = {result.clause.id: str(result.clause.kind) for result in report.clauses}
    yield f'<section id="findings"><h2>Findings ({len(findings)})</h2>'
    if not findings:
        yield "<p>None.</p>"
    same = same_requests(findings)
    for index, pair in enumerate(findings):
        kind = kinds.get(pair[0].clause, "")
        address = place_in(contract, pair[0].clause) if contract and kind else ""
        yield from _finding(
            index, pair, kind=kind, titles=titles, same=same.get(index + 1), address=address
        )
    yield '<p class="none soft" hidden>No finding is left by the filter.</p></section>'


def _finding(  # noqa: PLR0913 (all that the page knows of one)
    index: int,
    pair: tuple[Finding, Proof],
    *,
    kind: str,
    titles: Mapping[str, str],
    same: int | None,
    address: str,
) -> Iterator[str]:
    finding, proof = pair
    name, clause = f"finding-{index + 1}", text(finding.clause)
    yield (
        f'<article id="{name}" tabindex="-1" data-clause="{clause}" data-status="fail" '
        f'data-severity="{finding.severity}" data-kind="{kind or "schema"}">'
    )
    yield (
        f'<h3><a class="number" href="#{name}" aria-label="Finding {index + 1}">{index + 1}</a> '
        f'<span class="tag {finding.severity}">{finding.severity}</span> '
        f"{text(finding.message)}</h3>"
    )
    link = f' href="#{clause}"' if kind else ""
    yield f'<p class="of"><a class="clause"{link}>{clause}</a>'
    yield from (f" <span>{text(part)}</span>" for part in _about(finding, proof))
    if same is not None:
        yield f' <span>request as of <a href="#finding-{same}">finding {same}</a>: there may be '
        yield "one cause</span>"
    yield "</p><dl>"
    for label, value in _facts(finding, titles):
        yield f"<dt>{label}</dt><dd>{value}</dd>"
    if address:
        yield f'<dt>docs</dt><dd><a href="{address}">what the contract says of it</a></dd>'
    yield "</dl>"
    if proof.exchanges and index < _WITH_EXCHANGES:
        yield from exchanges(proof, finding.at, is_open=index < _OPEN)
    if finding.curl:
        yield from _command(finding.curl)
    yield "</article>"


def _about(finding: Finding, proof: Proof) -> Iterator[str]:
    if finding.operation:
        yield finding.operation
    if finding.count:
        yield "seen once" if finding.count == 1 else f"seen {finding.count} times"
    if proof.exchanges:
        yield proof_text(proof)


def _facts(finding: Finding, titles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Give labels and their markup."""
    if finding.expected is not None:
        yield "expected", f'<code class="good">{text(told(finding.expected))}</code>'
    if finding.got is not None:
        yield "got", f'<code class="bad">{text(told(finding.got))}</code>'
    keyword = f" ({finding.keyword})" if finding.keyword else ""
    yield "at", f"<code>{text(finding.at or 'the whole body')}</code>{text(keyword)}"
    if finding.also:
        named = (f"<code>{text(clause)}</code>" for clause in finding.also)
        yield "also breaks", ", ".join(named)
    if finding.evidence:
        yield "source", linked(source_text(finding.evidence, titles))
        if finding.evidence.note:
            yield "note", text(finding.evidence.note)
    if finding.spec:
        yield "spec", f"<code>{text(place_text(finding.spec))}</code>"


def _command(curl: str) -> Iterator[str]:
    """Write the command line; one that is cut cannot be run, so it cannot be copied either."""
    whole = len(curl) <= _LONGEST_COMMAND
    yield '<div class="repeat"><p>Repeat it'
    yield (
        ' <button type="button" class="copy" hidden>Copy</button></p>'
        if whole
        else " (cut here: the JSON beside this page has all of it)</p>"
    )
    yield f'<pre tabindex="0">{text(curl, _LONGEST_COMMAND)}</pre></div>'
