"""One campaign's dealings with the server: send, judge, follow links, remember."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from orderspec.contract.model import Contract, Link, Operation, SecurityScheme
from orderspec.exchange import MISSING, Exchange, Response
from orderspec.findings import Finding, Severity
from orderspec.fuzz.access import Access, access_for, schemes_for
from orderspec.fuzz.cases import Case, Intent
from orderspec.fuzz.checked import Checked
from orderspec.fuzz.checks import check, check_link
from orderspec.fuzz.clauses import clauses
from orderspec.fuzz.fixtures import fixtures_of
from orderspec.fuzz.following import links_of, next_case
from orderspec.fuzz.frames import Frames
from orderspec.fuzz.ledger import NO_ANSWER, Ledger
from orderspec.fuzz.memory import Memory
from orderspec.fuzz.runtime import UnresolvedError
from orderspec.fuzz.settings import Progress, Settings
from orderspec.fuzz.transport import NoAnswerError, Transport
from orderspec.fuzz.values import Values
from orderspec.validation.exchanges import status_clause
from orderspec.validation.writable import named, writable

TIME_OVER = "the time is over"
TOO_MANY_REQUESTS = 429
LONGEST_PAUSE = 5.0
BROKEN_CONNECTIONS = 3
REPEATS = 2
SHORTEST_WAIT = 0.05
PROVING_SHARE = 0.3


class Ended(Exception):  # noqa: N818 (not an error: the campaign is over)
    """There is no time left, or the server is gone; the reason is the argument."""


class Session:
    """Everything that the steps of a campaign share."""

    def __init__(
        self, contract: Contract, settings: Settings, progress: Callable[[Progress], None]
    ) -> None:
        """Open a campaign against a deployment; nothing is sent yet.

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
        self.ledger = Ledger(clauses(contract))
        self.responses: Counter[str] = Counter()
        self.valid = self.accepted = self.limited = 0
        self.samples: dict[str, list[Any]] = defaultdict(list)
        self.memory = Memory(contract, self.values, self.ledger)
        self.frames = Frames(contract, self.values, self.memory)
        self._turns: Counter[str] = Counter()
        self._bodies = {
            operation.id: fixtures_of(contract, operation)
            for operation in contract.operations.values()
        }
        self.remarks: list[str] = []
        self.stopped = ""
        self._access = {
            operation.id: access_for(operation, settings.credentials)
            for operation in contract.operations.values()
        }
        self._transport = Transport(settings.url)
        self._progress = progress
        self._started = time.monotonic()
        self._deadline = self._started + settings.max_time * (1 - PROVING_SHARE)
        self._failures = 0

    @property
    def requests(self) -> int:
        """Count the requests sent."""
        return sum(self.responses.values())

    @property
    def seconds(self) -> float:
        """Seconds since the campaign began."""
        return time.monotonic() - self._started

    @property
    def is_silent(self) -> bool:
        """Whether the latest request got no answer."""
        return self._failures > 0

    def seconds_left(self) -> float:
        """Seconds until the campaign must end."""
        return self._deadline - time.monotonic()

    def extend(self) -> None:
        """Give the campaign the time that is kept for proving its findings."""
        self._deadline = self._started + self.settings.max_time

    def send(self, case: Case) -> Exchange | None:
        """Send a case without judging it.

        Returns:
            None where there was no answer (which is a finding), or none but a plea for patience.

        Raises:
            Ended: there is no time left, or the server stopped answering.
        """
        if self.seconds_left() <= 0:
            raise Ended(TIME_OVER)
        operation = self.contract.operations[case.operation]
        access = self.access(operation)
        if case.intent is Intent.UNAUTHENTICATED or case.alternative:
            access = access_for(operation, self.settings.credentials, case.spoils, case.alternative)
        try:
            exchange = self._patiently(case, access)
        except NoAnswerError as problem:
            if problem.timed_out and self._is_short() and self.requests:
                raise Ended(TIME_OVER) from None
            self._enter_silence(case, operation, problem)
            return None
        self._failures = 0
        self.count(exchange)
        return None if self.is_limited(exchange) else exchange

    def access(self, operation: Operation) -> Access:
        """Give the credentials of an operation as they travel."""
        return self._access[operation.id]

    def schemes(self, operation: str, alternative: int = 0) -> tuple[SecurityScheme, ...]:
        """Name the security schemes that requests to an operation are sent with."""
        credentials = self.settings.credentials
        return schemes_for(self.contract.operations[operation], credentials, alternative)

    def is_limited(self, exchange: Exchange) -> bool:
        """Count an answer that asks for patience: it says nothing about its request."""
        limited = exchange.response.status == TOO_MANY_REQUESTS
        self.limited += limited
        return limited

    def count(self, exchange: Exchange) -> None:
        """Count an exchange and show the progress."""
        self.responses[f"{exchange.response.status // 100}xx"] += 1
        self._progress(
            Progress(
                self.requests,
                self.responses["2xx"],
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
        checked = check(self.contract, case, exchange, known=self.knows(case))
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
        checked = check_link(self.contract, link, first, exchange)
        self.ledger.enter(checked, case, exchange, requests=self.requests, origin=(first, link))
        return checked

    def _patiently(self, case: Case, access: Access) -> Exchange:
        """Send, and again after a pause where the server asks for one."""
        exchange = self._at_once(case, access)
        for _ in range(REPEATS):
            if exchange.response.status == TOO_MANY_REQUESTS:
                time.sleep(self._pause(exchange))
                exchange = self._at_once(case, access)
        return exchange

    def _at_once(self, case: Case, access: Access) -> Exchange:
        seconds = min(self.settings.timeout, self._rest())
        return self._transport.send(case.operation, case.request, access, seconds)

    def _pause(self, exchange: Exchange) -> float:
        asked = exchange.response.headers.get("retry-after", "")
        pause = float(asked) if asked.isascii() and asked.isdigit() else 1.0
        return max(0.0, min(pause, LONGEST_PAUSE, self.seconds_left()))

    def _rest(self) -> float:
        """Seconds until the campaign must have ended, its findings proven."""
        return max(SHORTEST_WAIT, self.settings.max_time - self.seconds)

    def _is_short(self) -> bool:
        """Whether an answer was not waited for as long as it may take."""
        return self._rest() <= SHORTEST_WAIT

    def _enter_silence(self, case: Case, operation: Operation, problem: NoAnswerError) -> None:
        self._failures += 1
        clause = status_clause(self.contract, operation)
        about = f" to {case.why}" if case.why else ""
        finding = Finding(
            Severity.ERROR,
            clause,
            f"{operation.id} gave no answer{about}: {problem}",
            keyword=NO_ANSWER,
            expected="an answer",
            got=str(problem),
            evidence=operation.evidence,
            operation=operation.id,
        )
        silence = Exchange(operation.id, case.request, Response(0))
        checked = Checked((finding,), Counter([clause]))
        self.ledger.enter(checked, case, silence, requests=self.requests)
        if self._failures >= BROKEN_CONNECTIONS:
            raise Ended(f"the server stopped answering: {problem}")
