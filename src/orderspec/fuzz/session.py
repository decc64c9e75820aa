"""One campaign's dealings with the server: send, judge, follow links, remember."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import combinations
from typing import Any

from orderspec import pointer
from orderspec.contract.model import Contract, Link, Operation
from orderspec.exchange import MISSING, Exchange, Response
from orderspec.findings import Finding, Severity
from orderspec.fuzz.cases import Case, Intent, classified, request_to
from orderspec.fuzz.checks import Checked, check, check_link, clauses
from orderspec.fuzz.ledger import Ledger
from orderspec.fuzz.places import places
from orderspec.fuzz.runtime import UnresolvedError, resolve
from orderspec.fuzz.settings import Progress, Settings
from orderspec.fuzz.transport import Access, NoAnswerError, Transport, access_for
from orderspec.fuzz.values import FRESH, NAMES, Values
from orderspec.validation.exchanges import status_clause

TOO_MANY_REQUESTS = 429
LONGEST_PAUSE = 5.0
BROKEN_CONNECTIONS = 3
PROVING_SHARE = 0.3


class Ended(Exception):  # noqa: N818 (not an error: the campaign is over)
    """There is no time left, or the server is gone; the reason is the argument."""


class Session:
    """Everything that the steps of a campaign share."""

    def __init__(
        self, contract: Contract, settings: Settings, progress: Callable[[Progress], None]
    ) -> None:
        """Open a campaign against a deployment; nothing is sent yet."""
        self.contract = contract
        self.settings = settings
        self.values = Values(contract, settings.seed, settings.values)
        if settings.examples_exist:
            for noun, examples in self.values.examples.items():
                for example in examples:
                    self.values.learn(noun, example)
        self.ledger = Ledger(clauses(contract, settings.credentials))
        self.responses: Counter[str] = Counter()
        self.valid = self.accepted = 0
        self.created: list[Exchange] = []
        self.stopped = ""
        self._transport = Transport(settings.url, settings.timeout)
        self._progress = progress
        self._started = time.monotonic()
        self._deadline = self._started + settings.max_time * (1 - PROVING_SHARE)
        self._named: dict[tuple[str, Any], Exchange] = {}
        self._together: set[tuple[tuple[str, str], tuple[str, str]]] = set()
        self._keys: set[str] = set()
        self._failures = 0

    @property
    def requests(self) -> int:
        """Count the requests sent."""
        return sum(self.responses.values())

    @property
    def seconds(self) -> float:
        """Seconds since the campaign began."""
        return time.monotonic() - self._started

    def seconds_left(self) -> float:
        """Seconds until the campaign must end."""
        return self._deadline - time.monotonic()

    def extend(self) -> None:
        """Give the campaign the time that is kept for proving its findings."""
        self._deadline = self._started + self.settings.max_time

    def send(self, case: Case) -> Exchange | None:
        """Send a case without judging it; None where there was no answer (which is a finding).

        Raises:
            Ended: there is no time left, or the server stopped answering.
        """
        if self.seconds_left() <= 0:
            raise Ended("the time is over")
        operation = self.contract.operations[case.operation]
        access = access_for(operation, self.settings.credentials)
        if case.intent is Intent.UNAUTHENTICATED:
            access = Access(case.headers, {})
        try:
            exchange = self._patiently(case, access)
        except NoAnswerError as problem:
            self._enter_silence(case, operation, problem)
            return None
        self._failures = 0
        self.count(exchange)
        return exchange

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
            self.judge(case, exchange)
        return exchange

    def judge(self, case: Case, exchange: Exchange) -> Checked:
        """Judge an exchange and enter it."""
        if self._repeats_a_key(case) and case.intent is Intent.ACCEPTED:
            case = replace(case, intent=Intent.OPEN)
        known = case.vouched or self._knows(case)
        checked = check(self.contract, case, exchange, known=known)
        self.ledger.enter(checked, case, exchange, requests=self.requests)
        if case.intent is Intent.ACCEPTED and case.request.body is not MISSING:
            self.valid += 1
            self.accepted += exchange.response.ok
        if exchange.response.ok and case.intent in (Intent.ACCEPTED, Intent.OPEN):
            self._remember(exchange)
        if self.settings.first_only and any(
            group.finding.severity is Severity.ERROR for group in self.ledger.groups.values()
        ):
            raise Ended("a finding was made")
        return checked

    def follow(self, first: Exchange, link: Link) -> Exchange | None:
        """Follow a link from an exchange, and judge the next exchange and the two together."""
        case = self.next_case(first, link)
        if case is None:
            self.ledger.absent |= {rule.id for rule in link.rules}
            return None
        exchange = self.run(case)
        if exchange is not None:
            self.judge_link(first, link, case, exchange)
        return exchange

    def judge_link(self, first: Exchange, link: Link, case: Case, exchange: Exchange) -> Checked:
        """Judge two exchanges together and enter what came of it."""
        checked = check_link(self.contract, link, first, exchange)
        self.ledger.enter(checked, case, exchange, requests=self.requests, origin=(first, link))
        return checked

    def next_case(self, first: Exchange, link: Link) -> Case | None:
        """Build the request that a link asks for; None where the exchange lacks what it needs."""
        operation = self.contract.operations[link.target]
        try:
            parameters = {
                name.rpartition(".")[2]: resolve(value, first)
                for name, value in link.parameters.items()
            }
            body = MISSING if link.request_body is None else resolve(link.request_body, first)
        except UnresolvedError:
            return None
        if body is not MISSING and operation.body and link.request_body != "$request.body":
            body = self.values.keyed(operation.body, body)
        return Case(operation.id, request_to(operation, body, parameters), Intent.OPEN)

    def known_case(self, operation: Operation, body: Any = MISSING) -> Case | None:
        """Build a request whose parameters are all known values, or None."""
        parameters: dict[str, Any] = {}
        query: dict[str, Any] = {}
        for parameter in operation.parameters:
            choices = self.values.known.get(str(parameter.schema.get("x-refers-to")), ())
            if parameter.location == "path":
                if not choices:
                    return None
                parameters[parameter.name] = choices[-1]
            elif parameter.location == "query" and parameter.required and choices:
                query[parameter.name] = choices[-1]
        request = request_to(operation, body, parameters, query)
        return classified(self.contract, operation, request)

    def _patiently(self, case: Case, access: Access) -> Exchange:
        """Send, and again after a pause where the server asks for one."""
        for _ in range(3):
            exchange = self._transport.send(case.operation, case.request, access)
            if exchange.response.status != TOO_MANY_REQUESTS:
                return exchange
            asked = exchange.response.headers.get("retry-after", "1")
            pause = float(asked) if asked.isdigit() else 1.0
            time.sleep(max(0.0, min(pause, LONGEST_PAUSE, self.seconds_left())))
        return exchange

    def _enter_silence(self, case: Case, operation: Operation, problem: NoAnswerError) -> None:
        self._failures += 1
        clause = status_clause(self.contract, operation)
        about = f" to {case.why}" if case.why else ""
        finding = Finding(
            Severity.ERROR,
            clause,
            f"{operation.id} gave no answer{about}: {problem}",
            keyword="no-answer",
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

    def _repeats_a_key(self, case: Case) -> bool:
        """Tell whether a value that must be new was sent before; from now on it was."""
        operation = self.contract.operations[case.operation]
        if operation.body is None or case.request.body is MISSING:
            return False
        keys = {
            place.value
            for place in places(self.contract, operation.body, case.request.body)
            if place.keyword(FRESH) is True and isinstance(place.value, str)
        }
        repeated = bool(keys & self._keys)
        self._keys |= keys
        return repeated

    def _knows(self, case: Case) -> bool:
        """Tell whether all that a request refers to exists on the server, and goes together.

        A catalog's price is in one currency, a location sells in one: only what was accepted
        together before is known to fit.
        """
        operation = self.contract.operations[case.operation]
        referred: Iterable[tuple[str, Any]] = ()
        if operation.body and case.request.body is not MISSING:
            referred = self.values.external(operation.body, case.request.body)
        by_path = [
            (str(parameter.schema["x-refers-to"]), case.request.path_parameters.get(parameter.name))
            for parameter in operation.parameters
            if parameter.location == "path" and "x-refers-to" in parameter.schema
        ]
        wanted = {(noun, str(value)) for noun, value in (*referred, *by_path)}
        return all(value in self.values.known.get(noun, ()) for noun, value in wanted) and all(
            pair in self._together for pair in combinations(sorted(wanted), 2)
        )

    def _remember(self, exchange: Exchange) -> None:
        """Learn what exists now: the values that were accepted, and the names that were given."""
        operation = self.contract.operations[exchange.operation]
        if operation.body and exchange.request.body is not MISSING:
            external = self.values.external(operation.body, exchange.request.body)
            for noun, value in external:
                self.values.learn(noun, value)
            named = sorted({(noun, str(value)) for noun, value in external})
            self._together.update(combinations(named, 2))
        creating = [link for link in operation.links if link.target == operation.id]
        spec = operation.response_for(exchange.response.status)
        if spec is None or spec.schema is None or not creating:
            return
        for place in places(self.contract, spec.schema, exchange.response.body):
            noun = place.keyword(NAMES)
            if noun and place.keyword("readOnly") is True and isinstance(place.value, str):
                self.values.learn(noun, place.value)
                self._expect_new(noun, place.value, pointer.join(place.at), exchange, creating)
        self.created.append(exchange)

    def _expect_new(
        self, noun: str, value: str, at: str, exchange: Exchange, creating: list[Link]
    ) -> None:
        """Hold a name that was given before, to another request, against the rules on names."""
        earlier = self._named.setdefault((noun, value), exchange)
        if earlier.request.body == exchange.request.body:
            return
        for link in creating:
            found = check_link(self.contract, link, earlier, exchange)
            same = tuple(one for one in found.findings if one.at == at and one.got == value)
            if same:
                case = Case(exchange.operation, exchange.request, Intent.OPEN)
                checked = replace(found, findings=same, exercised=Counter(), absent=frozenset())
                self.ledger.enter(
                    checked, case, exchange, requests=self.requests, origin=(earlier, link)
                )
