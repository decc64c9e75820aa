"""What is kept of a contract counts as long as its files are the same."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orderspec.contract import bundle, catalog
from orderspec.contract.kept import CACHE_VARIABLE, bundled


@pytest.fixture
def description(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    folder = shutil.copytree(catalog.spec_folder() / "enad", tmp_path / "enad")
    return folder / catalog.DESCRIPTION


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every description that was read from YAML."""
    seen: list[Path] = []
    real = bundle.bundle

    def reading(path: Path) -> Any:
        seen.append(path)
        return real(path)

    monkeypatch.setattr(bundle, "bundle", reading)
    return seen


def test_what_is_kept_is_what_was_read(description: Path, read: list[Path]) -> None:
    assert bundled(description) == bundled(description)
    assert read == [description]
    assert bundled(description)[0] == bundle.bundle(description)


def renamed(folder: Path) -> None:
    schema = min((folder / "schemas").iterdir())
    schema.write_text(schema.read_text() + "\n# changed\n")


def added(folder: Path) -> None:
    (folder / "schemas" / "new.yaml").write_text("title: New\ntype: object\n")


def removed(folder: Path) -> None:
    (folder / "sources.yaml").unlink()


@pytest.mark.parametrize("change", [renamed, added, removed])
def test_any_change_of_a_file_is_seen(
    description: Path, read: list[Path], change: Callable[[Path], None]
) -> None:
    bundled(description)
    change(description.parent)
    bundled(description)
    assert len(read) == 2


@pytest.mark.parametrize("junk", [b"", b"{}", b"[]", b'{"files": []}', b"\xff"])
def test_a_damaged_cache_is_no_trouble(
    tmp_path: Path, description: Path, read: list[Path], junk: bytes
) -> None:
    bundled(description)
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_bytes(junk)
    assert bundled(description)[0]["openapi"]
    assert len(read) == 2


def test_nothing_is_kept_where_nobody_wants_it(
    tmp_path: Path, description: Path, read: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, "off")
    bundled(description)
    bundled(description)
    assert len(read) == 2
    assert not (tmp_path / "cache").exists()


def test_a_cache_that_cannot_be_written_is_no_trouble(
    tmp_path: Path, description: Path, read: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "file" / "cache"))
    assert bundled(description)[0]["openapi"]
    assert len(read) == 1


def test_the_users_cache_is_taken_by_default(
    tmp_path: Path, description: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(CACHE_VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    bundled(description)
    assert [path.suffix for path in (tmp_path / "user" / "orderspec").iterdir()] == [".json"]
