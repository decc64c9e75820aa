"""Contracts are found by their folders."""

from pathlib import Path

import pytest

from orderspec.contract import catalog
from orderspec.contract.model import Table
from orderspec.errors import ContractError, UsageError
from tests.contract.conftest import Copy


def test_there_are_contracts() -> None:
    assert catalog.providers()


def test_a_folder_with_a_description_is_a_provider(
    acme: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    (acme.folder.parent / "empty").mkdir()
    monkeypatch.setenv(catalog.SPEC_VARIABLE, str(acme.folder.parent))
    assert catalog.providers() == ["acme"]
    assert catalog.load("acme").name == "acme"
    assert catalog.fixtures_folder() == acme.folder.parent.parent / "fixtures"


def test_a_description_is_loaded_by_its_path(acme: Copy) -> None:
    contract = catalog.load(str(acme.description))
    assert (contract.name, list(contract.schemas)) == ("acme", ["Money", "Order", "Refusal"])


def test_a_misspelt_provider_gets_the_nearest_name(
    acme: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(catalog.SPEC_VARIABLE, str(acme.folder.parent))
    with pytest.raises(UsageError, match=r"'acne'.*\nDid you mean acme"):
        catalog.load("acne")


def test_a_spec_folder_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(catalog.SPEC_VARIABLE, str(tmp_path / "none"))
    with pytest.raises(UsageError, match="no such folder"):
        catalog.spec_folder()


def test_sources_of_another_shape_are_an_error(acme: Copy) -> None:
    acme.write("sources.yaml", "- acme-guide\n")
    with pytest.raises(ContractError, match=r"sources\.yaml: it maps"):
        catalog.load(str(acme.description))


def test_sources_are_known_by_their_ids(acme: Copy) -> None:
    sources = catalog.load(str(acme.description)).sources
    guide = sources["acme-guide"]
    assert (guide.title, guide.date) == ("Guide to the orders of Acme", "2024-05-01")
    assert set(sources) == {"acme-guide", "acme-forum"}


def test_tables_give_each_printed_name_its_member(acme: Copy) -> None:
    order, path = catalog.load(str(acme.description)).sources["acme-guide"].tables
    assert (order.name, order.schema, order.operation) == ("Order", "Order", "")
    assert list(order.members) == ["id", "key", "placed (a time)", "state", "total", "lines"]
    assert order.members["placed (a time)"] == "placed_at"
    assert path == Table("Path of an order", {"id": "id"}, operation="RetrieveOrder")


def test_a_table_of_another_shape_is_an_error(acme: Copy) -> None:
    acme.change("sources.yaml", "members: [id]", "members: [[id]]")
    with pytest.raises(ContractError, match=r"sources\.yaml: it maps"):
        catalog.load(str(acme.description))


def test_a_description_of_the_working_folder_is_named_after_it(
    acme: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(acme.folder)
    assert catalog.load("openapi.yaml").name == acme.folder.name
