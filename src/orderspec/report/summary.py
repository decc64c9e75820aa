"""Documents, counted."""

from dataclasses import dataclass, replace
from typing import Self

from orderspec.findings import Judged, Severity


@dataclass(frozen=True, slots=True)
class Summary:
    """How many documents were judged, how many have no error, and how many findings there are."""

    documents: int = 0
    valid: int = 0
    errors: int = 0
    warnings: int = 0

    def plus(self, judged: Judged) -> Self:
        """Count one more document."""
        errors = sum(finding.severity is Severity.ERROR for finding in judged.findings)
        return type(self)(
            self.documents + 1,
            self.valid + (not errors),
            self.errors + errors,
            self.warnings + len(judged.findings) - errors,
        )

    def plus_right(self, documents: int) -> Self:
        """Count documents without a finding."""
        return replace(self, documents=self.documents + documents, valid=self.valid + documents)
