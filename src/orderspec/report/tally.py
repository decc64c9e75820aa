"""Documents as they are judged, counted; only what there is to tell of them is kept."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from orderspec.errors import ReadError
from orderspec.findings import Finding, Judged
from orderspec.report.summary import Summary


@dataclass(slots=True)
class Tally:
    """What was judged so far.

    Attributes:
        summary: documents and findings, counted.
        judged: the documents that there is something to tell of.
        unreadable: what could not be judged.
        right: how many other documents have no finding, by file and schema.
        clauses: how many findings each clause has.
        keeps: whether documents and what could not be judged are kept; else they are only counted.
    """

    keeps: bool = True
    summary: Summary = field(default_factory=Summary)
    judged: list[Judged] = field(default_factory=list)
    unreadable: list[ReadError] = field(default_factory=list)
    unreadable_count: int = 0
    right: Counter[tuple[str, str]] = field(default_factory=Counter)
    clauses: Counter[str] = field(default_factory=Counter)

    def add(
        self, results: Iterable[Judged | ReadError], judged: int, where: tuple[str, str]
    ) -> None:
        """Count some documents.

        Args:
            results: what there is something to tell of.
            judged: how many were judged, with these.
            where: the file and the schema of all others.
        """
        for result in results:
            if isinstance(result, ReadError):
                self.unreadable_count += 1
                if self.keeps:
                    self.unreadable.append(result)
                continue
            judged -= 1
            self.summary = self.summary.plus(result)
            self.clauses.update(one.clause for one in result.findings)
            if self.keeps:
                self.judged.append(result)
        self.summary = self.summary.plus_right(judged)
        if judged:
            self.right[where] += judged

    @property
    def findings(self) -> list[Finding]:
        """Every finding that was kept."""
        return [finding for one in self.judged for finding in one.findings]
