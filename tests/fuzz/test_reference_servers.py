"""Campaigns of every provider against its own reference server."""

import pytest

from orderspec.contract import catalog
from orderspec.findings import CampaignReport, Severity, Verdict
from orderspec.fuzz.campaign import run
from orderspec.fuzz.fixtures import fixtures_of
from orderspec.fuzz.settings import Settings
from orderspec.server.faults import behaviour, names
from orderspec.server.process import running_server

# Requests that are wrong on purpose show these; the fixtures, which come first, take their time.
ON_PURPOSE = ("validation", "robustness", "security")
STRATA = ("structural", "validation", "robustness", "semantic", "stateful", "security")


@pytest.fixture(autouse=True)
def _published(monkeypatch: pytest.MonkeyPatch, _kiosk: None) -> None:
    """Show these tests the published contracts again."""
    monkeypatch.delenv(catalog.SPEC_VARIABLE)


def campaign(provider: str, *, fault: str | None = None, max_time: float = 60.0) -> CampaignReport:
    """Run a campaign; one against a fault ends with its first finding."""
    with running_server(provider, fault=fault) as url:
        settings = Settings(
            url,
            credentials=behaviour(provider).credentials,
            examples_exist=True,
            max_time=max_time,
            max_examples=5,
            first_only=fault is not None,
        )
        return run(catalog.load(provider), settings, lambda _: None)


def fault_of(stratum: str) -> tuple[str, str]:
    """Choose a fault of a stratum that any request can show, of another provider for each."""
    providers = names()
    provider = providers[STRATA.index(stratum) % len(providers)]
    faults = behaviour(provider).faults
    return provider, next(one.name for one in faults if one.stratum == stratum and not one.rare)


@pytest.mark.parametrize("provider", names())
def test_the_reference_server_conforms(provider: str) -> None:
    """Without schemathesis, which the benchmark of faults runs for longer."""
    report = campaign(provider, max_time=4.0)
    assert [(one.clause, one.message) for one in report.findings] == []
    assert report.verdict in (Verdict.CONFORMS, Verdict.INCONCLUSIVE)
    assert report.accepted == report.valid > 5
    assert not any("could not be done" in note for note in report.notes)


@pytest.mark.parametrize("stratum", STRATA)
def test_a_fault_of_each_stratum_is_found(stratum: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if stratum in ON_PURPOSE:
        monkeypatch.setattr("orderspec.fuzz.steps.fixtures_of", lambda *of: fixtures_of(*of)[:3])
    provider, fault = fault_of(stratum)
    report = campaign(provider, fault=fault)
    assert report.verdict is Verdict.VIOLATIONS
    assert any(one.severity is Severity.ERROR for one in report.findings)
    assert all("not again" not in one.message for one in report.findings)
