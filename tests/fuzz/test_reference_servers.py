"""Campaigns of every provider against its own reference server."""

import pytest

from orderspec.campaigns import CampaignReport
from orderspec.contract import catalog
from orderspec.exchange import Exchange
from orderspec.findings import Severity, Verdict
from orderspec.fuzz.campaign import run
from orderspec.fuzz.cases import Case, Intent
from orderspec.fuzz.observer import Observer
from orderspec.fuzz.settings import Settings
from orderspec.server.faults import behaviour, names
from orderspec.server.process import running_server
from tests.samples import sample

STRATA = ("structural", "validation", "robustness", "semantic", "stateful", "security")


@pytest.fixture(autouse=True)
def _published(monkeypatch: pytest.MonkeyPatch, _kiosk: None) -> None:
    """Show these tests the published contracts again."""
    monkeypatch.delenv(catalog.SPEC_VARIABLE)


class Refusals(Observer):
    """Collects the operations of valid requests that were refused."""

    def __init__(self) -> None:
        self.operations: set[str] = set()

    def judged(self, case: Case, exchange: Exchange, *, known: bool) -> None:
        del known
        if case.intent is Intent.ACCEPTED and not exchange.response.ok:
            self.operations.add(case.operation)


def campaign(
    provider: str, *, fault: str | None = None, observer: Observer | None = None
) -> CampaignReport:
    """Run a campaign; one against a fault ends with its first finding."""
    with running_server(provider, fault=fault) as url:
        settings = Settings(
            url,
            credentials=behaviour(provider).credentials,
            examples_exist=True,
            max_time=120.0,
            max_examples=4,
            first_only=fault is not None,
        )
        return run(catalog.load(provider), settings, lambda _: None, observer)


def fault_of(stratum: str) -> tuple[str, str]:
    """Choose a fault of a stratum that any request can show, of another provider for each."""
    found = {
        provider: fault.name
        for provider in names()
        for fault in behaviour(provider).faults
        if fault.stratum == stratum and not fault.rare
    }
    return sorted(found.items())[STRATA.index(stratum) % len(found)]


@pytest.mark.parametrize("provider", sample(names(), one_of=3))
def test_the_reference_server_conforms(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without schemathesis, which the benchmark of faults runs for longer."""
    monkeypatch.setattr("orderspec.fuzz.generation.SHARE", 0)
    refusals = Refusals()
    report = campaign(provider, observer=refusals)
    assert [(one.clause, one.message) for one in report.findings] == []
    assert (report.verdict, report.notes) == (Verdict.CONFORMS, ())
    # What changes an order is refused where the order's state forbids it; nothing else may be.
    operations = catalog.load(provider).operations.values()
    changes = {one.id for one in operations if one.method != "GET" and "{" in one.path}
    assert refusals.operations <= changes
    assert report.accepted > 5


@pytest.mark.parametrize("stratum", STRATA)
def test_a_fault_of_each_stratum_is_found(stratum: str) -> None:
    provider, fault = fault_of(stratum)
    report = campaign(provider, fault=fault)
    assert report.verdict is Verdict.VIOLATIONS
    assert any(one.severity is Severity.ERROR for one in report.findings)
    assert all("not again" not in one.message for one in report.findings)
