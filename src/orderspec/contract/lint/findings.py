"""What lint finds: `orderspec.findings.Finding` values whose clause ids start with ``lint/``."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orderspec import pointer
from orderspec.contract.yaml_file import Places
from orderspec.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong, wherever it is.

    Attributes:
        check: the check that found it, such as ``unknown-keyword``.
        message: what is wrong.
        expected: what should stand there instead.
        got: what stands there, or None where nothing does.
        severity: how much it weighs.
    """

    check: str
    message: str
    expected: str
    got: Any = None
    severity: Severity = Severity.ERROR


@dataclass(slots=True)
class Scribe:
    """Writes findings with their places; every file is composed once."""

    _places: dict[Path, Places] = field(default_factory=dict)

    def finding(self, file: Path, steps: tuple[str, ...], flaw: Flaw) -> Finding:
        """Write a finding.

        Args:
            file: the file that is wrong; it has been read before.
            steps: where in the file; a member that is missing points at its object.
            flaw: what is wrong.
        """
        if file not in self._places:
            self._places[file] = Places(file)
        line, column = self._places[file].find(steps)
        return Finding(
            flaw.severity,
            f"lint/{flaw.check}",
            flaw.message,
            pointer.join(steps),
            expected=flaw.expected,
            got=flaw.got,
            file=shown(file),
            line=line,
            column=column,
        )


def shown(file: Path) -> str:
    """Name a file as a person would: relative, where it lies below the working folder."""
    here = Path.cwd()
    return str(file.relative_to(here)) if file.is_relative_to(here) else str(file)
