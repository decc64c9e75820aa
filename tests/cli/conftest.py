"""The command line against a small contract of its own: tests/cli/spec."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from orderspec.campaigns import CampaignReport
from orderspec.cli import fuzz, main
from orderspec.contract.model import Contract
from orderspec.findings import Verdict
from orderspec.fuzz.settings import Progress, Settings

SPEC = Path(__file__).parent / "spec"

Run = Callable[..., Result]
Show = Callable[[Progress], None]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command in an empty folder; its contracts are those of tests/cli/spec."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ORDERSPEC_SPEC", os.fspath(SPEC))
    monkeypatch.setenv("PYTHONPATH", os.fspath(SPEC.parents[2] / "src"))

    def call(*arguments: str, **settings: Any) -> Result:
        return CliRunner().invoke(main, arguments, **settings)

    return call


def nothing_found(contract: Contract, settings: Settings) -> CampaignReport:
    """Report a campaign in which nothing was sent."""
    return CampaignReport(
        contract.name, settings.url, settings.seed, Verdict.CONFORMS, 0, {}, 0.0, (), (), 0, 0
    )


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """Keep the command from running a campaign: collect what it would run it with."""
    seen: list[Settings] = []

    def run_nothing(contract: Contract, some: Settings, show: Show) -> CampaignReport:
        del show
        seen.append(some)
        return nothing_found(contract, some)

    monkeypatch.setattr(fuzz, "run", run_nothing)
    return seen
