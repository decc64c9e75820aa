"""What came of a campaign: frozen values that `fuzz` fills, and `report` and `score` read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from orderspec.exchange import Exchange
from orderspec.findings import Clause, Finding, Severity, SpecPlace, Verdict


@dataclass(frozen=True, slots=True)
class Recorded:
    """One exchange of a campaign, as it went over the wire; status 0 stands for no answer.

    Attributes:
        number: which request of the campaign it was, 1-based.
        exchange: the request, its credentials apart, and the response.
        started: seconds since the epoch.
        seconds: how long the answer took.
        step: the part of the campaign that sent it.
    """

    number: int
    exchange: Exchange
    started: float
    seconds: float
    step: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What a finding rests on.

    Attributes:
        exchanges: the final request and its answer; for a clause between two exchanges, both.
        in_request: whether the place of the finding is one in the request's body, as it is where a
            server accepted what it must refuse, and not in the answer's.
        tried: how often the finding was sent again alone, and
        shown: how often it showed.
        asked: digest of what the request asks for, its keys apart; empty where it has no body.
    """

    exchanges: tuple[Exchange, ...] = ()
    in_request: bool = False
    tried: int = 0
    shown: int = 0
    asked: str = ""


@dataclass(frozen=True, slots=True)
class ClauseResult:
    """One clause after a campaign; `status` is pass, fail or not-exercised.

    Attributes:
        operation: id of the operation that the clause binds, or empty where it binds several.
        spec: where it stands in the files of the contract.
        is_gap: whether it was never put to the test, although this server should have let us.
    """

    clause: Clause
    exercised: int
    violations: int
    status: str
    reason: str = ""
    operation: str = ""
    spec: SpecPlace | None = None
    is_gap: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Clauses that somebody chose to leave out of the verdict.

    Attributes:
        clause: the id of a clause, or the beginning of some, ending in ``.*``.
        reason: why, in words.
        until: the last day of it.
        findings: what a campaign found of them.
    """

    clause: str
    reason: str
    until: date
    findings: tuple[Finding, ...] = ()

    def covers(self, clause: str) -> bool:
        """Tell whether a clause is one of them."""
        if self.clause.endswith(".*"):
            return clause.startswith(self.clause[:-1])
        return clause == self.clause


@dataclass(frozen=True, slots=True)
class CampaignReport:
    """A campaign, told.

    Attributes:
        provider: the contract's name.
        url: base address of the deployment.
        seed: the seed.
        verdict: what came of it.
        requests: number of requests sent.
        responses: class of status to number.
        seconds: how long it took.
        clauses: every clause.
        findings: one for each clause and root cause.
        valid: requests that the contract allows, and
        accepted: how many of them got a success.
        proofs: what each finding rests on, in the order of the findings.
        first_finding: number of requests when the first finding was seen (of severity error,
            where there is one), or None.
        seconds_to_first: seconds until then, or None.
        notes: what kept the campaign from saying more, and what to supply.
        stopped: why it ended early, or an empty string.
        recorded: every exchange, where the campaign was asked to keep them.
        defects: checks that could not be done.
        known: what a baseline held already; it stands not among the findings.
        left_out: clauses that do not count; what was found of them stands not among the findings.
    """

    provider: str
    url: str
    seed: int
    verdict: Verdict
    requests: int
    responses: Mapping[str, int]
    seconds: float
    clauses: tuple[ClauseResult, ...]
    findings: tuple[Finding, ...]
    valid: int
    accepted: int
    proofs: tuple[Proof, ...] = ()
    first_finding: int | None = None
    seconds_to_first: float | None = None
    notes: tuple[str, ...] = ()
    stopped: str = ""
    recorded: tuple[Recorded, ...] = field(default=(), repr=False)
    defects: tuple[str, ...] = ()
    known: tuple[Finding, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def excused(self) -> int:
        """Count the findings of left out clauses."""
        return sum(len(one.findings) for one in self.left_out)


def verdict_words(verdict: Verdict, known: int, excused: int) -> str:
    """Say a verdict in words: a server of which something wrong is known does not conform.

    Args:
        verdict: the verdict.
        known: how many findings a baseline held already.
        excused: how many findings of left out clauses there are.
    """
    if verdict is Verdict.CONFORMS and known + excused:
        return "no new findings"
    return str(verdict)


def verdict_of(report: CampaignReport) -> Verdict:
    """Say what came of a campaign; what is known or left out does not count."""
    if any(finding.severity is Severity.ERROR for finding in report.findings):
        return Verdict.VIOLATIONS
    is_gap = any(
        result.is_gap and not any(one.covers(result.clause.id) for one in report.left_out)
        for result in report.clauses
    )
    nothing_accepted = report.valid > 0 and not report.accepted
    if nothing_accepted or is_gap or report.defects:
        return Verdict.INCONCLUSIVE
    return Verdict.CONFORMS
