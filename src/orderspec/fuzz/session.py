"""One campaign's dealings with the server: send, judge, follow links, remember."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, TypeVar

from orderspec.contract.clauses import clauses
from orderspec.contract.model import Contract, Link, Operation, SecurityScheme
from orderspec.exchange import MISSING, Exchange, Response
from orderspec.findings import Severity
from orderspec.fuzz.access import Access, schemes_for
from orderspec.fuzz.cases import Case, Intent
from orderspec.fuzz.checked import Checked
from orderspec.fuzz.checks import check, check_link, unanswered
from orderspec.fuzz.fixtures import fixtures_of
from orderspec.fuzz.following import links_of, next_case
from orderspec.fuzz.frames import Frames
from orderspec.fuzz.heard import Heard
from orderspec.fuzz.ledger import Ledger
from orderspec.fuzz.memory import Memory
from orderspec.fuzz.observer import Observer
from orderspec.fuzz.runtime import UnresolvedError
from orderspec.fuzz.sending import INTERRUPTED, TIME_OVER, Ended, Sender
from orderspec.fuzz.settings import Progress, Settings
from orderspec.fuzz.transport import NoAnswerError
from orderspec.fuzz.values import Values
from orderspec.validation.writable import named, writable

__all__ = ["INTERRUPTED", "TIME_OVER", "Ended", "Session"]

Item = TypeVar("Item")


class Session:
    """Everything that the steps of a campaign share."""

    def __init__(
        self,
        contract: Contract,
        settings: Settings,
        progress: Callable[[Progress], None],
        observer: Observer | None = None,
    ) -> None:
        """Open a campaign against a deployment; nothing is sent yet.

        Args:
            contract: the contract that the deployment is held to.
            settings: where, and how much.
            progress: called after every request.
            observer: is shown everything that is judged.

        Raises:
            UsageError: the address or a credential cannot be used.
        """
        self.contract = contract
        self.settings = settings
        self.values = Values(contract, settings.seed, settings.values)
        if settings.examples_exist:
            for noun, examples in self.values.examples.items():
                for example in examples:
                    self.values.learn(noun, example)
        self.ledger = Ledger(clauses(contract), settings.seed)
        self.heard = Heard(contract, self.values)
        self.sender = Sender(contract, settings)
        self.valid = self.accepted = 0
        self.samples: dict[str, list[Any]] = defaultdict(list)
        self.memory = Memory(contract, self.values, self.ledger)
        self.frames = Frames(contract, self.values, self.memory)
        self._turns: Counter[str] = Counter()
        self._bodies = {
            operation.id: fixtures_of(contract, operation)
            for operation in contract.operations.values()
        }
        self.remarks: list[str] = []
        self.troubles: list[str] = []
        self.observer = observer or Observer()
        self.stopped = ""
        self._progress = progress

    @property
    def requests(self) -> int:
        """Count the requests that were answered."""
        return self.sender.requests

    @property
    def limited(self) -> int:
        """Count the requests that got nothing but pleas for patience."""
        return self.sender.limited

    @property
    def is_silent(self) -> bool:
        """Whether the latest request got no answer."""
        return self.sender.is_silent

    def seconds_left(self) -> float:
        """Seconds until the campaign must end."""
        return self.sender.seconds_left()

    def send(self, case: Case) -> Exchange | None:
        """Send a case without judging it.

        Returns:
            None where there was no answer (which is a finding), or none but a plea for patience.

        Raises:
            Ended: there is no time left, or the server must be left alone.
        """
        try:
            exchange = self.sender.send(case)
        except NoAnswerError as problem:
            self._enter_silence(case, problem)
            return None
        self.show_progress()
        return None if self.sender.is_limited(exchange) else exchange

    def send_together(self, cases: Sequence[Case]) -> list[tuple[Case, Exchange]]:
        """Send cases at the same time, without judging them.

        Returns:
            Those that got an answer, and no plea for patience.

        Raises:
            Ended: there is no time left, or the server must be left alone.
        """
        answered = []
        for case, exchange in zip(cases, self.sender.send_together(cases), strict=True):
            if exchange is not None:
                self.sender.count(exchange)
                self.show_progress()
                if not self.sender.is_limited(exchange):
                    answered.append((case, exchange))
        return answered

    def mine(self, items: Iterable[Item]) -> Iterator[Item]:
        """Give those of the items that this process sends, where several share a campaign."""
        return islice(items, self.settings.part, None, self.settings.workers)

    def access(self, operation: Operation) -> Access:
        """Give the credentials of an operation as they travel."""
        return self.sender.access(operation)

    def schemes(self, operation: str, alternative: int = 0) -> tuple[SecurityScheme, ...]:
        """Name the security schemes that requests to an operation are sent with."""
        credentials = self.settings.credentials
        return schemes_for(self.contract.operations[operation], credentials, alternative)

    def show_progress(self) -> None:
        """Tell where the campaign is."""
        self._progress(
            Progress(
                self.requests,
                self.sender.responses["2xx"],
                sum(1 for clause in self.ledger.clauses if self.ledger.exercised[clause]),
                len(self.ledger.clauses),
                len(self.ledger.groups),
                max(0.0, self.seconds_left()),
            )
        )

    def run(self, case: Case) -> Exchange | None:
        """Send a case, judge the exchange, and remember what it created."""
        exchange = self.send(case)
        if exchange is not None:
            self.judge(self.doubted(case), exchange)
        return exchange

    def doubted(self, case: Case) -> Case:
        """Open a case whose key was sent before: its answer may be an old one, or a refusal."""
        if self.memory.repeats_a_key(case) and case.intent is Intent.ACCEPTED:
            return replace(case, intent=Intent.OPEN)
        return case

    def judge(self, case: Case, exchange: Exchange, at_request: int = 0) -> Checked:
        """Judge an exchange and enter it, as of `at_request` if it is not the latest."""
        operation = self.contract.operations[case.operation]
        known = self.knows(case) and not self.heard.keeps_out(operation, exchange)
        self.observer.judged(case, exchange, known=known)
        checked = check(self.contract, case, exchange, known=known)
        checked = self.heard.weighed(case, exchange, checked)
        self.heard.note(case, exchange, known=known)
        self.ledger.enter(checked, case, exchange, requests=at_request or self.requests)
        if case.intent is Intent.ACCEPTED and case.request.body is not MISSING:
            self.valid += 1
            self.accepted += exchange.response.ok
        if exchange.response.ok:
            self.memory.note_change(exchange)
            if case.intent in (Intent.ACCEPTED, Intent.OPEN) and case.addresses_operation:
                self.memory.remember(exchange, self.requests)
        if self.settings.first_only and any(
            group.finding.severity is Severity.ERROR for group in self.ledger.groups.values()
        ):
            raise Ended("a finding was made")
        return checked

    def knows(self, case: Case) -> bool:
        """Tell whether a refusal of a case that the contract allows would be wrong.

        Members that the contract does not name are no part of that: some servers refuse them.
        """
        operation, body = self.contract.operations[case.operation], case.request.body
        if operation.body and body is not MISSING:
            sent = writable(self.contract, operation.body, body)
            if named(self.contract, operation.body, sent) != sent:
                return False
        return self.memory.knows(case) and self.frames.vouch(operation, case.request)

    def follow(self, first: Exchange, link: Link) -> Exchange | None:
        """Follow a link from an exchange, and judge the next exchange and the two together."""
        try:
            case = self.next_case(first, link) if self.lead(first, link) else None
        except UnresolvedError:
            self.ledger.absent |= {rule.id for rule in link.rules}
            return None
        if case is None:
            return None
        exchange = self.run(case)
        if exchange is not None:
            self.judge_link(first, link, case, exchange)
            if exchange.response.ok:
                self.memory.proven[first.operation].add(link.name)
        return exchange

    def lead(self, first: Exchange, link: Link) -> bool:
        """Follow the link that another one comes after; tell whether that other one can follow.

        Raises:
            UnresolvedError: the exchange lacks what that link reads.
        """
        before = self.contract.operations[link.source].before(link)
        if before is None:
            return True
        case = self.next_case(first, before)
        exchange = None if case is None else self.send(case)
        if exchange is None or not exchange.response.ok:
            return False
        self.memory.note_change(exchange)
        self.memory.remember(exchange, self.requests)
        return True

    def follow_first(self, first: Exchange) -> None:
        """Follow the link that reads back what an exchange is about."""
        operation = self.contract.operations[first.operation]
        for link in links_of(self.contract, operation)[:1]:
            self.follow(first, link)

    def next_case(self, first: Exchange, link: Link, body: Any = MISSING) -> Case | None:
        """Build the request that a link asks for; None where something else is missing.

        Args:
            first: the exchange that the link leads on from.
            link: the link.
            body: what to send where the link does not say; else one of the fixtures, in turn.

        Raises:
            UnresolvedError: the exchange lacks what the link reads.
        """
        target = self.contract.operations[link.target]
        if link.request_body is None and target.body and body is MISSING:
            body = self._body_in_turn(target)
        return next_case(self.values, first, link, self.frames.base(target), body)

    def _body_in_turn(self, operation: Operation) -> Any:
        bodies = self._bodies[operation.id]
        if not bodies or operation.body is None:
            return MISSING
        self._turns[operation.id] += 1
        body = bodies[self._turns[operation.id] % len(bodies)]
        return self.values.keyed(operation.body, self.values.repaired(operation.body, body))

    def judge_link(self, first: Exchange, link: Link, case: Case, exchange: Exchange) -> Checked:
        """Judge two exchanges together and enter what came of it."""
        if self.heard.keeps_out(self.contract.operations[link.target], exchange):
            return Checked()
        self.observer.linked(link, first, exchange, case)
        checked = check_link(self.contract, link, first, exchange)
        if checked.findings and self._may_be_of_others(link, case):
            checked = self._looked_again(first, link) or checked
        self.ledger.enter(checked, case, exchange, requests=self.requests, origin=(first, link))
        return checked

    def _may_be_of_others(self, link: Link, case: Case) -> bool:
        """Tell whether two answers are about what somebody else may change between them."""
        source = self.contract.operations[link.source]
        target = self.contract.operations[link.target]
        if source.may_change or target.may_change or not case.request.path_parameters:
            return False
        return self.memory.origin(target, case.request.path_parameters) is None

    def _looked_again(self, first: Exchange, link: Link) -> Checked | None:
        """Read twice what was read twice: a change in between hardly comes a second time."""
        again = self.send(Case(first.operation, first.request, Intent.OPEN))
        if again is None or not again.response.ok:
            return None
        try:
            case = self.next_case(again, link)
        except UnresolvedError:
            return None
        following = None if case is None else self.send(case)
        return None if following is None else check_link(self.contract, link, again, following)

    def _enter_silence(self, case: Case, problem: NoAnswerError) -> None:
        silence = Exchange(case.operation, case.request, Response(0))
        self.memory.note_change(silence)
        checked = unanswered(self.contract, case, str(problem))
        self.ledger.enter(checked, case, silence, requests=self.requests)
