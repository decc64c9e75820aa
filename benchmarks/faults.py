"""Which seeded faults a campaign finds, beside stock Schemathesis with as many requests.

Usage: python -m benchmarks.faults [PROVIDER…] [--seeds 1,2,3,4,5] [--only NAME…] [--no-stock]
       [--stock-requests N] [--jobs N] [--results FILE]

For each fault and seed a campaign runs until its first finding of severity error, against the
reference server with this fault. Stock Schemathesis gets the provider's bundle, all of its checks
and phases, and as many requests as the longest campaign against the conforming server sent, or N;
what it flags on the conforming server with any seed is no find. Requests count as the server gets
them. Outcomes go to a file as they come: the same command goes on where it was interrupted.

Ends with 1 where a fault was missed, or where a campaign raised a false alarm on the conforming
server, and with 2 where something could not be run.
"""

import argparse
import sys
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from benchmarks.fault_tables import print_false_alarms, print_misses, print_tables
from benchmarks.jobs import work_through
from benchmarks.outcomes import RESULTS, OutcomeFile
from benchmarks.trials import KIT, STOCK, Outcome, Trial, campaign, stock
from orderspec.server.faults import behaviour, names
from orderspec.server.provider import Fault


def main() -> int:
    """Run what is missing, print the tables; give the exit code."""
    options = _options()
    providers = options.provider or names()
    faults = {name: _faults(name, options.only) for name in providers}
    file = OutcomeFile(options.results)
    clean = [Trial(KIT, name, "", seed) for name in providers for seed in options.seeds]
    seeded = [
        Trial(KIT, name, fault.name, seed)
        for name in providers
        for fault in faults[name]
        for seed in options.seeds
    ]
    wanted = clean + seeded
    work_through(wanted, file, options.jobs, lambda pool, trial: pool.submit(campaign, trial))
    if not options.no_stock:
        wanted += _stock(clean, seeded, file, options)
    outcomes = file.outcomes(wanted)
    false_alarms = [one for one in outcomes if one.trial.tool == KIT and _is_false(one)]
    print_false_alarms(file.outcomes(clean), [one for one in outcomes if _is_noise(one)])
    for name in providers:
        print_tables(name, faults[name], [one for one in outcomes if one.trial.provider == name])
    missed = print_misses(file.outcomes(seeded))
    if file.missing(wanted):
        print(f"{len(file.missing(wanted))} trials could not be run: run this again.")
        return 2
    return 1 if missed or false_alarms else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("provider", nargs="*")
    parser.add_argument("--seeds", default="1,2,3,4,5", type=_seeds)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--no-stock", action="store_true")
    parser.add_argument("--stock-requests", type=int)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--results", type=Path, default=RESULTS)
    return parser.parse_args()


def _seeds(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _faults(provider: str, only: list[str]) -> list[Fault]:
    return [one for one in behaviour(provider).faults if not only or one.name in only]


def _stock(
    clean: list[Trial], seeded: list[Trial], file: OutcomeFile, options: argparse.Namespace
) -> list[Trial]:
    """Run stock: first against the conforming servers, which tells its noise; give its trials."""
    budgets: dict[str, int] = {}
    for one in file.outcomes(clean):
        name = one.trial.provider
        budgets[name] = max(budgets.get(name, 0), options.stock_requests or one.requests)
    seeds = ",".join(map(str, options.seeds))
    first, then = (
        [
            replace(one, tool=STOCK, terms=f"{budgets[one.provider]} requests, seeds {seeds}")
            for one in trials
        ]
        for trials in (clean, seeded)
    )

    def alone(pool: ProcessPoolExecutor, trial: Trial) -> "Future[Outcome]":
        return pool.submit(stock, trial, budgets[trial.provider], None)

    work_through(first, file, options.jobs, alone)
    noise: dict[str, frozenset[str]] = {}
    for one in file.outcomes(first):
        name = one.trial.provider
        noise[name] = noise.get(name, frozenset()) | frozenset(one.told)

    def beside(pool: ProcessPoolExecutor, trial: Trial) -> "Future[Outcome]":
        return pool.submit(stock, trial, budgets[trial.provider], noise[trial.provider])

    work_through(then, file, options.jobs, beside)
    return first + then


def _is_false(outcome: Outcome) -> bool:
    return not outcome.trial.fault and bool(outcome.told)


def _is_noise(outcome: Outcome) -> bool:
    return outcome.trial.tool == STOCK and not outcome.trial.fault


if __name__ == "__main__":
    sys.exit(main())
