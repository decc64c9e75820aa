"""A campaign in open formats, read by the parsers and models of others."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

import attr
import pytest
import sarif_om  # type: ignore[import-untyped]  # nobody typed it
from haralyzer import HarParser  # type: ignore[import-untyped]  # nor that
from junitparser import JUnitXml

from orderspec.campaigns import CampaignReport, Recorded
from orderspec.exchange import Response
from orderspec.findings import Verdict
from orderspec.report import har as har_module
from orderspec.report.badge import Outcome, badge
from orderspec.report.campaign import campaign_form
from orderspec.report.campaign_junit import campaign_junit
from orderspec.report.campaign_sarif import campaign_sarif
from orderspec.report.campaign_text import campaign_text
from orderspec.report.har import har
from orderspec.report.html import campaign_page
from orderspec.report.json_form import dumps
from tests.report.campaign_material import (
    CREATED,
    HOSTILE,
    READS_BACK,
    REPORT,
    TITLES,
    TOTAL,
    large,
)


def read_back(form: dict[str, Any]) -> Any:
    """Write a form as a file gets it, and read it as its readers do."""
    return json.loads(dumps(form).encode("utf-8", "backslashreplace"))


# Text.


def test_a_text_tells_finding_exchange_place_document_and_command() -> None:
    text = campaign_text(REPORT, TITLES)
    block = text[text.index("error: The total") : text.index("error: An order")]
    assert "    expected  12\n    got       13\n" in block
    assert '    sent      POST /orders {"lines":[],"total":1}\n' in block
    assert '    answer    200 {"id":"o-1","lines":' in block
    assert "    spec      spec/acme/schemas/order a.yaml:12:5\n" in block
    assert "    source    The Guide (shown)\n" in block
    assert "    proof     shown again by the same request, sent alone\n" in block


def test_a_text_tells_both_exchanges_of_a_pair_and_an_answer_that_never_came() -> None:
    text = campaign_text(REPORT, TITLES)
    assert "    first     POST /orders" in text
    assert "    next      GET /orders/o-1?fields=total&fields=a+b\n" in text
    assert "    answer    200 <b>" in text
    assert "    answer    none\n" in text


def test_no_text_drives_a_terminal() -> None:
    assert all(line.isprintable() for line in campaign_text(REPORT, TITLES).splitlines())


def test_of_a_long_answer_a_text_shows_what_the_broken_member_stands_in() -> None:
    text = campaign_text(large(1), TITLES)
    assert '    answer    200, in /lines/250: {"name":' in text


def test_no_line_of_a_text_is_longer_than_a_person_reads_but_the_command() -> None:
    lines = [line for line in campaign_text(large(2), TITLES).splitlines() if "curl" not in line]
    assert max(map(len, lines)) < 260
    assert all(line.isprintable() for line in lines)


# JSON.


def test_json_holds_what_each_finding_rests_on() -> None:
    form = read_back(campaign_form(REPORT))
    refuses, total, reads_back, stray = form["findings"]
    assert refuses["proof"] == {"tried": 3, "shown": 1}
    assert total["spec"] == {
        "file": "spec/acme/schemas/order a.yaml", "line": 12, "column": 5, "pointer": "/x-rules/0",
    }  # fmt: skip
    assert total["exchanges"][0]["request"]["headers"] == {
        "accept": "application/json",
        "content-type": "application/json",
        "idempotency-key": "k-1",
    }
    assert [one["response"]["status"] for one in reads_back["exchanges"]] == [200, 200]
    assert reads_back["exchanges"][1]["response"]["text"].startswith("<b>\\xff")
    assert "spec" not in stray


def test_json_cuts_a_large_body_and_says_so() -> None:
    [finding] = campaign_form(large(1))["findings"]
    cut = finding["exchanges"][0]["response"]["cut"]
    assert cut["bytes"] == 100_000
    assert len(cut["text"]) < 5_000
    assert "body" not in finding["exchanges"][0]["response"]


def test_json_tells_what_was_set_aside() -> None:
    form = campaign_form(REPORT)
    assert [one["clause"] for one in form["known"]] == ["acme.known"]
    assert form["left_out"] == [
        {
            "clause": "acme.old.*",
            "reason": "it is mended in May",
            "until": "2027-05-01",
            "findings": 1,
        }
    ]


def test_json_of_a_campaign_without_proofs_has_its_findings_all_the_same() -> None:
    form = campaign_form(replace(REPORT, proofs=()))
    assert len(form["findings"]) == 4
    assert "exchanges" not in form["findings"][0]


# JUnit.


def suite() -> Any:
    [found] = JUnitXml.fromstring(campaign_junit(REPORT, TITLES).encode())
    return found


def test_junit_has_a_case_for_each_clause_and_for_a_finding_of_no_clause() -> None:
    cases = {case.name: case for case in suite()}
    assert len(cases) == len(REPORT.clauses) + 1
    assert cases["acme.order.total"].classname == "orderspec.acme.rule"


def test_junit_fails_what_an_error_breaks_and_skips_what_was_not_exercised() -> None:
    found = suite()
    assert (found.tests, found.failures, found.skipped) == (6, 3, 1)
    outcomes = {case.name: [type(one).__name__ for one in case.result] for case in found}
    assert outcomes["acme.CreateOrder.accepts"] == []
    assert outcomes["acme.CreateOrder.security"] == ["Skipped"]
    assert outcomes["acme.order.total"] == ["Failure"]


def test_junit_does_not_fail_a_clause_for_a_warning() -> None:
    [case] = [case for case in suite() if case.name == "acme.CreateOrder.refuses"]
    assert case.result == []
    assert "that it must refuse" in case.system_out


def test_junit_fails_every_clause_that_is_broken_for_one_cause() -> None:
    finding = replace(TOTAL, also=("acme.CreateOrder.accepts",))
    text = campaign_junit(replace(REPORT, findings=(finding,), proofs=()), TITLES)
    [found] = JUnitXml.fromstring(text.encode())
    assert found.failures == 2


def test_junit_says_why_a_clause_was_not_exercised() -> None:
    [case] = [case for case in suite() if case.name == "acme.CreateOrder.security"]
    assert case.result[0].message == "not exercised: it was never sent"


# SARIF. sarif-om is the object model that was generated from the schema of the standard.


def unknown_members(value: Any, kind: type, at: str = "") -> list[str]:
    """Give the members that the model's class does not have, of a value and of those in it."""
    fields = {one.metadata["schema_property_name"]: one for one in attr.fields(kind)}
    found = [f"{at}/{name}" for name in value if name not in fields]
    for name in value:
        inner = _CLASSES.get((kind.__name__, name))
        for item in value[name] if isinstance(value[name], list) else [value[name]]:
            if inner is not None:
                found += unknown_members(item, inner, f"{at}/{name}")
    required = [name for name, one in fields.items() if one.default is attr.NOTHING]
    return found + [f"{at} lacks {name}" for name in required if name not in value]


