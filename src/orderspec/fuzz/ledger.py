"""What a campaign has seen: per clause how often, and one group of findings per root cause."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from orderspec import pointer
from orderspec.contract.model import Link
from orderspec.exchange import Exchange
from orderspec.findings import Clause, ClauseKind, Finding, Level
from orderspec.fuzz.cases import Case
from orderspec.fuzz.checked import Checked

NO_ANSWER = "no-answer"
_TELLING = 2


@dataclass(frozen=True, slots=True)
class Key:
    """What findings of one root cause share."""

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
    """

    finding: Finding
    case: Case
    exchange: Exchange
    first: Exchange | None
    link: Link | None
    at_request: int
    count: int = 1


@dataclass(slots=True)
class Ledger:
    """Counts and groups of one campaign."""

    clauses: Mapping[str, Clause]
    exercised: Counter[str] = field(default_factory=Counter)
    violations: Counter[str] = field(default_factory=Counter)
    absent: set[str] = field(default_factory=set)
    defects: set[str] = field(default_factory=set)
    groups: dict[Key, Group] = field(default_factory=dict)

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
        for finding in checked.findings:
            broken.add(finding.clause)
            key = key_of(finding)
            group = self.groups.get(key)
            if group is None:
                self.groups[key] = Group(finding, case, exchange, first, link, requests)
            else:
                group.count += 1
        for clause in broken:
            self.violations[clause] += 1

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


def key_of(finding: Finding) -> Key:
    """Find the root cause of a finding: its clause, keyword, and the member that it is about.

    The same order stands in many answers, at another place each time, so that only the end of the
    place counts. A server that overlooks a keyword in requests overlooks it everywhere: one cause.
    """
    if finding.clause.endswith(".refuses"):
        return Key(finding.clause, finding.keyword or "", "")
    named = [step for step in pointer.parse(finding.at) if not step.isdigit()]
    return Key(finding.clause, finding.keyword or "", pointer.join(named[-_TELLING:]))
