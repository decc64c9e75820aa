"""A contract's score, from a recorded campaign to shares and survivors."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from orderspec.contract.model import Contract
from orderspec.score.judging import Fate, judge_all
from orderspec.score.mutants import ALL_OPERATORS, Kind, Mutant, sample
from orderspec.score.reasons import Because, Reason, load_reasons
from orderspec.score.recording import Recording
from orderspec.scores import Score, Share, Survivor


@dataclass(frozen=True, slots=True)
class Effort:
    """How much to do.

    Attributes:
        seed: the same seed chooses the same faults.
        most: how many mutants.
        workers: processes.
    """

    seed: int
    most: int
    workers: int


def score(
    contract: Contract,
    folder: Path,
    recording: Recording,
    effort: Effort,
    progress: Callable[[int, int], None],
) -> Score:
    """Score a contract by the exchanges of a clean campaign.

    Args:
        contract: the contract.
        folder: where it lives, with the reasons for what survives.
        recording: the exchanges.
        effort: how much.
        progress: is called with the number of mutants judged, and of all.

    Raises:
        ContractError: the reasons have another form, or name what is not there.
    """
    started = time.monotonic()
    reasons = load_reasons(contract, folder, ALL_OPERATORS)
    mutants = sample(contract, recording, effort.seed, effort.most)
    fates = judge_all(
        contract, recording, mutants, effort.workers, lambda judged: progress(judged, len(mutants))
    )
    return Score(
        contract.name,
        effort.seed,
        sum(map(recording.is_measure, range(len(recording.exchanges)))),
        *_shares(mutants, fates, reasons),
        _survivors(mutants, fates, reasons),
        _unused(mutants, fates, reasons),
        time.monotonic() - started,
    )


def _shares(
    mutants: Sequence[Mutant], fates: Sequence[Fate], reasons: Sequence[Reason]
) -> tuple[Share, dict[str, Share], dict[str, Share]]:
    total, operators, members = (
        Share(),
        defaultdict[str, Share](Share),
        defaultdict[str, Share](Share),
    )
    for mutant, fate in zip(mutants, fates, strict=True):
        reason = None if fate.caught else reason_for(reasons, mutant.kind)
        is_equivalent = reason is not None and reason.because is Because.EQUIVALENT
        share = Share(1, int(bool(fate.caught)), int(is_equivalent))
        total += share
        operators[mutant.kind.operator] += share
        members[mutant.kind.member] += share
    return total, dict(sorted(operators.items())), dict(sorted(members.items()))


def reason_for(reasons: Iterable[Reason], kind: Kind) -> Reason | None:
    """Find the first reason that speaks of a kind of fault."""
    return next((reason for reason in reasons if reason.covers(kind)), None)


def _survivors(
    mutants: Sequence[Mutant], fates: Sequence[Fate], reasons: Sequence[Reason]
) -> tuple[Survivor, ...]:
    of: dict[Kind, int] = defaultdict(int)
    alive: dict[Kind, list[Fate]] = defaultdict(list)
    for mutant, fate in zip(mutants, fates, strict=True):
        of[mutant.kind] += 1
        if not fate.caught:
            alive[mutant.kind].append(fate)
    return tuple(
        _survivor(kind, alive[kind], of[kind], reason_for(reasons, kind))
        for kind in sorted(
            alive, key=lambda kind: (kind.operation, kind.status, kind.at, kind.operator)
        )
    )


def _survivor(kind: Kind, fates: list[Fate], of: int, reason: Reason | None) -> Survivor:
    return Survivor(
        kind.operator,
        kind.at,
        kind.operation,
        kind.status,
        len(fates),
        of,
        next((fate.warned for fate in fates if fate.warned), ""),
        reason.reason if reason else "",
        str(reason.because) if reason else "",
    )


def _unused(
    mutants: Sequence[Mutant], fates: Sequence[Fate], reasons: Sequence[Reason]
) -> tuple[str, ...]:
    """Name the operators and places of reasons that no survivor needs."""
    alive = {m.kind for m, fate in zip(mutants, fates, strict=True) if not fate.caught}
    needed: set[tuple[int, str]] = set()
    for kind in alive:
        for number, reason in enumerate(reasons):
            if reason.covers(kind):
                needed |= {(number, part) for parts in reason.parts(kind) for part in parts}
                break
    return tuple(
        f"{part or 'the whole answer'}: {reason.reason}"
        for number, reason in enumerate(reasons)
        for part in (*reason.operators, *reason.places)
        if (number, part) not in needed
    )
