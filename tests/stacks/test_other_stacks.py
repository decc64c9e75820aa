"""Campaigns against servers that were written in other languages, from the documents alone."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from orderspec.campaigns import CampaignReport
from orderspec.contract import catalog
from orderspec.findings import ClauseKind, Severity, Verdict
from orderspec.fuzz.campaign import run
from orderspec.fuzz.settings import Settings
from orderspec.server.process import child_server

HERE = Path(__file__).parent
TOKENS = ("b2f1c9de-55a1-4c39-8d27-0a64c1f7e3b8", "77e0a3c4-91bd-4f0e-a1c6-3d5b8e92f410")
TEAM, APP = "fjord", "outlet"
PRODUCT = "10c5a6e2-4b0e-4f43-a3a6-0a8d2a5b7c11"
VARIANTS = ("2f9d0b34-6f57-4c8e-8f0b-71e4c3d95a22", "38be17c0-92ad-4d1a-b6f4-5c0e9f7a1d33")


@contextmanager
def in_node() -> Iterator[str]:
    if shutil.which("node") is None:
        pytest.skip("there is no node on this machine")
    with child_server(["node", str(HERE / "threekit" / "server.mjs"), *TOKENS]) as (url, _):
        yield url


@contextmanager
def in_java(classes: Path) -> Iterator[str]:
    if shutil.which("javac") is None:
        pytest.skip("there is no compiler of Java on this machine")
    sources = sorted(map(str, (HERE / "enad").glob("*.java")))
    subprocess.run(["javac", "-Werror", "-Xlint:all", "-d", str(classes), *sources], check=True)
    command = ["java", "-cp", str(classes), "Enad", TEAM, APP, PRODUCT, *VARIANTS]
    with child_server(command) as (url, _):
        yield url


def campaign(provider: str, settings: Settings) -> CampaignReport:
    """Run a short campaign as a user of that server would, without schemathesis."""
    short = replace(settings, max_time=20.0, max_examples=5)
    return run(catalog.load(provider), short, lambda _: None)


def assert_no_alarm(report: CampaignReport) -> None:
    """A server that conforms draws no error, no word on shapes, and no doubt without a reason."""
    kinds = {result.clause.id: result.clause.kind for result in report.clauses}
    told = [(one.clause, one.message) for one in report.findings]
    assert [one for one in report.findings if one.severity is Severity.ERROR] == [], told
    assert not [one for one in report.findings if kinds.get(one.clause) is ClauseKind.SCHEMA], told
    assert report.verdict is Verdict.CONFORMS or report.notes
    assert report.accepted == report.valid > 5


@pytest.fixture(autouse=True)
def _without_schemathesis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orderspec.fuzz.generation.SHARE", 0)


def test_a_server_in_node_draws_no_alarm() -> None:
    credentials = dict(zip(("publicToken", "privateToken"), TOKENS, strict=True))
    with in_node() as url:
        assert_no_alarm(campaign("threekit", Settings(url, credentials=credentials)))


def test_a_server_in_java_draws_no_alarm(tmp_path: Path) -> None:
    values = {"team": (TEAM,), "app": (APP,), "product": (PRODUCT,), "variant": VARIANTS}
    with in_java(tmp_path) as url:
        assert_no_alarm(campaign("enad", Settings(url, values=values)))
