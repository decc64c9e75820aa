"""Reports as JUnit XML: one test case a document, and an error for what could not be judged."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from orderspec.errors import ReadError
from orderspec.findings import Finding, Judged, Severity
from orderspec.report.tally import Tally
from orderspec.report.text import printable


def junit(tally: Tally) -> str:
    """Write JUnit XML.

    Errors fail their document's test case, all in one `failure`, since readers show only one;
    warnings are its `system-out`. The documents of JSON Lines without a finding are one test case.
    """
    counts = {
        "tests": len(tally.judged) + len(tally.unreadable) + len(tally.right),
        "failures": tally.summary.documents - tally.summary.valid,
        "errors": len(tally.unreadable),
    }
    attributes = "".join(f" {name}={quoteattr(str(count))}" for name, count in counts.items())
    return "".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>\n',
            f"<testsuites{attributes}>\n",
            f'<testsuite name="orderspec validate"{attributes}>\n',
            *(_case(one) for one in tally.judged),
            *(_right(*where, count) for where, count in tally.right.items()),
            *(_error(error) for error in tally.unreadable),
            "</testsuite>\n</testsuites>\n",
        ]
    )


def _case(judged: Judged) -> str:
    name = judged.file if judged.number is None else f"{judged.file}, document {judged.number}"
    errors = [one for one in judged.findings if one.severity is Severity.ERROR]
    warnings = [one for one in judged.findings if one.severity is Severity.WARNING]
    parts = []
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        message = _attribute(f"{errors[0].message}{more}")
        parts.append(
            f"<failure type={_attribute(errors[0].clause)} message={message}>"
            f"{_lines(errors)}</failure>\n"
        )
    if warnings:
        parts.append(f"<system-out>{_lines(warnings)}</system-out>\n")
    return _element(name, judged.schema, "".join(parts))


def _right(file: str, schema: str, count: int) -> str:
    documents = "1 document" if count == 1 else f"{count} documents"
    return _element(f"{file}, {documents} without a finding", schema or "detected", "")


def _error(error: ReadError) -> str:
    place = ":".join(str(part) for part in (error.line, error.column) if part is not None)
    text = " ".join(part for part in (place, error.message, error.hint) if part)
    body = (
        f'<error type="unreadable" message={_attribute(error.message)}>'
        f"{escape(printable(text))}</error>\n"
    )
    return _element(error.file, "unreadable", body)


def _element(name: str, group: str, body: str) -> str:
    head = f"<testcase name={_attribute(name)} classname={_attribute(group)}"
    return f"{head}>\n{body}</testcase>\n" if body else f"{head}/>\n"


def _lines(findings: Sequence[Finding]) -> str:
    return "\n".join(
        escape(printable(f"{one.line}:{one.column} {one.at} {one.message} [{one.clause}]"))
        for one in findings
    )


def _attribute(text: str) -> str:
    return quoteattr(printable(text))
