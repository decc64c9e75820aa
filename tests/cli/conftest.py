"""The command line against a small contract of its own: tests/cli/spec."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from orderspec.cli import main

SPEC = Path(__file__).parent / "spec"

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command in an empty folder; its contracts are those of tests/cli/spec."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ORDERSPEC_SPEC", os.fspath(SPEC))
    monkeypatch.setenv("PYTHONPATH", os.fspath(SPEC.parents[2] / "src"))

    def call(*arguments: str, **settings: Any) -> Result:
        return CliRunner().invoke(main, arguments, **settings)

    return call