_CLASSES = {
    ("SarifLog", "runs"): sarif_om.Run,
    ("Run", "tool"): sarif_om.Tool,
    ("Run", "invocations"): sarif_om.Invocation,
    ("Run", "results"): sarif_om.Result,
    ("Run", "automationDetails"): sarif_om.RunAutomationDetails,
    ("Tool", "driver"): sarif_om.ToolComponent,
    ("ToolComponent", "rules"): sarif_om.ReportingDescriptor,
    ("ReportingDescriptor", "shortDescription"): sarif_om.MultiformatMessageString,
    ("ReportingDescriptor", "help"): sarif_om.MultiformatMessageString,
    ("ReportingDescriptor", "defaultConfiguration"): sarif_om.ReportingConfiguration,
    ("Invocation", "toolExecutionNotifications"): sarif_om.Notification,
    ("Notification", "message"): sarif_om.Message,
    ("Result", "message"): sarif_om.Message,
    ("Result", "locations"): sarif_om.Location,
    ("Result", "suppressions"): sarif_om.Suppression,
    ("Result", "webRequest"): sarif_om.WebRequest,
    ("Result", "webResponse"): sarif_om.WebResponse,
    ("Location", "physicalLocation"): sarif_om.PhysicalLocation,
    ("Location", "logicalLocations"): sarif_om.LogicalLocation,
    ("PhysicalLocation", "artifactLocation"): sarif_om.ArtifactLocation,
    ("PhysicalLocation", "region"): sarif_om.Region,
    ("WebRequest", "body"): sarif_om.ArtifactContent,
    ("WebResponse", "body"): sarif_om.ArtifactContent,
}


