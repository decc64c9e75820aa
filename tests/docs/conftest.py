"""The pages, built once: every provider's, a small contract's, and those of a plain description."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from orderspec.contract import catalog
from orderspec.docs.site import build
from tests.docs.pages import Page, read

ACME = Path(__file__).resolve().parents[1] / "contract" / "acme" / "openapi.yaml"
PLAIN = Path(__file__).with_name("plain.yaml")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build them all into one folder."""
    names = catalog.providers()
    contracts = [(catalog.load(name), True) for name in names]
    contracts += [(catalog.load(str(path)), False) for path in (ACME, PLAIN)]
    made = tmp_path_factory.mktemp("site")
    files = build(contracts, made)
    assert [file.stem for file in files] == ["index", *names, "acme", "plain", "glossary"]
    return made


@pytest.fixture(scope="session")
def site(folder: Path) -> Mapping[str, Page]:
    """Give the pages by the names of their files, without suffix."""
    return {file.stem: read(file) for file in folder.glob("*.html")}
