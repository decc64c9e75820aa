"""Descriptions of others, without fixtures, rules or sources, work as a campaign's contract."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import yaml

from orderspec.contract import catalog
from orderspec.errors import ReadError, TargetError
from orderspec.findings import Severity, Verdict
from orderspec.fuzz.campaign import run
from orderspec.fuzz.settings import Settings
from orderspec.validation.json_text import parse
from tests.fuzz.kiosk import answer
from tests.fuzz.servers import Answer, Call, serving


def foreign(folder: Path, **document: Any) -> Path:
    """Write an OpenAPI description that knows nothing of the kit."""
    path = folder / "things.yaml"
    head = {"openapi": "3.0.3", "info": {"title": "Things", "version": "1"}}
    path.write_text(yaml.safe_dump({**head, **document}))
    return path


THING = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "id": {"type": "string", "readOnly": True},
        "name": {"type": "string", "maxLength": 5},
        "size": {"type": "integer", "minimum": 1, "nullable": True},
    },
}


def content(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


PATHS: dict[str, Any] = {
    "/things": {
        "post": {
            "requestBody": {"required": True, **content(THING)},
            "responses": {
                "201": {"description": "Made.", **content(THING)},
                "400": {"description": "No."},
            },
        },
        "get": {
            "parameters": [
                {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1}}
            ],
            "responses": {
                "200": {"description": "All.", **content({"type": "array", "items": THING})},
                "400": {"description": "No."},
            },
        },
    },
    "/things/{id}": {
        "get": {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
            ],
            "responses": {
                "200": {"description": "One.", **content(THING)},
                "404": {"description": "None."},
            },
        }
    },
}  # fmt: skip


def things(call: Call) -> Answer:
    """Serve things as their description says."""
    path, _, query = call.target.partition("?")
    if call.method == "GET" and path == "/things":
        limit = parse_qs(query, keep_blank_values=True).get("limit", ["1"])
        fits = len(limit) == 1 and limit[0].isascii() and limit[0].isdigit() and int(limit[0]) > 0
        return answer([]) if fits else Answer(400, b"")
    if call.method == "GET" and path.startswith("/things/"):
        return Answer(404, b"")
    if call.method != "POST" or path != "/things":
        return Answer(405, b"")
    is_json = "json" in call.headers.get("content-type", "")
    try:
        thing = parse(call.body)
    except ReadError:
        return Answer(400, b"")
    if not isinstance(thing, dict) or not _is_right(thing) or not is_json:
        return Answer(400, b"")
    return answer({**thing, "id": "1"}, 201)


def _is_right(thing: dict[Any, Any]) -> bool:
    size, name = thing.get("size"), thing.get("name")
    right_size = size is None or (type(size) is int and size >= 1)
    return right_size and isinstance(name, str) and len(name) <= 5


@pytest.mark.usefixtures("_generating")
def test_a_foreign_description_without_fixtures_works_from_end_to_end(tmp_path: Path) -> None:
    some = catalog.load(str(foreign(tmp_path, paths=PATHS)))
    with serving(things) as (url, calls):
        report = run(some, Settings(url, max_time=40, max_examples=10), lambda _: None)
    assert [one for one in report.findings if one.severity is Severity.ERROR] == []
    assert report.accepted > 5
    assert {call.method for call in calls} >= {"GET", "POST"}
    by_id = {result.clause.id: result.status for result in report.clauses}
    assert by_id["things.POST /things.accepts"] == "pass"
    assert by_id["things.POST /things.refuses"] == "pass"
    assert b'"id"' not in b"".join(call.body for call in calls if call.method == "POST")


@pytest.mark.usefixtures("_generating")
def test_a_foreign_description_finds_faults(tmp_path: Path) -> None:
    def serve(call: Call) -> Answer:
        given = things(call)
        return Answer(201, b'{"name": 7}') if given.status == 201 else given

    some = catalog.load(str(foreign(tmp_path, paths=PATHS)))
    with serving(serve) as (url, _):
        report = run(some, Settings(url, max_time=40, max_examples=10), lambda _: None)
    assert {one.clause for one in report.findings} == {"things.POST /things.response.201"}
    assert report.findings[0].curl is not None


@pytest.mark.usefixtures("_generating")
def test_a_description_of_reading_only_can_conform(tmp_path: Path) -> None:
    reading = {"/things": {"get": PATHS["/things"]["get"]}}
    some = catalog.load(str(foreign(tmp_path, paths=reading)))
    with serving(things) as (url, _):
        report = run(some, Settings(url, max_time=40, max_examples=10), lambda _: None)
    assert (report.verdict, report.findings) == (Verdict.CONFORMS, ())
    assert not any("accepted" in note for note in report.notes)


def test_a_description_without_operations_cannot_be_fuzzed(tmp_path: Path) -> None:
    some = catalog.load(str(foreign(tmp_path, paths={})))
    with pytest.raises(TargetError, match="no operation"):
        run(some, Settings("http://127.0.0.1:9"), lambda _: None)
