"""Campaigns against the conforming reference servers: each finding is a false alarm.

Usage: python -m benchmarks.clean [PROVIDER…] [--seeds 1,…,10] [--jobs N] [--results FILE]

Ends with 1 where one did not end with `conforms`, or found anything, and with 2 where one could not
be run. Outcomes go to a file as they come, and are not run again.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

from benchmarks.fault_tables import print_false_alarms
from benchmarks.jobs import work_through
from benchmarks.outcomes import RESULTS, OutcomeFile
from benchmarks.trials import KIT, Outcome, Trial, campaign
from orderspec.findings import Verdict
from orderspec.server.faults import names


def main() -> int:
    """Run what is missing, print the table; give the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("provider", nargs="*")
    parser.add_argument("--seeds", default="1,2,3,4,5,6,7,8,9,10")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--results", type=Path, default=RESULTS)
    options = parser.parse_args()
    providers = options.provider or names()
    seeds = [int(seed) for seed in options.seeds.split(",")]
    trials = [Trial(KIT, name, "", seed) for name in providers for seed in seeds]
    file = OutcomeFile(options.results)
    work_through(trials, file, options.jobs, lambda pool, trial: pool.submit(campaign, trial))
    outcomes = file.outcomes(trials)
    print("| provider | campaigns | verdicts | requests | seconds |\n|---|---|---|---|---|")
    for name in providers:
        _print_row(name, [one for one in outcomes if one.trial.provider == name])
    print_false_alarms(outcomes, [])
    if file.missing(trials):
        return 2
    return any(one.told or one.verdict != Verdict.CONFORMS for one in outcomes)


def _print_row(provider: str, outcomes: list[Outcome]) -> None:
    verdicts = Counter(one.verdict for one in outcomes)
    told = ", ".join(f"{number} {verdict}" for verdict, number in verdicts.items())
    spent = [f"{min(of, default=0):.0f} to {max(of, default=0):.0f}" for of in _spent(outcomes)]
    print(f"| {provider} | {len(outcomes)} | {told} | {' | '.join(spent)} |")


def _spent(outcomes: list[Outcome]) -> tuple[list[float], list[float]]:
    return [one.requests for one in outcomes], [one.seconds for one in outcomes]


if __name__ == "__main__":
    sys.exit(main())
