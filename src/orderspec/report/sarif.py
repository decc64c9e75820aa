"""Reports as SARIF 2.1.0, the form that code hosts and editors read."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from orderspec import __version__
from orderspec.errors import ReadError
from orderspec.findings import Finding
from orderspec.report.tally import Tally

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif_form(tally: Tally) -> dict[str, Any]:
    """Give the SARIF log: findings are results, what could not be read are notifications."""
    findings, unreadable = tally.findings, tally.unreadable
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "orderspec",
                "version": __version__,
                "rules": [{"id": clause} for clause in sorted({one.clause for one in findings})],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not unreadable,
                "toolExecutionNotifications": [_notification(error) for error in unreadable],
            }
        ],
        "results": [_result(finding) for finding in findings],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(finding: Finding) -> dict[str, Any]:
    location = _location(finding.file, finding.line, finding.column)
    location["logicalLocations"] = [{"fullyQualifiedName": finding.at or "/", "kind": "member"}]
    return {
        "ruleId": finding.clause,
        "level": str(finding.severity),
        "message": {"text": finding.message},
        "locations": [location],
    }


def _notification(error: ReadError) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": str(error)},
        "locations": [_location(error.file, error.line, error.column)],
    }


def _location(file: str | None, line: int | None, column: int | None) -> dict[str, Any]:
    region = {"startLine": line, "startColumn": column}
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(file or "-")}}
    known = {name: number for name, number in region.items() if number is not None}
    if known:
        physical["region"] = known
    return {"physicalLocation": physical}


def _uri(file: str) -> str:
    if file == "-":
        return "stdin"
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix(), errors="surrogateescape")
