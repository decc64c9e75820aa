"""Descriptions that others wrote get a page too, with what they have and nothing made up."""

import shlex
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from orderspec.contract import catalog
from orderspec.docs.site import build
from orderspec.errors import ContractError, UsageError
from tests.docs.pages import Page, plain, read


@pytest.fixture(scope="module")
def page(site: Mapping[str, Page]) -> Page:
    return site["plain"]


def test_a_plain_description_has_no_rules_questions_or_sources(page: Page) -> None:
    assert not {"page:rules", "page:questions", "page:sources"} & set(page.ids)
    assert {"page:operations", "page:schemas"} <= set(page.ids)


def test_its_texts_are_markdown_without_html(page: Page) -> None:
    assert "Sells things. <b>Nothing else.</b>" in page.text
    assert "strong" in {tag for tag, _ in page.tags}


def test_a_body_without_a_name_is_drawn_where_it_stands(page: Page) -> None:
    place = "plain.PUT%20/things/%7Bid%7D.request"
    assert plain(page.parts[f"{place}/name"]) == "name string or null required at least 1 character"
    assert plain(page.parts[f"{place}/sizes"]) == "sizes list of number 1 inside"
    assert plain(page.parts[f"{place}/sizes[]"]) == "each element number > 0"
    assert plain(page.parts[f"{place}/parts"]) == "parts list of Thing"
    assert f"{place}/box~oneOf-1/width" in page.ids
    assert "with ghost" in page.text
    assert "no other members" in page.text


def test_what_a_description_tells_of_an_operation_is_there(page: Page) -> None:
    for words in (
        "GET /things/{id} deprecated",
        "None of that id.",
        "application/json, application/xml",
        "ETag header",
        "Its version.",
        "access: nothing, or key",
        "text/csv",
        "api_key in the query",
        "How deep.",
        "one of red green null",
    ):
        assert words in page.text


def test_examples_come_from_the_description(page: Page) -> None:
    shown = [shlex.split(code.replace("\\\n", "")) for code in page.code if "curl " in code]
    body = ["-H", "Content-Type: application/json", "-d", '{"name": "Nut", "ghost": 1}']
    assert [words[1:] for words in shown] == [
        ["https://api.example/v1/things/t%201"],
        ["-X", "PUT", "https://api.example/v1/things/t%201", *body],
        ["-X", "POST", "https://api.example/v1/upload"],
    ]
    assert '{"name": "Bolt"}' in page.code


def test_a_file_named_like_a_provider_borrows_no_fixtures_of_it(tmp_path: Path) -> None:
    name = catalog.providers()[0]
    source = catalog.spec_folder() / name / catalog.DESCRIPTION
    contract = catalog.load(str(source))
    assert contract.name == name
    page = read(build([(contract, False)], tmp_path)[1])
    assert "+ keeps it" not in page.text
    assert "- breaks it" not in page.text


def test_two_pages_of_one_name_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    contract = catalog.load(catalog.providers()[0])
    with pytest.raises(UsageError, match="two pages would be named"):
        build([(contract, True), (contract, False)], tmp_path / "site")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "broken",
    [
        {"servers": ["https://shop.example"]},
        {"paths": {"/a": {"get": {"responses": {"200": {"description": "x", "headers": [1]}}}}}},
        {"components": {"schemas": {"A": {"properties": ["a"]}}}},
    ],
)
def test_a_description_that_is_not_whole_is_told(tmp_path: Path, broken: dict[str, object]) -> None:
    file = tmp_path / "odd.yaml"
    head = {"openapi": "3.1.0", "info": {"title": "Odd", "version": "1"}, "paths": {}}
    file.write_text(yaml.safe_dump(head | broken), "utf-8")
    with pytest.raises(ContractError, match="not a whole OpenAPI description"):
        build([(catalog.load(str(file)), False)], tmp_path / "site")
    assert not (tmp_path / "site").exists()


