"""Judge mutants by the contract, as a campaign would have: no server, several processes."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context

from orderspec.contract.model import Contract
from orderspec.exchange import Exchange
from orderspec.findings import Finding, Severity
from orderspec.fuzz.checks import check, check_link
from orderspec.score.mutants import Mutant
from orderspec.score.recording import Pair, Recording

_CHUNK = 100


@dataclass(frozen=True, slots=True)
class Fate:
    """What came of a mutant.

    Attributes:
        caught: id of the first clause of severity error that it broke, or an empty string.
        warned: id of the first clause that only warned, where none of severity error was broken.
    """

    caught: str = ""
    warned: str = ""


class Judge:
    """Judges the mutants of one recording."""

    def __init__(self, contract: Contract, recording: Recording) -> None:
        """Keep what judging needs."""
        self._contract = contract
        self._recording = recording
        self._pairs: list[list[Pair]] = [[] for _ in recording.exchanges]
        for pair in recording.pairs:
            for number in {pair.first, pair.following}:
                self._pairs[number].append(pair)
        self._right = cache(self._told_of_right)

    def fate(self, mutant: Mutant) -> Fate:
        """Judge one wrong answer: alone, then beside each exchange that a link joins it with."""
        number = mutant.exchange
        wrong = replace(self._recording.exchanges[number].exchange, response=mutant.response)
        right = self._right(number)
        warned = ""
        for finding in self._findings(number, wrong):
            if _key(finding) not in right:
                if finding.severity is Severity.ERROR:
                    return Fate(caught=finding.clause)
                warned = warned or finding.clause
        return Fate(warned=warned)

    def _told_of_right(self, number: int) -> frozenset[tuple[str, str, str]]:
        exchange = self._recording.exchanges[number].exchange
        return frozenset(map(_key, self._findings(number, exchange)))

    def _findings(self, number: int, exchange: Exchange) -> Iterator[Finding]:
        judged = self._recording.exchanges[number]
        yield from check(self._contract, judged.case, exchange, known=judged.known).findings
        for pair in self._pairs[number]:
            first, following = (
                exchange if one == number else self._recording.exchanges[one].exchange
                for one in (pair.first, pair.following)
            )
            yield from check_link(self._contract, pair.link, first, following).findings


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.clause, finding.at, finding.keyword or ""


def judge_all(
    contract: Contract,
    recording: Recording,
    mutants: Sequence[Mutant],
    workers: int,
    progress: Callable[[int], None],
) -> list[Fate]:
    """Judge mutants; give their fates in the same order.

    Args:
        contract: the contract.
        recording: the exchanges that the mutants were made from.
        mutants: the wrong answers.
        workers: processes; with 1 it is done in this one.
        progress: is called with the number of those judged.
    """
    chunks = [mutants[start : start + _CHUNK] for start in range(0, len(mutants), _CHUNK)]
    fates: list[Fate] = []
    for judged in _judged(contract, recording, chunks, workers):
        fates += judged
        progress(len(fates))
    return fates


def _judged(
    contract: Contract, recording: Recording, chunks: list[Sequence[Mutant]], workers: int
) -> Iterator[list[Fate]]:
    if workers == 1:
        judge = Judge(contract, recording)
        yield from ([judge.fate(mutant) for mutant in chunk] for chunk in chunks)
        return
    with ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_prepare, initargs=(contract, recording)
    ) as pool:
        yield from pool.map(_fates, chunks)


_JUDGE: list[Judge] = []
"""The judge of a worker process: what it needs is sent there once."""


def _prepare(contract: Contract, recording: Recording) -> None:
    _JUDGE.append(Judge(contract, recording))


def _fates(chunk: Sequence[Mutant]) -> list[Fate]:
    return [_JUDGE[0].fate(mutant) for mutant in chunk]
