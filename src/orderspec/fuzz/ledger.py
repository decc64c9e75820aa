"""What a campaign has seen: per clause how often, and one group of findings per root cause."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from orderspec import pointer
from orderspec.contract.model import Link
from orderspec.exchange import Exchange
from orderspec.findings import Clause, ClauseKind, Finding, Level, Severity
from orderspec.fuzz.cases import Case
from orderspec.fuzz.checked import Checked

NO_ANSWER = "no-answer"
_TELLING = 2
_OVERLOOKED = (".refuses", ".security")
_COMPONENTS = "/components/schemas/"


@dataclass(frozen=True, slots=True)
class Key:
    """What findings of one root cause share.

    Attributes:
        clause: a clause, what the clauses of several operations end in, or a place of the contract.
        keyword: the keyword that was broken, or what a request was sent with.
        place: the member that it is about.
    """

    clause: str
    keyword: str
    place: str


@dataclass(slots=True)
class Group:
    """All findings of one root cause: the first with its proof, and the count.

    Attributes:
        finding: the first one, later the one on the final request.
        case: the case that showed it.
        first: for a link, the exchange that it started from.
        link: the link.
        at_request: number of requests when it was first seen.
        count: how often it was seen.
        seed: the seed of the campaign that saw it.
        clauses: each clause that it broke, to the operation whose answer broke it first.
        tried: how often it was sent again alone, and
        shown: how often it showed.
        again: for what only a whole sequence of requests shows: goes through it again.
        at_second: seconds since the campaign began when it was first seen.
    """

    finding: Finding
    case: Case
    exchange: Exchange
    first: Exchange | None
    link: Link | None
    at_request: int
    count: int = 1
    seed: int = 1
    clauses: dict[str, str] = field(default_factory=dict)
    tried: int = 0
    shown: int = 0
    again: Callable[[], Checked] | None = None
    at_second: float = 0.0

    def join(self, other: "Group") -> None:
        """Take in what another process saw of the same cause; keep what is proven best."""
        self.clauses = {**self.clauses, **other.clauses}
        if (other.shown, -other.tried) > (self.shown, -self.tried):
            self.finding, self.case, self.exchange = other.finding, other.case, other.exchange
            self.first, self.link, self.seed = other.first, other.link, other.seed
            self.tried, self.shown = other.tried, other.shown
        self.count += other.count
        self.at_request = min(self.at_request, other.at_request)
        self.at_second = min(self.at_second, other.at_second)


@dataclass(slots=True)
class Ledger:
    """Counts and groups of one campaign."""

    clauses: Mapping[str, Clause]
    seed: int = 1
    exercised: Counter[str] = field(default_factory=Counter)
    violations: Counter[str] = field(default_factory=Counter)
    absent: set[str] = field(default_factory=set)
    defects: set[str] = field(default_factory=set)
    groups: dict[Key, Group] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)

    def enter(
        self,
        checked: Checked,
        case: Case,
        exchange: Exchange,
        *,
        requests: int,
        origin: tuple[Exchange, Link] | None = None,
    ) -> None:
        """Enter what came of one exchange; `origin` is where a followed link started."""
        first, link = origin or (None, None)
        self.exercised += checked.exercised
        self.absent |= checked.absent
        self.defects |= checked.defects
        broken = set()
        causes = _causes(checked.findings)
        for finding in checked.findings:
            broken.add(finding.clause)
            cause = causes.get(finding.at, finding)
            group = self.groups.get(key_of(cause))
            if group is None:
                group = Group(cause, case, exchange, first, link, requests, 0, self.seed)
                group.at_second = time.monotonic() - self.started
                self.groups[key_of(cause)] = group
            group.count += cause is finding
            group.clauses.setdefault(finding.clause, finding.operation or case.operation)
        for clause in broken:
            self.violations[clause] += 1

    def repeat_by(self, checked: Checked, again: Callable[[], Checked]) -> None:
        """Say how to go through a sequence again, where no one request shows what it found."""
        for finding in checked.findings:
            if key_of(finding) in self.groups:
                self.groups[key_of(finding)].again = again

    def join(self, other: "Ledger") -> None:
        """Take in the ledger of another process."""
        self.exercised += other.exercised
        self.violations += other.violations
        self.absent |= other.absent
        self.defects |= other.defects
        for key, group in other.groups.items():
            if key in self.groups:
                self.groups[key].join(group)
            else:
                self.groups[key] = group

    def unexercised(self) -> list[Clause]:
        """List the clauses that were never put to the test."""
        return [clause for clause in self.clauses.values() if not self.exercised[clause.id]]

    def unreached(self) -> list[Clause]:
        """List those of them that this server should have let us test.

        Not what it never sent, nor a rule that is but our reading.
        """
        return [
            clause
            for clause in self.unexercised()
            if clause.id not in self.absent and not _is_reading(clause)
        ]


def _is_reading(clause: Clause) -> bool:
    is_rule = clause.kind in (ClauseKind.RULE, ClauseKind.LINK)
    return is_rule and clause.evidence is not None and clause.evidence.level is Level.INFERRED


def _causes(findings: Iterable[Finding]) -> dict[str, Finding]:
    """Find the values of a wrong type in an answer: what else is wrong at their places follows."""
    causes: dict[str, Finding] = {}
    for finding in findings:
        is_cause = finding.keyword == "type" and finding.severity is Severity.ERROR
        if is_cause and finding.at and finding.where and not finding.clause.endswith(_OVERLOOKED):
            causes.setdefault(finding.at, finding)
    return causes


def key_of(finding: Finding) -> Key:
    """Find the root cause of a finding.

    Operations share schemas, and servers share code: what breaks the same keyword of the same
    schema for the same member is one cause, whichever answer shows it, and so is a keyword that is
    overlooked in requests, or a wrong credential that is let in. Else a cause is its clause and
    the end of its place, since the same order stands in many answers at another place each time.
    """
    keyword = finding.keyword or ""
    for shared in _OVERLOOKED:
        if finding.clause.endswith(shared):
            return Key(shared, keyword, "")
    named = [step for step in pointer.parse(finding.at) if not step.isdigit()]
    if keyword and finding.where and finding.where.startswith(_COMPONENTS):
        member = str(finding.expected) if keyword == "required" else "".join(named[-1:])
        return Key(finding.where, keyword, member)
    return Key(finding.clause, keyword, pointer.join(named[-_TELLING:]))