def run_of(report: CampaignReport) -> dict[str, Any]:
    [run] = read_back(campaign_sarif(report, TITLES))["runs"]
    return dict(run)


def test_sarif_has_no_member_that_the_standard_s_model_does_not_have() -> None:
    form = read_back(campaign_sarif(REPORT, TITLES))
    assert unknown_members(form, sarif_om.SarifLog) == []
    run = form["runs"][0]
    run["tool"]["driver"]["rule"] = run.pop("results")
    assert unknown_members(form, sarif_om.SarifLog) == ["/runs/tool/driver/rule"]


def test_sarif_points_at_the_line_of_the_contract() -> None:
    total = run_of(REPORT)["results"][1]
    assert total["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "spec/acme/schemas/order%20a.yaml"},
        "region": {"startLine": 12, "startColumn": 5},
    }


def test_sarif_describes_every_clause_by_its_evidence() -> None:
    run = run_of(REPORT)
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert "Source: The Guide (shown). It shows it." in rules[0]["help"]["text"]


def test_sarif_knows_a_finding_again_in_the_next_run() -> None:
    again = replace(TOTAL, at="/lines/3/total", got=1, count=9, message="other words")
    reports = (TOTAL, again, replace(TOTAL, at="/lines/8/total"), replace(TOTAL, keyword="type"))
    [first, second, third, other] = [
        run_of(replace(REPORT, findings=(one,)))["results"][0]["partialFingerprints"]
        for one in reports
    ]
    assert second == third != first
    assert other not in (first, second)


def test_sarif_suppresses_what_was_set_aside() -> None:
    aside = [one for one in run_of(REPORT)["results"] if "suppressions" in one]
    reasons = [one["suppressions"][0]["justification"] for one in aside]
    assert reasons == ["known: the baseline has it", "it is mended in May"]


# HAR.


def entries(report: CampaignReport) -> list[dict[str, Any]]:
    return list(read_back(har(report))["log"]["entries"])


def test_a_har_parser_reads_the_archive() -> None:
    parser = HarParser(read_back(har(REPORT)))
    assert (parser.har_data["version"], parser.creator["name"]) == ("1.2", "orderspec")
    [first, second, third] = parser.har_data["entries"]
    assert first["startedDateTime"] == "2023-11-14T22:13:20+00:00"
    assert datetime.fromisoformat(second["startedDateTime"]).tzinfo is not None
    assert (third["response"]["status"], third["response"]["statusText"]) == (0, "no answer")


def test_an_archive_has_the_members_that_har_1_2_requires() -> None:
    for entry in entries(REPORT):
        assert {"startedDateTime", "time", "request", "response", "cache", "timings"} <= set(entry)
        assert {"method", "url", "httpVersion", "cookies", "headers", "queryString"} <= set(
            entry["request"]
        )
        assert {"status", "statusText", "cookies", "headers", "content", "redirectURL"} <= set(
            entry["response"]
        )
        assert {"send", "wait", "receive"} == set(entry["timings"])


