"""The tables of faults: found, requests and seconds, for the kit and for stock."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from benchmarks.trials import KIT, STOCK, Outcome
from orderspec.server.provider import Fault

HEAD = ("faults", "kit", "stock", "requests, kit", "stock", "seconds, kit", "stock")


def print_false_alarms(campaigns: Sequence[Outcome], noise: Sequence[Outcome]) -> None:
    """Print what was raised on conforming servers."""
    alarms = sum(len(one.told) for one in campaigns)
    print(f"\n{len(campaigns)} clean campaigns, {alarms} false alarms")
    for one in campaigns:
        for told in one.told:
            print(f"- FALSE ALARM: {one.trial.provider}, seed {one.trial.seed}: {told}")
    raised: dict[str, set[str]] = defaultdict(set)
    for one in noise:
        raised[one.trial.provider] |= set(one.told)
    for provider, flags in raised.items():
        print(f"\nstock raises {len(flags)} flags on the conforming server of {provider}:")
        for flag in sorted(flags):
            print(f"- {flag}")


def print_tables(provider: str, faults: Sequence[Fault], outcomes: Sequence[Outcome]) -> None:
    """Print a row for each stratum: how many are found with every seed, and how soon.

    Where some seeds find what others miss, the number found with any seed follows after a stroke.
    """
    print(f"\n## {provider}\n\n| stratum | {' | '.join(HEAD)} |\n|{'---|' * (len(HEAD) + 1)}")
    seeded = [one for one in outcomes if one.trial.fault]
    for stratum, group in _groups(faults):
        chosen = {fault.name for fault in group}
        kit, stock = (
            [one for one in seeded if one.trial.tool == tool and one.trial.fault in chosen]
            for tool in (KIT, STOCK)
        )
        cells = [stratum, str(len(group)), _found(kit), _found(stock)]
        cells += [_median(one.found for one in kit), _median(one.found for one in stock)]
        cells += [_median(one.found_seconds for one in kit)]
        cells += [_median(one.found_seconds for one in stock)]
        print(f"| {' | '.join(cells)} |")


def print_misses(outcomes: Iterable[Outcome]) -> int:
    """Print what the kit missed, and with which seeds; give the number."""
    missed = [one.trial for one in outcomes if one.found is None]
    for trial in missed:
        print(f"MISSED: {trial.provider} {trial.fault}, seed {trial.seed}")
    return len(missed)


def _groups(faults: Sequence[Fault]) -> Iterator[tuple[str, list[Fault]]]:
    for stratum in dict.fromkeys(fault.stratum for fault in faults):
        yield stratum, [fault for fault in faults if fault.stratum == stratum]
    yield "rare among them", [fault for fault in faults if fault.rare]
    yield "all", list(faults)


def _found(outcomes: Sequence[Outcome]) -> str:
    if not outcomes:
        return ""
    by_fault: dict[str, list[bool]] = defaultdict(list)
    for one in outcomes:
        by_fault[one.trial.fault].append(one.found is not None)
    always, ever = (sum(map(how, by_fault.values())) for how in (all, any))
    return str(always) if always == ever else f"{always} / {ever}"


def _median(numbers: Iterable[float | None]) -> str:
    known = [number for number in numbers if number is not None]
    return f"{median(known):.3g}" if known else ""
