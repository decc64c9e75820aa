"""Keep what a campaign judged, so that it can be judged again without a server."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from orderspec.contract.model import SAFE, Contract, Link
from orderspec.errors import TargetError
from orderspec.exchange import Exchange
from orderspec.findings import Verdict
from orderspec.fuzz.campaign import run
from orderspec.fuzz.cases import Case, Intent
from orderspec.fuzz.observer import Observer
from orderspec.fuzz.settings import Progress, Settings


@dataclass(frozen=True, slots=True)
class Judged:
    """One exchange as the campaign judged it.

    Attributes:
        case: what was sent, and with which intent.
        exchange: what came of it.
        known: whether everything that the request refers to existed on the server.
        followed: whether a link led to it.
    """

    case: Case
    exchange: Exchange
    known: bool
    followed: bool

    @property
    def is_bound(self) -> bool:
        """Whether the contract says what the answer must be.

        What it leaves a server free to accept or refuse has no wrong answer to begin with.
        """
        return self.followed or self.case.intent is not Intent.OPEN


@dataclass(frozen=True, slots=True)
class Pair:
    """Two exchanges, by their numbers in the recording, and the link from one to the other."""

    link: Link
    first: int
    following: int


@dataclass(frozen=True)
class Recording:
    """The exchanges of one campaign, in the order in which they were judged."""

    exchanges: tuple[Judged, ...]
    pairs: tuple[Pair, ...]

    def is_measure(self, number: int) -> bool:
        """Tell whether an answer shows what the contract catches.

        One that the contract leaves open does not. Nor does one that no link was followed from, or
        to, where links were followed from others of its operation, or to them: half of what the
        contract says of it was not put to the test. What a request made is told by what is read
        after it, so that must have been read, where it was from others.
        """
        judged = self.exchanges[number]
        if not judged.is_bound or not judged.exchange.response.ok:
            return judged.is_bound
        operation = judged.exchange.operation
        if judged.exchange.request.method in SAFE:
            joined = operation in self._leading | self._led_to
            return not joined or number in self._firsts | self._followings
        for operations, numbers in (
            (self._read, self._read_back),
            (self._leading, self._firsts),
        ):
            if operation in operations:
                return number in numbers
        return operation not in self._led_to or number in self._followings

    def before(self, number: int) -> list[Exchange]:
        """Give the exchanges from which links led to one."""
        return [self.exchanges[pair.first].exchange for pair in self._pairs_to[number]]

    def after(self, number: int) -> list[Exchange]:
        """Give the exchanges that links led to from one."""
        return [self.exchanges[pair.following].exchange for pair in self._pairs_from[number]]

    @cached_property
    def _pairs_to(self) -> dict[int, list[Pair]]:
        return _grouped(self.pairs, lambda pair: pair.following)

    @cached_property
    def _pairs_from(self) -> dict[int, list[Pair]]:
        return _grouped(self.pairs, lambda pair: pair.first)

    @cached_property
    def _firsts(self) -> frozenset[int]:
        return frozenset(pair.first for pair in self.pairs)

    @cached_property
    def _followings(self) -> frozenset[int]:
        return frozenset(
            pair.following
            for pair in self.pairs
            if self.exchanges[pair.following].exchange.response.ok
        )

    @cached_property
    def _leading(self) -> frozenset[str]:
        return self._operations_of(self._firsts)

    @cached_property
    def _read_back(self) -> frozenset[int]:
        return frozenset(
            pair.first
            for pair in self.pairs
            if self.exchanges[pair.following].exchange.request.method in SAFE
            and pair.following in self._followings
        )

    @cached_property
    def _read(self) -> frozenset[str]:
        return self._operations_of(self._read_back)

    @cached_property
    def _led_to(self) -> frozenset[str]:
        return self._operations_of(self._followings)

    def _operations_of(self, numbers: frozenset[int]) -> frozenset[str]:
        return frozenset(self.exchanges[number].exchange.operation for number in numbers)


def _grouped(pairs: Iterable[Pair], number: Callable[[Pair], int]) -> dict[int, list[Pair]]:
    found: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        found[number(pair)].append(pair)
    return found


class Recorder(Observer):
    """Writes down what a campaign judges."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._judged: list[Judged] = []
        self._pairs: list[Pair] = []
        self._numbers: dict[int, int] = {}

    def judged(self, case: Case, exchange: Exchange, *, known: bool) -> None:
        """Keep one exchange; its case without the exchange before, which the pairs hold."""
        self._numbers[id(exchange)] = len(self._judged)
        followed = case.after is not None
        self._judged.append(Judged(replace(case, after=None), exchange, known, followed))

    def linked(self, link: Link, first: Exchange, following: Exchange, case: Case) -> None:
        """Keep a pair, where both of its exchanges were judged."""
        del case
        numbers = [self._numbers.get(id(one)) for one in (first, following)]
        if numbers[0] is not None and numbers[1] is not None:
            self._pairs.append(Pair(link, numbers[0], numbers[1]))

    def recording(self) -> Recording:
        """Give what was kept."""
        return Recording(tuple(self._judged), tuple(self._pairs))


def record(
    contract: Contract, settings: Settings, progress: Callable[[Progress], None]
) -> Recording:
    """Run a campaign and keep what it judged.

    Raises:
        TargetError: nothing answers, or what answers is no measure: the campaign found something
            wrong, or got no success.
    """
    recorder = Recorder()
    report = run(contract, settings, progress, recorder)
    if report.verdict is Verdict.VIOLATIONS:
        broken = sorted({finding.clause for finding in report.findings})
        message = f"the campaign to score found what is wrong: {', '.join(broken)}"
        raise TargetError(message, f"Run: orderspec fuzz {contract.name} --seed {settings.seed}")
    recording = recorder.recording()
    if not any(one.is_bound and one.exchange.response.ok for one in recording.exchanges):
        message = "the campaign to score got no success, so there is nothing to measure"
        raise TargetError(message, f"Run: orderspec fuzz {contract.name} --seed {settings.seed}")
    return recording
