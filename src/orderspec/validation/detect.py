"""Which schema is a payload of? The one that knows most of its members and faults fewest.

Every request and response schema of every contract is tried. Each error of shape, each member that
a schema does not know (an open one accepts anything; what is inside of it counts no more) and, in a
request, each member that is the server's to set counts against it. Schemas that are still level,
such as the answers of two operations, are no choice to make if all of them come to the same
findings.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from orderspec.validation.engine import Direction, Judgement, Options, schema_findings
from orderspec.validation.plan import plan_of
from orderspec.validation.target import Target
from orderspec.validation.writable import known_members

_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Score:
    """How well a schema fits a payload.

    Attributes:
        target: the schema.
        findings: findings by shape alone.
        known: members of the payload that the schema knows.
        strangers: members that it does not know, in objects of which it knows some.
    """

    target: Target
    findings: int
    known: int
    strangers: int

    @property
    def penalty(self) -> int:
        """What speaks against the schema."""
        return self.findings + self.strangers

    @property
    def fits(self) -> bool:
        """More of the payload speaks for the schema than against it."""
        return self.known > self.penalty

    def __str__(self) -> str:
        findings = {0: "no finding", 1: "1 finding"}.get(self.findings, f"{self.findings} findings")
        members = self.known + self.strangers
        return f"{self.known} of {members} members known, {findings} by shape"


@dataclass(frozen=True, slots=True)
class Choice:
    """The schema chosen, why, and what it came to."""

    target: Target
    reason: str
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Undecided:
    """Why no schema was chosen, and what to do."""

    message: str
    hint: str


def detect(payload: object, targets: Sequence[Target], options: Options) -> Choice | Undecided:
    """Choose the schema that a payload is of, and judge the payload by it.

    Args:
        payload: the value.
        targets: the schemas to choose from; the first ones win where the findings are the same.
        options: how to judge.
    """
    scores = sorted(
        (_score(target, payload) for target in targets),
        key=lambda score: (score.penalty, -score.known),
    )
    fitting = [score for score in scores if score.fits]
    if not fitting:
        return _nothing_fits(scores)
    best = fitting[0]
    level = [one for one in fitting if (one.penalty, one.known) == (best.penalty, best.known)]
    judgements = [one.target.judge(payload, options) for one in level]
    if len({_outcome(judgement) for judgement in judgements}) > 1:
        return Undecided(
            f"the payload may be of {_names(level, ' or ')}, which judge it differently",
            f"Choose one by -s, such as -s {best.target.name}.",
        )
    others = f"; {_names(level[1:], ', ')} would judge it alike" if len(level) > 1 else ""
    next_best = next((one for one in scores if one.known and one not in level), None)
    lost = f"; next is {next_best.target.name}: {next_best}" if next_best else ""
    return Choice(best.target, f"{best}{others}{lost}", judgements[0])


def _nothing_fits(scores: Sequence[Score]) -> Undecided:
    message = "no request or response schema fits the payload"
    nearest = [score for score in scores if score.known][:_SHOWN]
    if nearest:
        told = "; ".join(f"{score.target.name} ({score})" for score in nearest)
        message = f"{message}, the nearest are: {told}"
    return Undecided(message, "Choose one by -s PROVIDER/Schema; `orderspec list` names them.")


def _names(scores: Sequence[Score], separator: str) -> str:
    return separator.join(score.target.name for score in scores)


def _outcome(judgement: Judgement) -> frozenset[tuple[str, str, str]]:
    return frozenset((one.at, one.message, one.severity) for one in judgement.findings)


def _score(target: Target, payload: object) -> Score:
    known: set[tuple[str | int, ...]] = set()
    misplaced: set[tuple[str | int, ...]] = set()
    sites = plan_of(target.contract).visit(target.reference, payload)
    for site in sites:
        schema = site.node.schema
        if target.direction is Direction.REQUEST and schema.get("readOnly") is True:
            misplaced.add(site.at)
        if isinstance(site.value, dict):
            is_free = isinstance(schema.get("additionalProperties"), dict)
            names = site.value if is_free else site.value.keys() & schema.get("properties", {})
            known.update((*site.at, name) for name in names)
    errors = sum(1 for _ in schema_findings(target.contract, target.reference, payload))
    values = {site.at: site.value for site in sites}
    strangers = sum(len(values[at].keys() - names) for at, names in known_members(sites).items())
    return Score(target, errors + len(misplaced), len(known), strangers)
