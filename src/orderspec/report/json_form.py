"""Reports as JSON values, and JSON text that keeps every number exact."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from orderspec import exact_json
from orderspec.errors import ReadError
from orderspec.findings import Evidence, Finding, Judged
from orderspec.report.summary import Summary
from orderspec.report.tally import Tally

_ORDER = (
    "severity",
    "clause",
    "keyword",
    "at",
    "message",
    "expected",
    "got",
    "workings",
    "evidence",
    "file",
    "line",
    "column",
    "document",
    "operation",
    "curl",
    "seed",
    "count",
    "spec",
    "also",
)


def finding_form(finding: Finding) -> dict[str, Any]:
    """Give a finding's JSON form: what does not apply is absent."""
    form = {name: getattr(finding, name) for name in _ORDER}
    form["severity"] = str(finding.severity)
    if finding.evidence:
        form["evidence"] = evidence_form(finding.evidence)
    if finding.spec:
        form["spec"] = asdict(finding.spec)
    return {name: value for name, value in form.items() if value is not None and value != ()}


def validation_form(tally: Tally, *, detected: bool) -> dict[str, Any]:
    """Give the JSON form of a whole `orderspec validate`.

    Args:
        tally: what came of the documents.
        detected: whether the kit chose the schemas; then it says which ones, and why.
    """
    form: dict[str, Any] = {
        "format": 1,
        "command": "validate",
        "summary": summary_form(tally.summary),
        "findings": [finding_form(finding) for finding in tally.findings],
        "unreadable": [unreadable_form(error) for error in tally.unreadable],
    }
    if detected:
        form["detected"] = [_detected_form(one) for one in tally.judged]
    return form


def json_lines(results: Iterable[Judged | ReadError]) -> str:
    """Write one line for each finding, and for what could not be read."""
    forms = [
        form
        for result in results
        for form in (
            [{"unreadable": unreadable_form(result)}]
            if isinstance(result, ReadError)
            else map(finding_form, result.findings)
        )
    ]
    return "".join(f"{exact_json.to_text(form)}\n" for form in forms)


def last_line(tally: Tally) -> str:
    """Write the line that ends a report of JSON Lines."""
    return exact_json.to_text({"summary": summary_form(tally.summary)}) + "\n"


def summary_form(summary: Summary) -> dict[str, int]:
    """Give a summary's JSON form."""
    return {field.name: getattr(summary, field.name) for field in fields(summary)}


def evidence_form(evidence: Evidence) -> dict[str, str]:
    """Give the JSON form of evidence: a note that is empty is absent."""
    form = {"level": str(evidence.level), "source": evidence.source}
    return {**form, "note": evidence.note} if evidence.note else form


def unreadable_form(error: ReadError) -> dict[str, Any]:
    """Give the JSON form of what could not be read."""
    form = {
        "file": error.file,
        "line": error.line,
        "column": error.column,
        "message": error.message,
        "hint": error.hint or None,
    }
    return {name: value for name, value in form.items() if value is not None}


def _detected_form(judged: Judged) -> dict[str, Any]:
    form = {
        "file": judged.file,
        "document": judged.number,
        "schema": judged.schema,
        "reason": judged.reason,
    }
    return {name: value for name, value in form.items() if value is not None}


def dumps(value: object) -> str:
    """Write JSON text, indented by two spaces, with a line break at its end.

    Args:
        value: dicts, lists, tuples, strings, numbers (`Decimal` and `int` digit by digit), true,
            false and None.

    Raises:
        TypeError: JSON has no form for a value.
    """
    return "".join(_write(value, "\n")) + "\n"


def _write(value: object, line: str) -> Iterable[str]:
    if isinstance(value, Mapping) and value:
        members = ((f"{exact_json.to_text(str(key))}: ", item) for key, item in value.items())
        yield from _container("{}", members, line)
    elif isinstance(value, list | tuple) and value:
        yield from _container("[]", (("", item) for item in value), line)
    else:
        yield exact_json.to_text(value)


def _container(brackets: str, items: Iterable[tuple[str, object]], line: str) -> Iterable[str]:
    deeper = line + "  "
    opening = brackets[0]
    for name, item in items:
        yield f"{opening}{deeper}{name}"
        yield from _write(item, deeper)
        opening = ","
    yield line + brackets[1]
