"""`orderspec fuzz --report`: every form of a report, and what stands in none of them."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from orderspec.cli import campaign_report, main
from tests.cli.conftest import Run
from tests.docs.pages import read
from tests.fuzz.kiosk import SPEC, TOKEN, Kiosk
from tests.fuzz.servers import Answer, Call, Serve, serving

QUICK = ("--max-time", "60", "--max-examples", "3", "--seed", "1")
FORMS = ("har", "html", "json", "junit.xml", "sarif", "svg", "txt")


@pytest.fixture(autouse=True)
def _kiosk(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    del run
    monkeypatch.setenv("ORDERSPEC_SPEC", os.fspath(SPEC))
    monkeypatch.setattr("orderspec.fuzz.generation.SHARE", 0.0)


def reported(serve: Serve, folder: Path, *arguments: str) -> Result:
    """Fuzz a server of the test's for a moment, and leave the report in a folder."""
    with serving(serve) as (url, _):
        target = ["kiosk", "--url", url, "--credential", f"bearer={TOKEN}"]
        return CliRunner().invoke(
            main, ["fuzz", *target, *QUICK, "--report", os.fspath(folder), *arguments]
        )


def echoing() -> Serve:
    """Make a server that tells everybody the token, in a broken order and in a cookie."""
    kiosk = Kiosk()

    def serve(call: Call) -> Answer:
        given = kiosk(call)
        if given.status != 200:
            return Answer(given.status, given.body, {"set-cookie": f"session={TOKEN}; Path=/"})
        order = json.loads(given.body)
        order |= {"total": -1, "seen": call.headers, "log": [f"Bearer {TOKEN}"]}
        return Answer(200, json.dumps(order).encode())

    return serve


def test_a_secret_that_a_server_sends_back_stands_in_no_form(tmp_path: Path) -> None:
    result = reported(echoing(), tmp_path)
    assert result.exit_code == 1
    texts = [path.read_text("utf-8") for path in tmp_path.iterdir() if path.is_file()]
    assert len(texts) == len(FORMS) + 1
    assert not [text for text in (*texts, result.output) if TOKEN in text]
    archive = (tmp_path / "kiosk.har").read_text("utf-8")
    assert "{bearer}" in archive
    assert "session={cookie}" in archive


def test_a_key_of_a_request_stays_readable(tmp_path: Path) -> None:
    reported(Kiosk(), tmp_path)
    entries = json.loads((tmp_path / "kiosk.har").read_text("utf-8"))["log"]["entries"]
    bodies = [entry["request"].get("postData", {}).get("text", "") for entry in entries]
    assert any('"key":"' in body for body in bodies)


def test_the_archive_holds_every_request_of_the_campaign(tmp_path: Path) -> None:
    reported(Kiosk(), tmp_path)
    form = json.loads((tmp_path / "kiosk.json").read_text("utf-8"))
    entries = json.loads((tmp_path / "kiosk.har").read_text("utf-8"))["log"]["entries"]
    assert len(entries) == form["requests"]
    assert all(entry["startedDateTime"] for entry in entries)


def test_a_form_that_fails_loses_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(report: Any, titles: Any) -> str:
        raise ValueError(f"{report.provider} {len(titles)}")

    monkeypatch.setattr(
        campaign_report, "WRITERS", {"html": fail, **campaign_report.WRITERS, "sarif": fail}
    )
    result = reported(Kiosk(), tmp_path)
    assert result.exit_code == 2
    assert "Verdict: conforms" in result.stdout
    assert f"{tmp_path / 'kiosk.sarif'} could not be written: ValueError kiosk" in result.stderr
    left = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert left == {f"kiosk.{form}" for form in FORMS if form != "sarif"} | {"index.html"}


def test_an_index_leads_to_all_reports_of_a_folder(tmp_path: Path) -> None:
    reported(Kiosk(), tmp_path)
    (tmp_path / "shop.json").write_bytes((tmp_path / "kiosk.json").read_bytes())
    reported(Kiosk(), tmp_path)
    index = (tmp_path / "index.html").read_text("utf-8")
    assert 'href="kiosk.html"' in index
    assert 'href="shop.html"' in index


def test_every_clause_of_a_report_leads_to_its_place_in_the_docs(tmp_path: Path) -> None:
    reported(echoing(), tmp_path)
    page = read(tmp_path / "kiosk.html")
    docs = read(tmp_path / "docs" / "kiosk" / "kiosk.html")
    led = [target for target in page.targets() if target.startswith("docs/kiosk/kiosk.html#")]
    form = json.loads((tmp_path / "kiosk.json").read_text("utf-8"))
    assert form["findings"]
    assert len(led) >= len(form["clauses"]) + 1, "the table, and each finding of a clause in it"
    assert {target.partition("#")[2] for target in led} <= set(docs.ids)


def test_without_the_docs_a_report_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "orderspec.docs.site", None)
    assert reported(echoing(), tmp_path).exit_code == 1
    assert not (tmp_path / "docs").exists()
    assert "docs/kiosk" not in (tmp_path / "kiosk.html").read_text("utf-8")


def test_docs_that_cannot_be_made_lose_no_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("out of ink")

    monkeypatch.setattr("orderspec.docs.site.build", broken)
    result = reported(echoing(), tmp_path)
    assert result.exit_code == 2
    assert "docs could not be written: RuntimeError out of ink" in result.stderr
    assert (tmp_path / "kiosk.html").is_file()


def test_every_clause_of_a_report_has_its_operation_and_its_line(tmp_path: Path) -> None:
    reported(Kiosk(), tmp_path)
    clauses = json.loads((tmp_path / "kiosk.json").read_text("utf-8"))["clauses"]
    for clause in clauses:
        assert clause["spec"]["file"].startswith("spec/kiosk/")
    bound = {clause["id"]: clause.get("operation") for clause in clauses}
    assert bound["kiosk.CreateOrder.accepts"] == "CreateOrder"
    assert bound["kiosk.retrieve-order.reads-back"] == "RetrieveOrder"
    assert bound["kiosk.order.total"] is None


def test_what_a_server_must_refuse_is_marked_in_the_request_and_found_in_the_contract(
    tmp_path: Path,
) -> None:
    kiosk = Kiosk()

    def careless(call: Call) -> Answer:
        given = kiosk(call)
        if call.method == "POST" and given.status == 400 and call.body.startswith(b"{"):
            return Answer(200, b'{"id":"order-1","lines":[],"total":0}')
        return given

    reported(careless, tmp_path)
    form = json.loads((tmp_path / "kiosk.json").read_text("utf-8"))
    [finding] = [one for one in form["findings"] if one.get("keyword") == "minimum"]
    assert finding["spec"]["file"] == "spec/kiosk/schemas/line.yaml"
    assert finding["spec"]["pointer"] == "/properties/price/minimum"
    page = (tmp_path / "kiosk.html").read_text("utf-8")
    assert "<mark>&quot;price&quot;: -1" in page


def test_a_description_named_like_a_provider_borrows_no_fixtures_for_its_docs(
    tmp_path: Path,
) -> None:
    kiosk = Kiosk()
    with serving(kiosk) as (url, _):
        path = os.fspath(SPEC / "kiosk" / "openapi.yaml")
        result = CliRunner().invoke(
            main, ["fuzz", path, "--url", url, "--credential", f"bearer={TOKEN}", *QUICK,
                   "--report", os.fspath(tmp_path)]
        )  # fmt: skip
    assert "could not be written" not in result.output
    page = read(tmp_path / "docs" / "kiosk" / "kiosk.html")
    assert "+ keeps it" not in page.text
