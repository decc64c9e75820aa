"""Mutants: answers of a recording with one fault each, and a fair sample of them."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from orderspec.contract.model import Contract
from orderspec.exchange import Exchange, Response
from orderspec.score.answers import ANSWER_FAULTS, Answers
from orderspec.score.operators import OPERATORS
from orderspec.score.recording import Recording
from orderspec.score.spots import ANY, Known, Spot, is_spoken_of, spots

MOST_OF_A_KIND = 20
"""Answers in which a fault at the same place of the same kind is considered."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What mutants have in common: the same fault at the same place of the same answers.

    Attributes:
        operation: the operation's id.
        status: the status that it answered before the fault, as the contract has it: ``4XX``.
        operator: name of the fault.
        at: JSON Pointer in the body, with ``*`` for indexes; empty for the whole answer.
        member: the schema's title and the member in it; empty for the whole answer.
    """

    operation: str
    status: str
    operator: str
    at: str
    member: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong answer.

    Attributes:
        kind: what it has in common with others.
        exchange: number of the exchange in the recording.
        response: the wrong answer to its request.
    """

    kind: Kind
    exchange: int
    response: Response


ALL_OPERATORS = frozenset({*ANSWER_FAULTS, *OPERATORS, "drop", "swap", "other-value", "other-id"})
"""Names of all faults."""

Maker = Callable[[], Response]


def sample(contract: Contract, recording: Recording, seed: int, most: int) -> list[Mutant]:
    """Choose mutants of a recording, spread over their kinds rather than over their bulk.

    A total that stands in 500 answers is one place: each kind gives one mutant before any gives
    two, each from another answer, in an order that the seed says. Where other exchanges speak of
    an element of a list, faults are in such elements only.

    Args:
        contract: the contract.
        recording: the exchanges.
        seed: the same seed chooses the same mutants.
        most: how many.
    """
    choices = random.Random(seed)  # noqa: S311 (a sample, no secret)
    numbers = [n for n in range(len(recording.exchanges)) if recording.is_measure(n)]
    choices.shuffle(numbers)
    told: dict[Kind, list[tuple[int, Maker]]] = defaultdict(list)
    untold: dict[Kind, list[tuple[int, Maker]]] = defaultdict(list)
    mutator = _Mutator(contract, recording)
    for number in numbers:
        faults: dict[tuple[Kind, bool], list[Maker]] = defaultdict(list)
        for kind, is_told, maker in mutator.faults(number):
            faults[kind, is_told].append(maker)
        for (kind, is_told), makers in faults.items():
            made = told[kind] if is_told else untold[kind]
            if len(made) < MOST_OF_A_KIND:
                made.append((number, choices.choice(makers)))
    spoken_of = {_element(kind) for kind in told}
    others = {kind: made for kind, made in untold.items() if _element(kind) not in spoken_of}
    return _in_turn(others | told, choices, most)


def _element(kind: Kind) -> tuple[str, str, str]:
    """Name the element of a list that a fault is in, or the place itself."""
    before, separator, _ = kind.at.partition(f"/{ANY}")
    return kind.operation, kind.status, before + separator


def _in_turn(
    made: Mapping[Kind, list[tuple[int, Maker]]], choices: random.Random, most: int
) -> list[Mutant]:
    """Take one of each kind, then a second one of each, and so on."""
    chosen: list[Mutant] = []
    kinds = list(made)
    choices.shuffle(kinds)
    for turn in range(MOST_OF_A_KIND):
        for kind in kinds:
            if turn < len(made[kind]) and len(chosen) < most:
                number, maker = made[kind][turn]
                chosen.append(Mutant(kind, number, maker()))
    return chosen


class _Mutator:
    """Makes the faults of each answer of a recording."""

    def __init__(self, contract: Contract, recording: Recording) -> None:
        self._contract = contract
        self._recording = recording
        self._known = Known(contract, recording)
        self._answers = Answers(contract, recording)

    def faults(self, number: int) -> Iterator[tuple[Kind, bool, Maker]]:
        """Give every fault of an answer, and whether it is in what other exchanges speak of."""
        exchange = self._recording.exchanges[number].exchange
        operation = exchange.operation
        spec = self._contract.operations[operation].response_for(exchange.response.status)
        status = spec.status if spec else ""
        for operator, response in self._answers.faults(number):
            yield Kind(operation, status, operator, "", ""), True, partial(_given, response)
        names = self._names_beside(number)
        for spot in spots(self._contract, exchange):
            is_told = is_spoken_of(exchange.response.body, spot.at, names)
            for operator, maker in self._faults_at(exchange, spot):
                kind = Kind(operation, status, operator, spot.pattern, spot.member)
                yield kind, is_told, maker

    def _names_beside(self, number: int) -> set[str]:
        """Gather the names that are told by the exchanges which links join with this one."""
        names: set[str] = set()
        for following in self._recording.after(number):
            names |= {str(value) for value in following.request.path_parameters.values()}
        for first in self._recording.before(number):
            names |= {str(value) for value in first.request.path_parameters.values()}
            names |= {str(spot.value) for spot in spots(self._contract, first) if spot.names}
        return names

    def _faults_at(self, exchange: Exchange, spot: Spot) -> Iterator[tuple[str, Maker]]:
        for name, values in self._values(exchange, spot):
            wrong = next((value for value in values if not _same(value, spot.value)), _NONE)
            if wrong is not _NONE:
                yield name, partial(_replaced, exchange, spot.at, wrong)
        if isinstance(spot.holder, dict) and spot.value is not None:
            yield "drop", partial(_replaced, exchange, spot.at[:-1], _without(spot))
            other = _partner(spot)
            if other:
                swapped = {**spot.holder, spot.at[-1]: spot.holder[other], other: spot.value}
                yield "swap", partial(_replaced, exchange, spot.at[:-1], swapped)

    def _values(self, exchange: Exchange, spot: Spot) -> Iterator[tuple[str, Iterator[Any]]]:
        for name, operator in OPERATORS.items():
            yield name, operator(spot)
        if spot.at:
            yield "other-value", iter(self._known.elsewhere(exchange.operation, spot))
        if spot.noun and isinstance(spot.value, str | int):
            yield "other-id", iter(self._known.of_noun(spot))


_NONE = object()


def _same(one: Any, other: Any) -> bool:
    """Compare as JSON values: true is not 1, and the order of members says nothing."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def _without(spot: Spot) -> dict[str, Any]:
    return {name: value for name, value in spot.holder.items() if name != spot.at[-1]}


def _partner(spot: Spot) -> str:
    """Choose the next member beside a place that a careless hand could take for it."""
    start = spot.siblings.index(str(spot.at[-1]))
    for name in (*spot.siblings[start + 1 :], *spot.siblings[:start]):
        value = spot.holder[name]
        if _alike(value, spot.value) and not _same(value, spot.value):
            return name
    return ""


def _alike(one: Any, other: Any) -> bool:
    """Tell whether two values look alike: of one type, objects of the same members."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys()
    return type(one) is type(other)


def _given(response: Response) -> Response:
    return response


def _replaced(exchange: Exchange, at: tuple[str | int, ...], value: Any) -> Response:
    response = exchange.response
    return Response(response.status, response.headers, put(response.body, at, value))


def put(body: Any, at: tuple[str | int, ...], value: Any) -> Any:
    """Give the same body with another value at a path; what is not on the path is shared."""
    if not at:
        return value
    step, rest = at[0], at[1:]
    if isinstance(body, list):
        return [put(item, rest, value) if n == step else item for n, item in enumerate(body)]
    return {**body, step: put(body[step], rest, value)}
