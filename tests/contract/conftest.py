"""A small contract to break: a copy of `acme` for each test."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from orderspec.contract.lint import Report, lint
from orderspec.rules.lint import check_cel

ACME = Path(__file__).with_name("acme")


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the small contract.

    Attributes:
        folder: where it lies.
    """

    folder: Path

    @property
    def description(self) -> Path:
        """The OpenAPI file."""
        return self.folder / "openapi.yaml"

    def change(self, file: str, old: str, new: str) -> None:
        """Replace a text that stands in a file exactly once."""
        path = self.folder / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), "utf-8")

    def write(self, file: str, text: str) -> None:
        """Add a file."""
        (self.folder / file).write_text(text, "utf-8")

    def place(self, file: str, words: str) -> str:
        """Write ``file:line:column`` of where the words first stand."""
        path = self.folder / file
        before = path.read_text("utf-8").partition(words)[0]
        column = len(before) - (before.rfind("\n") + 1) + 1
        line = before.count("\n") + 1
        return f"{path}:{line}:{column}"

    def lint(self) -> Report:
        """Lint it with every check that there is."""
        return lint(self.description, (check_cel,))


@pytest.fixture
def acme(tmp_path: Path) -> Copy:
    """Give a contract that is clean until the test breaks it."""
    folder = tmp_path / "acme"
    shutil.copytree(ACME, folder)
    return Copy(folder)
