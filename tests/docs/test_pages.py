"""A page holds all that its contract says, and leads nowhere else than it should."""

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from orderspec import exact_json, fixtures
from orderspec.contract import catalog
from orderspec.contract.clauses import clauses
from orderspec.contract.model import Contract
from orderspec.docs.examples import Valid, examples
from orderspec.findings import ClauseKind, Severity
from orderspec.pointer import anchor
from orderspec.validation.engine import Direction, Options, judge
from tests.docs.conftest import ACME, PLAIN
from tests.docs.pages import Page, plain

LARGEST = 400_000
NAMES = {**{name: name for name in catalog.providers()}, "acme": str(ACME), "plain": str(PLAIN)}
each_page = pytest.mark.parametrize("name", ["index", "glossary", *NAMES])
each_contract = pytest.mark.parametrize("name", NAMES)
each_provider = pytest.mark.parametrize("name", catalog.providers())

Site = Mapping[str, Page]


def members(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Walk a schema for the members that it names itself, at any depth."""
    for keyword, value in schema.items() if isinstance(schema, dict) else ():
        inside = value if isinstance(value, list) else [value]
        if keyword in ("properties", "patternProperties", "$defs"):
            inside = list(value.values())
            yield from value.items()
        if keyword not in ("examples", "example", "default", "enum", "const"):
            for one in inside:
                yield from members(one)


def inferred_notes(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        evidence = value.get("x-evidence")
        if isinstance(evidence, dict) and evidence["level"] == "inferred":
            yield evidence["note"]
        for item in value.values():
            yield from inferred_notes(item)
    elif isinstance(value, list):
        for item in value:
            yield from inferred_notes(item)


def component(contract: Contract, title: str) -> Any:
    return contract.document["components"]["schemas"][title]


@each_contract
def test_every_operation_has_a_place_with_its_method_path_and_statuses(
    site: Site, name: str
) -> None:
    page, contract = site[name], catalog.load(NAMES[name])
    assert contract.operations
    for operation in contract.operations.values():
        place = anchor(contract.name, ".", operation.id)
        assert f"{operation.method} {operation.path}" in plain(page.parts[place])
        for status in operation.responses:
            assert page.parts[f"{place}.response.{status}"].split()[0] == status
        for parameter in operation.parameters:
            assert f"{place}.{parameter.location}.{anchor(parameter.name)}" in page.ids


@each_contract
def test_every_clause_that_a_server_is_held_to_has_a_place(site: Site, name: str) -> None:
    page, held = site[name], clauses(catalog.load(NAMES[name]))
    assert held
    for clause in held.values():
        assert anchor(clause.id) in page.ids
        if clause.kind not in (ClauseKind.SCHEMA, ClauseKind.RULE):
            assert plain(clause.summary) in plain(page.parts[anchor(clause.id)])


@each_contract
def test_every_member_of_every_schema_has_a_place(site: Site, name: str) -> None:
    page, contract = site[name], catalog.load(NAMES[name])
    for title in contract.schemas:
        places = [one for one in page.ids if one.split("/")[0].split("~")[0] == anchor(title)]
        assert anchor(title) in places
        found = [member for member, _ in members(component(contract, title))]
        for member in found:
            ends = f"/{anchor(member)}", f"/${anchor(member)}"
            assert any(place.endswith(ends) for place in places), f"{title} lacks {member}"
        assert len(places) > len(set(found))


@each_contract
def test_a_member_is_told_with_its_type_its_limits_and_its_values(site: Site, name: str) -> None:
    page, contract = site[name], catalog.load(NAMES[name])
    for title in contract.schemas:
        for member, schema in component(contract, title).get("properties", {}).items():
            part = plain(page.parts[f"{anchor(title)}/{anchor(member)}"])
            types = schema.get("type", [])
            told = [types] if isinstance(types, str) else types
            told = ["list" if one == "array" else one for one in told]
            told += [
                str(schema[one]) for one in ("maxLength", "pattern", "format") if one in schema
            ]
            told += [str(value) for value in schema.get("enum", ()) if value is not None]
            told += ["read-only"] * bool(schema.get("readOnly"))
            told += ["deprecated"] * bool(schema.get("deprecated"))
            told += ["required"] * (member in component(contract, title).get("required", ()))
            for words in told:
                assert plain(words) in part, f"{title}.{member} is not told to be {words}"


@each_contract
def test_every_rule_is_told_in_words_and_in_cel_beside_its_evidence(site: Site, name: str) -> None:
    page, contract = site[name], catalog.load(NAMES[name])
    for rule in contract.rules.values():
        part = plain(page.parts[anchor(rule.id)])
        for words in (rule.message, rule.check, rule.when, rule.each):
            assert plain(words or "") in part
        assert rule.evidence
        assert rule.evidence.level in part
        before = page.ids[: page.ids.index(anchor(rule.id))]
        group = next(place for place in reversed(before) if place.startswith("rules:"))
        title = plain(contract.sources[rule.evidence.source].title)
        assert title in part or f"no source is named, it is {title}." in plain(page.parts[group])
        assert plain(rule.evidence.note) in part


@each_provider
def test_every_rule_has_a_fixture_that_keeps_it_and_one_that_breaks_it(
    site: Site, name: str
) -> None:
    contract = catalog.load(name)
    for rule in contract.rules:
        part = plain(site[name].parts[anchor(rule)])
        told = re.search(r"Example: .*? (?:([\w-]+/) )?\+ ([\w/-]+) - ([\w/-]+)", part)
        assert told, rule
        for file in told[2], told[3]:
            path = fixtures.folder_of(contract) / f"{told[1] or ''}{file}.json"
            assert path.is_file(), (rule, path)


@each_contract
def test_every_note_of_what_is_inferred_is_among_the_open_questions(site: Site, name: str) -> None:
    page, notes = site[name], set(inferred_notes(catalog.load(NAMES[name]).document))
    places = [place for place in page.ids if place.startswith(("page:questions", "question:"))]
    asked = plain(" ".join(page.parts[place] for place in places))
    for note in notes:
        assert plain(note) in asked
    assert ("page:questions" in page.ids) == bool(notes)
    assert "the whole description" not in asked


@each_contract
def test_every_source_has_a_place(site: Site, name: str) -> None:
    for source in catalog.load(NAMES[name]).sources.values():
        assert plain(source.title) in plain(site[name].parts[f"source:{anchor(source.id)}"])


@each_page
def test_every_link_leads_to_a_place_or_to_the_web(site: Site, folder: Path, name: str) -> None:
    targets = site[name].targets()
    assert targets
    for target in targets:
        file, _, place = target.partition("#")
        if target.startswith(("https://", "http://")):
            continue
        assert (folder / (unquote(file) or f"{name}.html")).is_file(), target
        assert not place or place in site[unquote(file).removesuffix(".html") or name].ids, target


@each_page
def test_no_two_places_have_one_id(site: Site, name: str) -> None:
    assert len(site[name].ids) == len(set(site[name].ids))


@each_page
def test_a_page_loads_its_own_style_and_script_and_nothing_else(site: Site, name: str) -> None:
    page = site[name]
    active = {"img", "iframe", "object", "embed", "audio", "video", "base", "form", "image", "use"}
    assert not active & {tag for tag, _ in page.tags}
    assert [a for tag, a in page.tags if tag == "script"] == [{"src": "site.js"}]
    assert [a for tag, a in page.tags if tag == "link"] == [
        {"rel": "stylesheet", "href": "site.css"}
    ]
    for tag, attributes in page.tags:
        assert not attributes.keys() & {"srcset", "style", "action", "background", "xlink:href"}
        assert "src" not in attributes or tag == "script"
        assert not [one for one in attributes if one.startswith("on")]
    (policy,) = (a["content"] for _, a in page.tags if "content" in a and "http-equiv" in a)
    assert policy.startswith("default-src 'none'; style-src 'self' file:; script-src 'self' file:;")
    assert "unsafe" not in policy
    assert "url(" not in page.text
    assert "@import" not in page.text


@each_page
def test_a_page_is_not_too_large(site: Site, name: str) -> None:
    assert 0 < site[name].size < LARGEST


@each_provider
def test_every_example_shown_is_one_that_the_contract_allows(site: Site, name: str) -> None:
    contract, code = catalog.load(name), site[name].code
    every = [*fixtures.payloads(contract), *fixtures.exchanges(contract)]
    for operation in contract.operations.values():
        example, *others = examples(contract, operation, Valid.of(every))
        assert {one.curl for one in (example, *others)} <= set(code)
        words = shlex.split(example.curl)
        assert words[0] == "curl"
        assert (operation.body is not None) == ("-d" in words)
        if operation.body:
            body = exact_json.from_text(words[words.index("-d") + 1])
            options = Options(direction=Direction.REQUEST)
            found = judge(contract, operation.body, body, options).findings
            assert [one for one in found if one.severity is Severity.ERROR] == []
        answer = operation.response_for(example.status)
        if answer and answer.schema and example.answer:
            assert (
                judge(contract, answer.schema, exact_json.from_text(example.answer)).findings == ()
            )
