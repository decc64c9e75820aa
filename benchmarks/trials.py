"""One campaign, or one run of stock Schemathesis, against a reference server with one fault.

A process keeps the servers that it started, one for each provider, and changes their faults.
"""

import atexit
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any, Self

from benchmarks.stock import Budget, flagged
from benchmarks.switchboard import Board, switchboard
from orderspec.campaigns import CampaignReport
from orderspec.contract import catalog
from orderspec.contract.model import Contract
from orderspec.findings import Severity
from orderspec.fuzz.access import Access, access_for
from orderspec.fuzz.campaign import run
from orderspec.fuzz.settings import Settings
from orderspec.server.faults import behaviour

KIT, STOCK = "kit", "stock"
SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Trial:
    """What to run.

    Attributes:
        tool: the kit, or stock.
        provider: whose server.
        fault: what is wrong with it, or an empty text: nothing.
        seed: the seed.
        terms: what else its outcome depends on, in words.
    """

    tool: str
    provider: str
    fault: str
    seed: int
    terms: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a trial.

    Attributes:
        trial: what was run.
        requests: how many requests the server got, those that Schemathesis sends ahead among them.
        seconds: how long it took.
        found: number of requests when the first finding was made (of severity error, for the
            kit), or None.
        found_seconds: seconds until then.
        told: the kit's findings, or the flags of stock.
        verdict: the kit's.
    """

    trial: Trial
    requests: int
    seconds: float
    found: int | None = None
    found_seconds: float | None = None
    told: tuple[str, ...] = ()
    verdict: str = ""

    def as_json(self) -> dict[str, Any]:
        """Give it as a value of JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """Read what `as_json` gave."""
        one = cls(**value)
        return replace(one, trial=Trial(**value["trial"]), told=tuple(one.told))


def campaign(trial: Trial) -> Outcome:
    """Run a campaign; one against a fault ends with its first finding of severity error."""
    report = report_of(trial)
    found = report.first_finding if _has_errors(report) else None
    return Outcome(
        trial,
        _board(trial.provider).requests(),
        report.seconds,
        found,
        None if found is None else report.seconds_to_first,
        tuple(f"{one.severity} {one.clause}: {one.message}" for one in report.findings),
        report.verdict,
    )


def report_of(trial: Trial) -> CampaignReport:
    """Run a campaign, as a user with the credentials of the server would."""
    settings = Settings(
        _switched(trial).url,
        trial.seed,
        behaviour(trial.provider).credentials,
        examples_exist=True,
        max_time=SECONDS,
        first_only=bool(trial.fault),
    )
    return run(catalog.load(trial.provider), settings, lambda _: None)


def stock(trial: Trial, requests: int, noise: frozenset[str] | None) -> Outcome:
    """Run stock Schemathesis for so many requests; where noise is known, until the first flag.

    Args:
        trial: what to run.
        requests: how many requests it may send.
        noise: what it flags on the conforming server, too; None: nobody knows yet.
    """
    contract, board = catalog.load(trial.provider), _switched(trial)
    budget = Budget(requests, trial.seed, board.requests, noise)
    started = time.monotonic()
    flags = flagged(contract, board.url, _access(contract), budget)
    first = min(flags.values(), key=lambda flag: flag.requests, default=None)
    return Outcome(
        trial,
        board.requests(),
        time.monotonic() - started,
        first.requests if first else None,
        first.seconds if first else None,
        tuple(sorted(flags)),
    )


def _access(contract: Contract) -> Access:
    """Give the credentials that every operation takes, in headers where that will do.

    Schemathesis leaves its user's headers out to see whether they are needed. What is added to a
    query it cannot leave out, and flags as ignored.
    """
    [operation, *_] = contract.operations.values()
    known = behaviour(contract.name).credentials
    for schemes in operation.security:
        if all(scheme.location == "header" for scheme in schemes):
            return access_for(operation, {scheme.name: known[scheme.name] for scheme in schemes})
    return access_for(operation, known)


def _has_errors(report: CampaignReport) -> bool:
    return any(finding.severity is Severity.ERROR for finding in report.findings)


def _switched(trial: Trial) -> Board:
    board = _board(trial.provider)
    board.switch(trial.fault)
    return board


@cache
def _board(provider: str) -> Board:
    running = ExitStack()
    atexit.register(running.close)
    return running.enter_context(switchboard(provider))
