"""Campaigns of every provider against its own reference server."""

import pytest

from orderspec.contract import catalog
from orderspec.findings import CampaignReport, Severity, Verdict
from orderspec.fuzz.campaign import run
from orderspec.fuzz.settings import Settings
from orderspec.server.faults import behaviour, names
from orderspec.server.process import running_server

STRATA = ("structural", "validation", "robustness", "semantic", "stateful", "security")


@pytest.fixture(autouse=True)
def _published(monkeypatch: pytest.MonkeyPatch, _kiosk: None) -> None:
    """Show these tests the published contracts again."""
    monkeypatch.delenv(catalog.SPEC_VARIABLE)


def campaign(provider: str, *, fault: str | None = None) -> CampaignReport:
    """Run a campaign; one against a fault ends with its first finding."""
    with running_server(provider, fault=fault) as url:
        settings = Settings(
            url,
            credentials=behaviour(provider).credentials,
            examples_exist=True,
            max_time=120.0,
            max_examples=5,
            first_only=fault is not None,
        )
        return run(catalog.load(provider), settings, lambda _: None)


def fault_of(stratum: str) -> tuple[str, str]:
    """Choose a fault of a stratum that any request can show, of another provider for each."""
    found = {
        provider: fault.name
        for provider in names()
        for fault in behaviour(provider).faults
        if fault.stratum == stratum and not fault.rare
    }
    return sorted(found.items())[STRATA.index(stratum) % len(found)]


@pytest.mark.parametrize("provider", names())
def test_the_reference_server_conforms(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without schemathesis, which the benchmark of faults runs for longer."""
    monkeypatch.setattr("orderspec.fuzz.generation.SHARE", 0)
    report = campaign(provider)
    assert [(one.clause, one.message) for one in report.findings] == []
    assert (report.verdict, report.notes) == (Verdict.CONFORMS, ())
    assert report.accepted == report.valid > 5


@pytest.mark.parametrize("stratum", STRATA)
def test_a_fault_of_each_stratum_is_found(stratum: str) -> None:
    provider, fault = fault_of(stratum)
    report = campaign(provider, fault=fault)
    assert report.verdict is Verdict.VIOLATIONS
    assert any(one.severity is Severity.ERROR for one in report.findings)
    assert all("not again" not in one.message for one in report.findings)
