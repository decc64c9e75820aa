"""The site as Markdown holds all that its contracts say, and nothing in it is HTML but places."""

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from markdown_it import MarkdownIt

from orderspec import fixtures
from orderspec.contract import catalog
from orderspec.contract.clauses import promises
from orderspec.contract.topics import TOPICS, remarks
from orderspec.docs.examples import Valid, examples
from orderspec.docs.glossary import glossary
from orderspec.docs.site import build, markdown_site
from orderspec.docs.text import sentence
from orderspec.errors import UsageError
from orderspec.pointer import anchor
from tests.docs.conftest import ACME, PLAIN
from tests.docs.marked import Marked
from tests.docs.pages import Page, plain
from tests.docs.test_hostile import EVIL, description
from tests.docs.test_pages import NAMES, component, inferred_notes, members
from tests.docs.test_written import TRICKS

each_page = pytest.mark.parametrize("name", ["index", "glossary", *NAMES])
each_contract = pytest.mark.parametrize("name", NAMES)
each_provider = pytest.mark.parametrize("name", catalog.providers())

Pages = Mapping[str, Marked]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build every contract that the pages of HTML are built of."""
    names = catalog.providers()
    contracts = [(catalog.load(name), True) for name in names]
    contracts += [(catalog.load(str(path)), False) for path in (ACME, PLAIN)]
    folder = tmp_path_factory.mktemp("markdown")
    files = build(contracts, folder, "markdown")
    assert [file.name for file in files] == [
        f"{name}.md" for name in ("index", *names, "acme", "plain", "glossary")
    ]
    return folder


@pytest.fixture(scope="module")
def pages(made: Path) -> Pages:
    return {file.stem: Marked(file.read_text("utf-8")) for file in made.glob("*.md")}


@pytest.fixture(scope="module", params=[EVIL, TRICKS], ids=["html", "markdown"])
def hostile(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pages:
    evil, folder = request.param, tmp_path_factory.mktemp("hostile")
    (folder / "openapi.yaml").write_text(yaml.safe_dump(description(evil)), "utf-8")
    source = {"title": evil, "address": "javascript:alert(1)", "date": evil}
    (folder / "sources.yaml").write_text(yaml.safe_dump({"sources": {evil: source}}), "utf-8")
    files = markdown_site([(catalog.load(str(folder / "openapi.yaml")), False)])
    return {
        name.removesuffix(".md"): Marked(content.decode("utf-8"))
        for name, content in files.items()
        if name.endswith(".md")
    }


@each_contract
def test_a_link_to_a_place_of_the_html_page_leads_to_the_same_place(
    site: Mapping[str, Page], pages: Pages, name: str
) -> None:
    told = [
        one for one in site[name].ids if ":" not in one or one.startswith(("rules:", "source:"))
    ]
    assert len(told) > 5
    assert set(told) <= set(pages[name].ids)
    assert len(pages[name].ids) == len(set(pages[name].ids))


@each_contract
def test_every_operation_is_told_with_its_method_path_statuses_and_parameters(
    pages: Pages, name: str
) -> None:
    page, contract = pages[name], catalog.load(NAMES[name])
    assert contract.operations
    for operation in contract.operations.values():
        at = anchor(contract.name, ".", operation.id)
        assert f"{operation.method} {operation.path}" in page.parts[at]
        for status in operation.responses:
            assert page.parts[f"{at}.response.{status}"].split()[0] == status
        for one in operation.parameters:
            part = page.parts[f"{at}.{one.location}.{anchor(one.name)}"].split()
            assert part[:2] == [one.name, one.location]


@each_contract
def test_whatever_else_a_server_is_held_to_is_told(pages: Pages, name: str) -> None:
    contract = catalog.load(NAMES[name])
    for operation in contract.operations.values():
        for clause in promises(contract, operation):
            part = plain(pages[name].parts[anchor(clause.id)])
            assert part.startswith(f"{plain(clause.summary)} ({plain(clause.id)})")


@each_contract
def test_every_member_of_every_schema_is_told(pages: Pages, name: str) -> None:
    page, contract = pages[name], catalog.load(NAMES[name])
    for title in contract.schemas:
        places = [one for one in page.ids if one.split("/")[0].split("~")[0] == anchor(title)]
        for member, _ in members(component(contract, title)):
            ends = f"/{anchor(member)}", f"/${anchor(member)}"
            found = [place for place in places if place.endswith(ends)]
            assert found, f"{title} lacks {member}"
            assert all(member in page.parts[place] for place in found)


@each_contract
def test_a_member_is_told_with_its_type_its_limits_and_its_values(pages: Pages, name: str) -> None:
    page, contract = pages[name], catalog.load(NAMES[name])
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
            told += ["yes"] * (member in component(contract, title).get("required", ()))
            told += [plain(sentence(schema.get("description", "")).striptags())]
            for said in told:
                assert plain(said) in part, f"{title}.{member} is not told to be {said}"


@each_contract
def test_every_rule_is_told_in_words_and_in_cel_beside_its_evidence(
    pages: Pages, name: str
) -> None:
    page, contract = pages[name], catalog.load(NAMES[name])
    for rule in contract.rules.values():
        at = anchor(rule.id)
        part = plain(page.parts[at])
        assert part.startswith(plain(rule.message))
        for expression in filter(None, (rule.each, rule.when, rule.check)):
            assert ("cel", expression.strip()) in page.code[at]
        assert rule.evidence
        for said in (rule.evidence.level, rule.evidence.note):
            assert plain(said) in part
        assert plain(contract.sources[rule.evidence.source].title) in part


@each_provider
def test_every_rule_shows_what_keeps_it_beside_what_breaks_it(pages: Pages, name: str) -> None:
    page, signs = pages[name], ""
    for rule in catalog.load(name).rules:
        at = anchor(rule)
        (shown,) = (text for language, text in page.code[at] if language == "diff")
        signs += "".join(line[0] for line in shown.split("\n"))
        assert "Kept by" in page.parts[at]
        assert "Broken by" in page.parts[at]
    assert set(signs) == {"+", "-", " "}


@each_contract
def test_every_example_is_shown_in_three_languages_with_its_answer(pages: Pages, name: str) -> None:
    page, contract = pages[name], catalog.load(NAMES[name])
    every = [*fixtures.payloads(contract), *fixtures.exchanges(contract)]
    own = Valid.of(every if name in catalog.providers() else ())
    for operation in contract.operations.values():
        first, *others = examples(contract, operation, own)
        assert ("python", first.python) in page.all_code
        assert ("javascript", first.javascript) in page.all_code
        for one in (first, *others):
            assert ("sh", one.curl) in page.all_code
            assert not one.answer or ("json", one.answer) in page.all_code


@each_contract
def test_every_source_and_every_open_question_is_told(pages: Pages, name: str) -> None:
    page, contract = pages[name], catalog.load(NAMES[name])
    for source in contract.sources.values():
        assert plain(source.title) in plain(page.parts[f"source:{anchor(source.id)}"])
        assert not source.address.startswith("https://") or source.address in page.targets
    notes = set(inferred_notes(contract.document))
    for note in notes:
        assert plain(note) in plain(page.parts["page:questions"])
    assert ("page:questions" in page.ids) == bool(notes)


@each_provider
def test_the_score_and_the_changes_of_a_contract_are_told(pages: Pages, name: str) -> None:
    page = pages[name]
    assert "What is not caught, and why:" in page.parts["page:score"]
    text = (catalog.spec_folder() / name / "CHANGELOG.md").read_text("utf-8")
    dates = [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]
    assert dates
    assert all(date in page.parts["page:changes"] for date in dates)


@each_provider
def test_the_index_lays_every_contract_beside_the_others(pages: Pages, name: str) -> None:
    contract, page = catalog.load(name), pages["index"]
    for one in remarks(contract.document):
        assert plain(one.words.replace("`", "")) in page.text
    assert all(title in page.text for title in TOPICS.values())
    for operation in contract.operations.values():
        assert f"{name}.md#{anchor(name, '.', operation.id)}" in page.targets
    assert f"{len(contract.operations)} operations, {len(contract.schemas)} schemas" in page.text


def test_the_glossary_tells_every_keyword_and_its_uses(pages: Pages) -> None:
    terms = glossary([])
    assert terms
    for term in terms:
        part = plain(pages["glossary"].parts[anchor(term.name)])
        assert part.startswith(term.name)
        for meaning in term.meanings:
            assert plain(meaning.why.striptags()) in part
    assert "In use:" in pages["glossary"].parts["x-evidence"]


@each_page
def test_every_link_leads_to_a_place_or_to_the_web(pages: Pages, made: Path, name: str) -> None:
    inside = [one for one in pages[name].targets if not one.startswith(("https://", "http://"))]
    assert inside
    for target in inside:
        file, _, place = target.partition("#")
        assert (made / (unquote(file) or f"{name}.md")).is_file(), target
        page = pages.get(unquote(file).removesuffix(".md") or name)
        assert not place or (page and unquote(place) in page.ids), target


@each_page
def test_nothing_is_html_but_places_and_tables_and_fences_are_whole(
    pages: Pages, name: str
) -> None:
    is_whole(pages[name])


def is_whole(page: Marked) -> None:
    assert page.raw == []
    assert all(len(set(lines)) == 1 for lines in page.tables())
    assert [(mark, end) for mark, end in page.fences() if mark != end] == []
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(page.source)
    assert not [one for one in tokens if one.type.startswith("html")]
    assert len(tokens) == len(page.tokens), "a place is text within a block, not a block"


def test_hostile_text_becomes_neither_html_nor_a_block(hostile: Pages) -> None:
    for page in hostile.values():
        is_whole(page)
        assert not [one for one in page.targets if "script" in unquote(one).partition("#")[0]]
    (told,) = (one for name, one in hostile.items() if name not in ("index", "glossary"))
    assert told.text.count("<script>alert(1)</script>") > 30
    assert [one.tag for one in told.tokens if one.type == "heading_open"].count("h1") == 1


def test_every_link_inside_a_hostile_page_leads_somewhere(hostile: Pages) -> None:
    for name, page in hostile.items():
        assert len(page.ids) == len(set(page.ids))
        for target in page.targets:
            file, _, place = target.partition("#")
            if place:
                other = hostile[unquote(file).removesuffix(".md") or name]
                assert unquote(place) in other.ids
    assert sum(len(page.targets) for page in hostile.values()) > 20


def test_a_description_of_others_has_no_more_than_it_says(pages: Pages) -> None:
    page = pages["plain"]
    assert not {"page:rules", "page:questions", "page:sources", "page:score"} & set(page.ids)
    assert "Sells things. <b>Nothing else.</b>" in page.text
    assert "Sells **things**. &lt;b>Nothing else.&lt;/b>" in page.source
    at = "plain.PUT%20/things/%7Bid%7D.request"
    assert plain(page.parts[f"{at}/name"]) == "name string or null yes at least 1 character"
    assert plain(page.parts[f"{at}/sizes[]"]) == "sizes[] number > 0"
    told = plain(page.parts[f"{at}/box~oneOf-1/width"])
    assert told.startswith("box.width (exactly one of, 2) string")
    assert "GET /things/{id} deprecated" in page.text
    assert "ETag header: Its version." in page.text


def test_two_pages_of_one_name_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    contract = catalog.load(catalog.providers()[0])
    with pytest.raises(UsageError, match="two pages would be named"):
        build([(contract, True), (contract, False)], tmp_path / "site", "markdown")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["a/b", "a~not", "a[]", "plain"])
def test_a_member_is_a_row_of_its_own_whatever_its_name(tmp_path: Path, name: str) -> None:
    schema = {"type": "object", "properties": {name: {"properties": {"inner": {}}}}}
    whole = {
        "openapi": "3.1.0",
        "info": {"title": "Odd", "version": "1"},
        "paths": {},
        "components": {"schemas": {"Odd": schema}},
    }
    file = tmp_path / "odd.json"
    file.write_text(json.dumps(whole), "utf-8")
    page = build([(catalog.load(str(file)), False)], tmp_path / "site", "markdown")[1]
    written = page.read_text("utf-8")
    assert f"</a>`{name}` |" in written
    assert f"</a>`{name}.inner` |" in written
