"""Contracts are found by their folders."""

from pathlib import Path

import pytest

from orderspec.contract import catalog
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
