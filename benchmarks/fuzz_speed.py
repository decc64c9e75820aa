"""How fast campaigns are: requests a second, what is accepted, and the time to find all faults.

Usage: ``make bench-fuzz``, or ``python -m benchmarks.fuzz_speed [PROVIDER] [--seconds S]
[--rounds N] [--faults N] [--stock-requests N]``.

Campaigns of one and of two processes and stock Schemathesis run in turns, round after round, for
as many seconds each against the reference server, which runs in a process of its own; figures are
medians, and the ratio is the median of the rounds' ratios to one process. The reference server
takes as much processor time as a campaign, so on two processors two processes find none free: one
and two are compared on a server in Node, too, where there is node. Then each of the faults
(or N of them, evenly chosen) is looked for with seed 1: time until the first finding, or until all
was sent; for stock, until a flag that the conforming server does not draw, or N requests.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import schemathesis
from schemathesis.engine import events, from_schema

from benchmarks.trials import KIT, STOCK, Trial, campaign, stock
from orderspec.contract import catalog
from orderspec.contract.bundle import published
from orderspec.contract.model import Contract
from orderspec.fuzz.access import access_for
from orderspec.server.faults import behaviour
from orderspec.server.process import child_server, running_server

ENDLESS = 1_000_000
_NODE = Path(__file__).parents[1] / "tests" / "stacks" / "threekit" / "server.mjs"
_TOKENS = {
    "publicToken": "b2f1c9de-55a1-4c39-8d27-0a64c1f7e3b8",
    "privateToken": "77e0a3c4-91bd-4f0e-a1c6-3d5b8e92f410",
}
SUCCESS = 2


@dataclass(frozen=True, slots=True)
class Pass:
    """What one run did.

    Attributes:
        requests: requests that were answered.
        seconds: how long it took.
        valid: requests with a body that the contract allows (in the words of who sent them), and
        accepted: how many of them got a success.
    """

    requests: int
    seconds: float
    valid: int
    accepted: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def main() -> None:
    """Measure and print the tables."""
    options = _options()
    contract = catalog.load(options.provider)
    field: dict[str, Callable[[int], Pass]] = {
        "orderspec, 1 process": lambda seed: _kit(contract, seed, options.seconds, 1),
        "orderspec, 2 processes": lambda seed: _kit(contract, seed, options.seconds, 2),
        "stock Schemathesis": lambda seed: _stock(contract, seed, options.seconds),
    }
    print(f"{contract.name}, Python {platform.python_version()}, {os.cpu_count()} CPUs", end=", ")
    print(f"{options.rounds} rounds of {options.seconds:g} s\n")
    rounds = [
        {name: one(2 * number + 1) for name, one in field.items()}
        for number in range(options.rounds)
    ]
    _print_speed(list(field), rounds)
    _print_in_node(options.rounds, options.seconds)
    if options.faults:
        _print_faults(contract.name, options.faults, options.stock_requests)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz_speed", description=__doc__)
    parser.add_argument("provider", nargs="?", default="square")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--faults", type=int, default=ENDLESS, help="0 for none")
    parser.add_argument("--stock-requests", type=int, default=250)
    return parser.parse_args()


def _print_in_node(number: int, seconds: float) -> None:
    """Compare one process with two where the server leaves the processors to them."""
    if shutil.which("node") is None:
        print("\nNo node on this machine, so no server that leaves the processors free.")
        return
    contract = catalog.load("threekit")
    field: dict[str, Callable[[int, Sequence[str]], Pass]] = {
        "orderspec, 1 process": lambda seed, at: _kit(contract, seed, seconds, 1, at),
        "orderspec, 2 processes": lambda seed, at: _kit(contract, seed, seconds, 2, at),
    }
    rounds = []
    for turn in range(number):
        results = {}
        for name, one in field.items():
            with child_server(["node", str(_NODE), *_TOKENS.values()]) as (url, _):
                at = ["--url", url]
                for scheme, token in _TOKENS.items():
                    at += ["--credential", f"{scheme}={token}"]
                results[name] = one(2 * turn + 1, at)
        rounds.append(results)
    print(f"\n{contract.name} in Node:\n")
    _print_speed(list(field), rounds)


def _kit(
    contract: Contract, seed: int, seconds: float, workers: int, at: Sequence[str] = ()
) -> Pass:
    """Run the command as its users do: its own start counts, and nothing is warm from before."""
    words = [sys.executable, "-m", "orderspec", "fuzz", contract.name, "--format", "json", *at]
    words += ["--seed", str(seed), "--max-time", f"{seconds:g}", "--workers", str(workers)]
    words += ["--max-examples", str(ENDLESS)]
    done = subprocess.run(words, stdout=subprocess.PIPE, check=False)
    report = json.loads(done.stdout)
    for finding in report["findings"]:
        said = f"{finding['clause']} {finding['message']}"
        print(f"FALSE ALARM, seed {seed}: {said}", file=sys.stderr)
    valid = report["valid"]
    return Pass(report["requests"], report["seconds"], valid["sent"], valid["accepted"])


def _stock(contract: Contract, seed: int, seconds: float) -> Pass:
    """Run all phases and checks until the time is over; count what it calls valid itself."""
    operation = next(iter(contract.operations.values()))
    access = access_for(operation, behaviour(contract.name).credentials)
    counts: Counter[str] = Counter()
    with running_server(contract.name) as url:
        config = {
            "seed": seed,
            "base-url": url,
            "headers": dict(access.headers),
            "continue-on-failure": True,
            "max-time": int(seconds),
            "cache": {"enabled": False},
            "suppress-health-check": ["all"],
            "generation": {"database": "none", "max-examples": ENDLESS},
        }
        schema = schemathesis.openapi.from_dict(
            published(contract.document), config=schemathesis.Config.from_dict(config)
        )
        schema.hook("map_case")(_with_query(dict(access.query)))
        started = time.monotonic()
        with closing(from_schema(schema).execute().generator) as stream:
            for event in stream:
                if isinstance(event, events.ScenarioFinished):
                    counts.update(_counted(event.recorder))
        took = time.monotonic() - started
    return Pass(counts["requests"], took, counts["valid"], counts["accepted"])


def _with_query(query: dict[str, str]) -> Callable[[Any, Any], Any]:
    def add(context: Any, case: Any) -> Any:
        del context
        if query:
            case.query = {**case.query, **query}
        return case

    return add


def _counted(recorder: Any) -> Counter[str]:
    counts: Counter[str] = Counter()
    for identifier, interaction in recorder.interactions.items():
        if interaction.response is None:
            continue
        counts["requests"] += 1
        node = recorder.cases.get(identifier)
        meta = node.value.meta if node is not None else None
        has_body = bool(interaction.request.body)
        if meta is not None and meta.generation.mode.is_positive and has_body:
            counts["valid"] += 1
            counts["accepted"] += interaction.response.status_code // 100 == SUCCESS
    return counts


def _print_speed(names: Sequence[str], rounds: Sequence[dict[str, Pass]]) -> None:
    print("| | requests a second | ratio | valid requests with a body | 2xx among them |")
    print("|---|---|---|---|---|")
    for name in names:
        passes = [one[name] for one in rounds]
        rate = median(one.rate for one in passes)
        ratio = median(one[name].rate / one[names[0]].rate for one in rounds)
        valid = median(one.valid for one in passes)
        share = median(one.accepted / one.valid if one.valid else 0.0 for one in passes)
        print(f"| {name} | {rate:.1f} | {ratio:.2f} | {valid:g} | {share:.0%} |")


def _print_faults(provider: str, number: int, stock_requests: int) -> None:
    faults = [one.name for one in behaviour(provider).faults]
    chosen = faults[:: max(1, -(-len(faults) // number))]
    noise = frozenset(stock(Trial(STOCK, provider, "", 1), stock_requests, None).told)
    kit = [campaign(Trial(KIT, provider, name, 1)) for name in chosen]
    rival = [stock(Trial(STOCK, provider, name, 1), stock_requests, noise) for name in chosen]
    print(f"\n| {len(chosen)} of {len(faults)} faults | found | seconds | requests |")
    print("|---|---|---|---|")
    for name, outcomes in (("orderspec", kit), ("stock Schemathesis", rival)):
        found = sum(one.found is not None for one in outcomes)
        seconds = sum(_until(one.found_seconds, one.seconds) for one in outcomes)
        requests = sum(_until(one.found, one.requests) for one in outcomes)
        print(f"| {name} | {found} | {seconds:.0f} | {requests:g} |")
    missed = [one for one in kit if one.found is None]
    if missed:
        print("missed:", ", ".join(one.trial.fault for one in missed))


def _until(found: float | None, all_of_it: float) -> float:
    """Give what it took until a fault was found, or all that was spent in vain."""
    return all_of_it if found is None else found


if __name__ == "__main__":
    main()
