"""What came of judging one exchange."""

from collections import Counter
from dataclasses import dataclass, field

from orderspec.errors import OrderspecError
from orderspec.findings import Finding


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one exchange.

    Attributes:
        findings: broken clauses.
        exercised: clause id to how often it was put to the test.
        absent: rules whose members the answer did not hold.
        defects: where the kit itself failed: such a check says nothing, and hides no other.
    """

    findings: tuple[Finding, ...] = ()
    exercised: Counter[str] = field(default_factory=Counter)
    absent: frozenset[str] = frozenset()
    defects: frozenset[str] = frozenset()

    def __add__(self, other: "Checked") -> "Checked":
        """Join two checks."""
        return Checked(
            self.findings + other.findings,
            self.exercised + other.exercised,
            self.absent | other.absent,
            self.defects | other.defects,
        )


def defect(problem: Exception) -> str:
    """Word a failure of a check: what the contract's author can mend, or a defect of the kit."""
    if isinstance(problem, OrderspecError):
        return str(problem)
    return f"a defect of orderspec, please report it: {type(problem).__name__}: {problem}"[:300]
