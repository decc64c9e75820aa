"""JUnit, SARIF and workflow commands stay well-formed whatever payloads and file names hold."""

import re
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

from orderspec.report.github import github
from orderspec.report.junit import junit
from orderspec.report.sarif import sarif_form
from tests.report.material import JUDGED, UNREADABLE, tally_of


def suite() -> ET.Element:
    text = junit(tally_of(JUDGED, UNREADABLE)).encode()
    return ET.fromstring(text)  # noqa: S314 (the text is our own)


def run_of(form: dict[str, Any]) -> dict[str, Any]:
    (run,) = form["runs"]
    found: dict[str, Any] = run
    return found


def test_junit_has_one_case_a_document_and_one_for_each_that_was_not_judged() -> None:
    root = suite()
    assert root.attrib == {"tests": "5", "failures": "1", "errors": "2"}
    (inner,) = root
    assert len(inner) == 5
    assert sum(case.find("failure") is not None for case in inner) == 1
    assert sum(case.find("error") is not None for case in inner) == 2


def test_junit_counts_right_documents_of_json_lines_in_one_case() -> None:
    tally = tally_of((), ())
    tally.add((), 3, ("orders.jsonl", "shop/Order"))
    root = ET.fromstring(junit(tally).encode())  # noqa: S314 (the text is our own)
    assert root.attrib == {"tests": "1", "failures": "0", "errors": "0"}
    (case,) = root.iter("testcase")
    assert case.attrib["name"] == "orders.jsonl, 3 documents without a finding"


def test_junit_puts_all_errors_of_a_document_into_one_failure() -> None:
    (failure,) = suite().iter("failure")
    assert failure.attrib == {
        "type": "shop/Order",
        "message": "expected a string, got 7 (and 1 more)",
    }
    assert failure.text == "\n".join(["2:12 /buyer expected a string, got 7 [shop/Order]"] * 2)


def test_junit_does_not_fail_a_document_for_a_warning() -> None:
    (case,) = (case for case in suite().iter("testcase") if case.find("system-out") is not None)
    assert case.find("failure") is None
    assert case.attrib["name"].endswith("document 3")


def test_junit_escapes_what_xml_cannot_hold() -> None:
    text = "".join(suite().itertext())
    assert "\\u001b[2J\\u0000" in text
    assert "]]>&<" in text


def test_sarif_names_tool_version_rules_and_places() -> None:
    form = sarif_form(tally_of(JUDGED, ()))
    run = run_of(form)
    assert form["version"] == "2.1.0"
    assert run["tool"]["driver"]["rules"] == [{"id": "shop.order.total"}, {"id": "shop/Order"}]
    first = run["results"][0]
    assert (first["ruleId"], first["level"]) == ("shop/Order", "error")
    place = first["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "orders/a%20b.json"},
        "region": {"startLine": 2, "startColumn": 12},
    }
    assert run["invocations"][0]["executionSuccessful"] is True


def test_sarif_notifies_of_what_could_not_be_read() -> None:
    (invocation,) = run_of(sarif_form(tally_of((), UNREADABLE)))["invocations"]
    assert invocation["executionSuccessful"] is False
    told = [one["message"]["text"] for one in invocation["toolExecutionNotifications"]]
    assert told[1] == "no such file or folder"


@pytest.mark.parametrize("findings", [JUDGED, ()])
def test_sarif_has_the_members_that_the_standard_requires(findings: Any) -> None:
    """The required members of SARIF 2.1.0, sections 3.13, 3.14, 3.20, 3.27, 3.28, 3.30 and 3.58."""
    text = {"type": "object", "required": ["text"]}
    location = {
        "properties": {
            "physicalLocation": {
                "required": ["artifactLocation"],
                "properties": {
                    "artifactLocation": {"properties": {"uri": {"format": "uri-reference"}}},
                    "region": {"properties": {"startLine": {"type": "integer", "minimum": 1}}},
                },
            }
        }
    }
    run = {
        "required": ["tool", "results"],
        "properties": {
            "tool": {"required": ["driver"], "properties": {"driver": {"required": ["name"]}}},
            "results": {
                "items": {
                    "required": ["message"],
                    "properties": {
                        "message": text,
                        "level": {"enum": ["none", "note", "warning", "error"]},
                        "locations": {"items": location},
                    },
                }
            },
            "invocations": {"items": {"required": ["executionSuccessful"]}},
        },
    }
    schema = {
        "required": ["version", "runs"],
        "properties": {"version": {"const": "2.1.0"}, "runs": {"items": run}},
    }
    form = sarif_form(tally_of(findings, UNREADABLE))
    jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(form)


def test_a_workflow_command_names_file_line_and_column() -> None:
    first = github(JUDGED).splitlines()[0]
    assert first == (
        "::error file=orders/a b.json,line=2,col=12,title=shop/Order"
        "::expected a string, got 7 (at /buyer)"
    )


def test_a_payload_cannot_start_a_workflow_command_of_its_own() -> None:
    lines = github([*JUDGED, *UNREADABLE]).splitlines()
    assert len(lines) == 5
    command = re.compile(r"::(error|warning) ((file|line|col|title)=[^:,]*,?)+::.*")
    assert all(command.fullmatch(line) for line in lines)
    assert "%25" in lines[2]
