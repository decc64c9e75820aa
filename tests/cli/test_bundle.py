"""`orderspec bundle` prints one document that stands on its own."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from orderspec import pointer
from orderspec.contract import catalog
from tests.cli.conftest import Run


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for member in value.values():
            yield from references(member)
    elif isinstance(value, list):
        for element in value:
            yield from references(element)


def test_the_bundle_is_the_openapi_document_with_every_schema_inside(run: Run) -> None:
    document = json.loads(run("bundle", "shop").stdout)
    assert document["openapi"].startswith("3.1")
    assert document["components"]["schemas"]["Basket"]["required"] == ["id", "buyer", "total"]


def test_the_bundle_goes_to_a_file_on_request(run: Run, tmp_path: Path) -> None:
    printed = run("bundle", "shop").stdout
    result = run("bundle", "shop", "-o", "shop.json")
    assert (result.exit_code, result.stdout) == (0, "")
    assert (tmp_path / "shop.json").read_text("utf-8") == printed


def test_an_unknown_provider_leaves_no_file(run: Run, tmp_path: Path) -> None:
    assert run("bundle", "shopp", "-o", "shop.json").exit_code == 2
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_told(run: Run) -> None:
    result = run("bundle", "shop", "-o", "nowhere/shop.json")
    assert result.exit_code == 2
    assert result.stderr == "Error: nowhere/shop.json: No such file or directory\n"


@pytest.mark.parametrize("provider", catalog.providers())
def test_every_reference_of_a_bundle_stays_inside_and_leads_somewhere(
    run: Run, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ORDERSPEC_SPEC")
    result = run("bundle", provider)
    document = json.loads(result.stdout)
    found = set(references(document))
    assert found
    for reference in found:
        assert reference.startswith("#/")
        pointer.follow(document, pointer.parse(reference))


@pytest.mark.parametrize("provider", catalog.providers())
def test_a_bundle_names_no_path_of_this_machine(
    run: Run, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ORDERSPEC_SPEC")
    assert str(catalog.spec_folder().parent) not in run("bundle", provider).stdout
