"""The site around the pages: what lies side by side, what can be found, what can be taken away."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from orderspec import exact_json, fixtures
from orderspec.contract import catalog
from orderspec.contract.bundle import published
from orderspec.contract.lint.vocabulary import (
    EVERYWHERE,
    ON_BUNDLED_FILES,
    ON_RULED_OBJECTS,
    ON_SCHEMAS,
)
from orderspec.contract.topics import TOPICS, remarks
from orderspec.docs.downloads import json_schema_of
from orderspec.docs.glossary import glossary
from orderspec.docs.site import build
from orderspec.errors import UsageError
from orderspec.pointer import anchor
from tests.docs.conftest import ACME
from tests.docs.pages import Page, plain, read

Site = Mapping[str, Page]
Found = Mapping[str, list[list[str]]]
each_provider = pytest.mark.parametrize("name", catalog.providers())


@pytest.fixture(scope="module")
def index(folder: Path) -> Found:
    """Read what the search reads: the entries of each page."""
    script = (folder / "search.js").read_text("ascii")
    text = script.removeprefix("globalThis.orderspecIndex = ").removesuffix(";\n")
    return {one["file"].removesuffix(".html"): one["entries"] for one in json.loads(text)}


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            yield from objects(inner)


@each_provider
def test_every_topic_of_every_contract_stands_side_by_side_with_its_place(
    site: Site, name: str
) -> None:
    said = list(remarks(catalog.load(name).document))
    assert {one.topic for one in said} == TOPICS.keys()
    text = site["index"].text
    for one in said:
        assert plain(one.words.replace("`", "")) in text
    places = {target.partition("#")[2] for target in site["index"].targets() if name in target}
    assert len(places) > len(TOPICS)


@each_provider
def test_a_picture_leads_to_every_operation_and_names_what_can_follow(
    site: Site, name: str
) -> None:
    contract = catalog.load(name)
    for page, before in (("index", f"{name}.html#"), (name, f"{name}.html#")):
        targets = site[page].targets()
        for operation in contract.operations.values():
            assert f"{before}{anchor(name, '.', operation.id)}" in targets
            assert f"{operation.method} {operation.path}" in site[page].text
    drawn = site[name].parts[f"head:{name}"]
    for operation in contract.operations.values():
        first = next(iter(operation.links), None)
        assert first is None or first.name in drawn


@each_provider
def test_the_picture_of_an_answer_names_the_lists_of_an_order(site: Site, name: str) -> None:
    assert "[ ]" in site["index"].parts[f"head:{name}"]


@each_provider
def test_the_search_knows_every_operation_status_schema_rule_and_member(
    site: Site, index: Found, name: str
) -> None:
    contract = catalog.load(name)
    by_kind: dict[str, dict[str, str]] = {}
    for kind, title, place, _ in index[name]:
        assert place in site[name].ids, place
        by_kind.setdefault(kind, {})[place] = title
    for operation in contract.operations.values():
        place = anchor(name, ".", operation.id)
        assert by_kind["operation"][place] == f"{operation.method} {operation.path}"
        assert {f"{place}.response.{status}" for status in operation.responses} <= by_kind[
            "answer"
        ].keys()
    assert by_kind["rule"].keys() == {anchor(rule) for rule in contract.rules}
    assert set(by_kind["schema"].values()) == set(contract.schemas)
    for title in contract.schemas:
        schema = contract.document["components"]["schemas"][title]
        for member in schema.get("properties", {}):
            assert by_kind["member"][f"{anchor(title)}/{anchor(member)}"] == f"{title}.{member}"


def test_the_search_leads_to_every_keyword(site: Site, index: Found) -> None:
    assert {place for _, _, place, _ in index["glossary"]} <= set(site["glossary"].ids)
    known = {**EVERYWHERE, **ON_SCHEMAS, **ON_RULED_OBJECTS, **ON_BUNDLED_FILES}
    assert {title for _, title, _, _ in index["glossary"]} == known.keys()


def test_the_glossary_tells_of_each_keyword_what_it_means_and_where_it_is_used(site: Site) -> None:
    page = site["glossary"]
    used = {
        keyword
        for name in catalog.providers()
        for one in objects(catalog.load(name).document)
        for keyword in one
        if keyword.startswith("x-") and keyword in page.ids
    }
    assert {"x-evidence", "x-rules", "x-topics", "x-refusal"} <= used
    for keyword in used:
        assert "In use:" in page.parts[keyword], keyword
    assert page.parts["x-refusal"].count(" on ") == 2, "on schemas, and on operations"


def test_without_a_guide_the_glossary_has_the_words_of_the_linter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ACME.parent, tmp_path / "acme")
    monkeypatch.setenv("ORDERSPEC_SPEC", str(tmp_path))
    words = {term.name: term.meanings for term in glossary([])}
    assert words.keys() == {*EVERYWHERE, *ON_SCHEMAS, *ON_RULED_OBJECTS, *ON_BUNDLED_FILES}
    assert str(words["x-fresh"][0].why) == ON_SCHEMAS["x-fresh"]
    pages = [read(file) for file in build([(catalog.load("acme"), True)], tmp_path / "site")]
    assert "page:manual" not in pages[-1].ids


@each_provider
def test_the_changes_of_a_contract_are_told(site: Site, name: str) -> None:
    told = plain(site[name].parts["page:changes"])
    text = (catalog.spec_folder() / name / "CHANGELOG.md").read_text("utf-8")
    dates = [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]
    assert dates == sorted(dates, reverse=True)
    for date in dates:
        assert date in told


@each_provider
def test_the_openapi_file_is_what_bundle_prints(folder: Path, name: str) -> None:
    content = exact_json.from_text((folder / f"{name}.openapi.json").read_bytes())
    assert content == exact_json.from_text(
        exact_json.to_text(published(catalog.load(name).document))
    )


@each_provider
def test_the_json_schema_judges_fixtures_as_the_contract_does(folder: Path, name: str) -> None:
    document = exact_json.from_text((folder / f"{name}.schema.json").read_bytes())
    jsonschema_rs.meta.validate(document)
    contract, judged = catalog.load(name), 0
    validators: dict[str, Any] = {}
    for one in fixtures.payloads(contract):
        if not one.violates:
            if one.schema not in validators:
                whole = {**document, "$ref": f"#/$defs/{one.schema}"}
                validators[one.schema] = jsonschema_rs.validator_for(whole)
            validators[one.schema].validate(one.body)
            judged += 1
    assert judged > 10


def test_references_in_the_json_schema_stay_inside_it() -> None:
    for name in catalog.providers():
        document = json_schema_of(catalog.load(name))
        references = [one["$ref"] for one in objects(document) if isinstance(one.get("$ref"), str)]
        assert references
        for reference in references:
            assert reference.split("/")[2] in document["$defs"], reference


def test_a_contract_may_not_take_the_name_of_another_page(tmp_path: Path) -> None:
    path = tmp_path / "glossary.yaml"
    shutil.copy(Path(__file__).with_name("plain.yaml"), path)
    with pytest.raises(UsageError, match="two pages would be named 'glossary'"):
        build([(catalog.load(str(path)), False)], tmp_path / "site")


def test_only_a_server_is_asked_to_try(site: Site) -> None:
    for page in site.values():
        assert "page:trial" not in page.ids
