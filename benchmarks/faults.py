"""Which seeded faults a campaign finds, beside stock Schemathesis with as many requests.

Usage: python -m benchmarks.faults [PROVIDER…] [--seeds 1,2,3] [--only NAME…] [--no-stock]
       [--stock-requests N]

For each fault a reference server with this fault is started, and a campaign runs until its first
finding of severity error. Stock Schemathesis gets the provider's bundle, all of its checks and
phases, and as many requests as the campaign may send, or N; what it flags on the conforming
server too is no find. Ends with 1 where a fault was missed, or where a campaign or a check raised
a false alarm on the conforming server.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from benchmarks.stock import Budget, flagged
from orderspec.contract import catalog
from orderspec.contract.model import Contract
from orderspec.findings import CampaignReport, Severity
from orderspec.fuzz.access import Access, access_for
from orderspec.fuzz.campaign import run
from orderspec.fuzz.settings import Settings
from orderspec.server.faults import behaviour, names
from orderspec.server.process import running_server
from orderspec.server.provider import Fault

SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Row:
    """One fault: requests to the first finding for each seed (None: missed), and stock's."""

    fault: Fault
    requests: tuple[int | None, ...]
    clauses: frozenset[str]
    stock: int | None


def main() -> int:
    """Print the tables; give the exit code."""
    options = _options()
    missed = 0
    for provider in options.provider or names():
        contract = catalog.load(provider)
        sent, noise = _baseline(contract, options.seeds, stock=not options.no_stock)
        budget = options.stock_requests or sent
        rows = list(_rows(contract, options, budget, noise))
        _print(provider, rows, options.seeds, stock=not options.no_stock)
        missed += sum(None in row.requests for row in rows)
    return 1 if missed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("provider", nargs="*")
    parser.add_argument("--seeds", default="1,2,3", type=_seeds)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--no-stock", action="store_true")
    parser.add_argument("--stock-requests", type=int)
    return parser.parse_args()


def _seeds(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _baseline(contract: Contract, seeds: list[int], *, stock: bool) -> tuple[int, frozenset[str]]:
    """Run against the conforming server: how many requests a campaign sends, what stock flags."""
    sent = 0
    for seed in seeds:
        report, _ = _campaign(contract, seed, None, first_only=False)
        sent = max(sent, report.requests)
        for finding in report.findings:
            print(f"FALSE ALARM, seed {seed}: {finding.clause} {finding.message}")
            sys.exit(1)
    if not stock:
        return sent, frozenset()
    with running_server(contract.name) as url:
        flags = flagged(contract, url, _access(contract), Budget(sent, seeds[0]))
    for flag in sorted(flags):
        print(f"stock flags on the conforming server: {flag}")
    return sent, frozenset(flags)


def _rows(
    contract: Contract, options: argparse.Namespace, budget: int, noise: frozenset[str]
) -> Iterator[Row]:
    for fault in behaviour(contract.name).faults:
        if options.only and fault.name not in options.only:
            continue
        started = time.monotonic()
        requests, clauses = [], set()
        for seed in options.seeds:
            report, first = _campaign(contract, seed, fault.name, first_only=True)
            requests.append(first)
            clauses |= {
                finding.clause for finding in report.findings if finding.severity is Severity.ERROR
            }
        stock = None
        if not options.no_stock:
            with running_server(contract.name, fault=fault.name) as url:
                allowed = Budget(budget, options.seeds[0], noise)
                flags = flagged(contract, url, _access(contract), allowed)
            stock = min(flags.values(), default=None)
        seconds = time.monotonic() - started
        beside = "" if options.no_stock else f", stock {_cell(stock)}"
        told = f"{fault.name}: {requests} {sorted(clauses)}{beside} ({seconds:.0f} s)"
        print(told, file=sys.stderr)
        yield Row(fault, tuple(requests), frozenset(clauses), stock)


def _campaign(
    contract: Contract, seed: int, fault: str | None, *, first_only: bool
) -> tuple[CampaignReport, int | None]:
    credentials = behaviour(contract.name).credentials
    with running_server(contract.name, fault=fault) as url:
        settings = Settings(
            url,
            seed,
            credentials,
            examples_exist=True,
            max_time=SECONDS,
            first_only=first_only,
        )
        report = run(contract, settings, lambda _: None)
    errors = any(finding.severity is Severity.ERROR for finding in report.findings)
    return report, report.first_finding if errors else None


def _access(contract: Contract) -> Access:
    operation = next(iter(contract.operations.values()))
    return access_for(operation, behaviour(contract.name).credentials)


def _print(provider: str, rows: list[Row], seeds: list[int], *, stock: bool) -> None:
    print(f"\n## {provider}: requests to the first finding\n")
    head = ["fault", "stratum", "rare", *(f"seed {seed}" for seed in seeds)]
    head += ["stock"] if stock else []
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        cells = [row.fault.name, row.fault.stratum, "rare" if row.fault.rare else ""]
        cells += [_cell(number) for number in row.requests]
        cells += [_cell(row.stock)] if stock else []
        print(f"| {' | '.join(cells)} |")
    _print_summary(rows, stock=stock)


def _print_summary(rows: list[Row], *, stock: bool) -> None:
    """Print how many faults of each stratum are found with every seed, and how soon."""
    head = ["stratum", "faults", "found", "requests, median"] + (
        ["found by stock"] if stock else []
    )
    print(f"\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    strata = list(dict.fromkeys(row.fault.stratum for row in rows))
    groups = {name: [row for row in rows if row.fault.stratum == name] for name in strata}
    groups |= {"rare among them": [row for row in rows if row.fault.rare], "all": rows}
    for name, group in groups.items():
        spent = [number for row in group for number in row.requests if number is not None]
        found = sum(None not in row.requests for row in group)
        cells = [name, str(len(group)), str(found), f"{median(spent):g}" if spent else ""]
        cells += [str(sum(row.stock is not None for row in group))] if stock else []
        print(f"| {' | '.join(cells)} |")


def _cell(number: int | None) -> str:
    return "missed" if number is None else str(number)


if __name__ == "__main__":
    sys.exit(main())
