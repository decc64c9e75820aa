"""A campaign's verdict as a badge: one small SVG that needs no font from elsewhere."""

from dataclasses import dataclass
from html import escape

from orderspec.campaigns import verdict_words
from orderspec.findings import Verdict
from orderspec.report.text import cut, printable

_COLOURS = {
    Verdict.CONFORMS: "#17724a",
    Verdict.VIOLATIONS: "#b3261e",
    Verdict.INCONCLUSIVE: "#7a5500",
}
_HEIGHT, _MARGIN, _PER_CHARACTER, _LONGEST = 20, 8, 6.6, 40


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a badge tells of a campaign.

    Attributes:
        verdict: what came of it.
        exercised: how many clauses were put to the test, of
        clauses: how many.
        known: how many findings a baseline held already.
        excused: how many findings of left out clauses there are.
    """

    verdict: Verdict
    exercised: int
    clauses: int
    known: int = 0
    excused: int = 0


def badge(provider: str, outcome: Outcome) -> str:
    """Write the badge.

    Args:
        provider: the contract's name.
        outcome: what came of the campaign.

    Returns:
        SVG. Its texts are stretched to their places, so that any font fits.
    """
    label = printable(cut(provider, _LONGEST))
    words = verdict_words(outcome.verdict, outcome.known, outcome.excused)
    value = f"{words} {outcome.exercised}/{outcome.clauses}"
    left, right = _width(label), _width(value)
    told = f"{words}, {outcome.exercised} of {outcome.clauses} clauses exercised"
    title = escape(f"{label}: {told}")
    colour = _COLOURS[outcome.verdict]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" '
        f'viewBox="0 0 {left + right} {_HEIGHT}" role="img" aria-label="{title}">\n'
        f"<title>{title}</title>\n"
        f'<rect width="{left + right}" height="{_HEIGHT}" rx="3" fill="{colour}"/>\n'
        f'<path d="M3 0h{left - 3}v{_HEIGHT}h-{left - 3}a3 3 0 0 1-3-3v-14a3 3 0 0 1 3-3z" '
        'fill="#3a4046"/>\n'
        '<g fill="#fff" font-family="Verdana, DejaVu Sans, sans-serif" font-size="11">\n'
        f"{_text(label, _MARGIN, left)}\n{_text(value, left + _MARGIN, right)}\n</g>\n</svg>\n"
    )


def _width(text: str) -> int:
    return round(len(text) * _PER_CHARACTER) + 2 * _MARGIN


def _text(text: str, x: int, width: int) -> str:
    return (
        f'<text x="{x}" y="14" textLength="{width - 2 * _MARGIN}" '
        f'lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
    )
