"""Trials in processes beside this one, as many at a time as were asked for."""

import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from benchmarks.outcomes import OutcomeFile
from benchmarks.trials import Outcome, Trial

# What Schemathesis and its parts keep in memory does not pile up; a pool that renews its processes
# by itself (max_tasks_per_child) stops for good in Python 3.11 when all are due at once.
TRIALS_EACH = 200


def work_through(
    trials: Sequence[Trial],
    file: OutcomeFile,
    jobs: int,
    submit: Callable[[ProcessPoolExecutor, Trial], "Future[Outcome]"],
) -> None:
    """Run the trials that have no outcome yet, and keep each outcome as soon as it is there.

    Args:
        trials: what is wanted.
        file: what is known.
        jobs: how many run at the same time.
        submit: hands a trial to a process of the pool.
    """
    missing = file.missing(trials)
    started = time.monotonic()
    context = get_context("spawn")
    count = 0
    for first in range(0, len(missing), TRIALS_EACH):
        with ProcessPoolExecutor(jobs, context) as pool:
            futures = {submit(pool, trial): trial for trial in missing[first : first + TRIALS_EACH]}
            try:
                for done in as_completed(futures):
                    count += 1
                    left = (time.monotonic() - started) / count * (len(missing) - count)
                    came = _kept(file, done)
                    line = f"[{count}/{len(missing)}, {left / 60:.0f} min left]"
                    print(f"{line} {_named(futures[done])}: {came}", file=sys.stderr, flush=True)
            finally:
                pool.shutdown(wait=False, cancel_futures=True)


def _kept(file: OutcomeFile, done: "Future[Outcome]") -> str:
    """Keep an outcome, and tell it; tell why there is none."""
    problem = done.exception()
    if problem is not None:
        return f"not run: {problem!r}"
    file.add(done.result())
    return _told(done.result())


def _named(trial: Trial) -> str:
    return f"{trial.tool} {trial.provider} {trial.fault or 'no fault'} {trial.seed}"


def _told(outcome: Outcome) -> str:
    found = "nothing" if outcome.found is None else f"after {outcome.found} requests"
    return f"{found} ({outcome.requests} requests, {outcome.seconds:.1f} s) {outcome.verdict}"