def drawn(tmp_path: Path, schemas: dict[str, object]) -> Page:
    """Build the page of a description with one answer, of the first schema."""
    schema = {"$ref": f"#/components/schemas/{next(iter(schemas))}"}
    answer = {"description": "It.", "content": {"application/json": {"schema": schema}}}
    whole = {
        "openapi": "3.1.0",
        "info": {"title": "Odd", "version": "1", "description": "|a|b|\n|:--|--:|\n|1|2|"},
        "paths": {"/a": {"get": {"operationId": "a", "responses": {"200": answer}}}},
        "components": {"schemas": schemas},
    }
    file = tmp_path / "odd.yaml"
    file.write_text(yaml.safe_dump(whole), "utf-8")
    return read(build([(catalog.load(str(file)), False)], tmp_path / "site")[1])


def part(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def test_a_long_chain_of_schemas_is_drawn_as_far_as_anybody_opens_it(tmp_path: Path) -> None:
    chain: dict[str, object] = {
        f"S{number}": {"type": "object", "properties": {"next": part(f"S{number + 1}")}}
        for number in range(400)
    }
    page = drawn(tmp_path, chain | {"S400": {"type": "string"}})
    assert "S399/next" in page.ids


def test_schemas_that_are_each_one_of_all_the_others_are_drawn(tmp_path: Path) -> None:
    names = [f"T{number}" for number in range(14)]
    every: dict[str, object] = {
        name: {
            "properties": {f"own{name}": {"type": "string"}},
            "oneOf": [part(other) for other in names if other != name],
        }
        for name in names
    }
    assert set(names) <= set(drawn(tmp_path, every).ids)


def test_members_with_odd_names_have_addresses_of_their_own(tmp_path: Path) -> None:
    odd = ["a/b", "a", "a[]", "a~not", "a~1b", "#", "%", " ", "<b>", "__proto__", "constructor"]
    inner = {"type": "object", "properties": {"b": {"type": "string"}}}
    properties: dict[str, object] = dict.fromkeys(odd, inner)
    more = {"a": {"type": "number"}}
    page = drawn(tmp_path, {"Odd": {"properties": properties, "patternProperties": more}})
    assert len(page.ids) == len(set(page.ids))
    targets = [target for target in page.targets() if target.startswith("#")]
    assert {target[1:] for target in targets} <= set(page.ids)


def test_a_table_of_a_description_is_aligned_without_a_style(tmp_path: Path) -> None:
    page = drawn(tmp_path, {"Odd": {"type": "string"}})
    assert [a for tag, a in page.tags if tag == "th"] == [{"class": "left"}, {"class": "right"}]
    assert not [a for _, a in page.tags if "style" in a]


@pytest.mark.parametrize("leads_on", ["A", "B"])
def test_an_example_may_stand_elsewhere_but_not_nowhere(tmp_path: Path, leads_on: str) -> None:
    examples = {"A": {"$ref": f"#/components/examples/{leads_on}"}, "B": {"value": {"far": 1}}}
    body = {"schema": {}, "examples": {"one": {"$ref": "#/components/examples/A"}}}
    operation = {
        "operationId": "a",
        "requestBody": {"content": {"application/json": body}},
        "responses": {"200": {"description": "It."}},
    }
    whole = {
        "openapi": "3.1.0",
        "info": {"title": "Odd", "version": "1"},
        "paths": {"/a": {"post": operation}},
        "components": {"examples": examples},
    }
    file = tmp_path / "odd.yaml"
    file.write_text(yaml.safe_dump(whole), "utf-8")
    contracts = [(catalog.load(str(file)), False)]
    if leads_on == "A":
        with pytest.raises(ContractError, match="leads back to itself"):
            build(contracts, tmp_path / "site")
    else:
        page = read(build(contracts, tmp_path / "site")[1])
        assert any('{"far": 1}' in code for code in page.code)