def test_an_archive_has_addresses_parameters_and_bodies() -> None:
    [created, read, silence] = entries(REPORT)
    assert created["request"]["postData"]["text"] == '{"lines":[],"total":1}'
    assert created["response"]["content"]["text"] == '{"id":"o-1"}'
    assert read["request"]["url"] == "http://127.0.0.1:1/orders/o-1?fields=total&fields=a+b"
    assert read["request"]["queryString"][1] == {"name": "fields", "value": "a b"}
    assert read["response"]["content"]["encoding"] == "base64"
    assert silence["request"]["postData"]["text"] == "{\\xff"


def test_an_archive_is_bounded_and_says_what_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(har_module, "_LARGEST", 200_000)
    exchange = replace(CREATED, response=Response(200, {}, raw=b"x" * 100_000))
    recorded = tuple(Recorded(number, exchange, 0.0, 0.1, "seeds") for number in range(50))
    log = har(replace(REPORT, recorded=recorded))["log"]
    contents = [entry["response"]["content"] for entry in log["entries"]]
    assert contents[0]["comment"] == "cut: 65536 of 100000 bytes"
    assert contents[-1]["comment"] == "cut: 0 of 100000 bytes"
    assert all(content["size"] == 100_000 for content in contents)
    assert sum(len(content["text"]) for content in contents) < 200_000
    assert "Bodies are left out" in log["comment"]


# Badge.


@pytest.mark.parametrize("verdict", Verdict)
def test_a_badge_is_an_image_that_says_who_and_what(verdict: Verdict) -> None:
    image = ET.fromstring(badge(HOSTILE, Outcome(verdict, 3, 40)).encode())  # noqa: S314 (our own)
    texts = [text for text in image.itertext() if text.strip()]
    assert texts[-1] == f"{verdict} 3/40"
    assert {node.tag.rpartition("}")[2] for node in image.iter()} == {
        "svg", "title", "rect", "path", "g", "text",
    }  # fmt: skip
    assert not [name for node in image.iter() for name in node.attrib if "href" in name]


def test_a_server_of_which_something_wrong_is_known_is_not_said_to_conform() -> None:
    report = replace(REPORT, verdict=Verdict.CONFORMS, findings=(), proofs=(), known=(TOTAL,))
    counted = "1 known, 1 left out"
    text = campaign_text(report, TITLES)
    assert f"Verdict: no new findings (0 errors, 0 warnings, {counted}, " in text
    assert "conforms" not in text
    page = campaign_page(report, TITLES)
    assert f"Nothing but what is known or left out is broken: {counted}." in page
    assert ">no new findings</span></h1>" in page
    outcome = Outcome(Verdict.CONFORMS, 3, 40, known=1)
    assert "no new findings 3/40" in badge("kiosk", outcome)
    suite = campaign_junit(report, TITLES)
    assert "<failure" not in suite
    assert '<skipped message="known: The total is the sum ' in suite


def test_findings_that_one_request_shows_are_told_together() -> None:
    proofs = tuple(replace(proof, asked="the same") for proof in REPORT.proofs)
    report = replace(REPORT, proofs=proofs)
    assert len(proofs) > 1
    hints = campaign_text(report, TITLES).count("request   as of finding 1: there may be one cause")
    assert hints == len(proofs) - 1
    assert campaign_page(report, TITLES).count('<a href="#finding-1">finding 1</a>') == hints
    assert "as of finding" not in campaign_text(REPORT, TITLES)


def test_no_form_is_empty_for_a_campaign_that_found_nothing() -> None:
    clean = replace(
        REPORT, findings=(), proofs=(), notes=(), known=(), left_out=(), recorded=(), clauses=()
    )
    assert "Verdict" in campaign_text(clean, TITLES)
    assert run_of(clean)["results"] == []
    assert entries(clean) == []
    assert JUnitXml.fromstring(campaign_junit(clean, TITLES).encode()) is not None
    assert READS_BACK.clause not in campaign_junit(clean, TITLES)
