"""Send a campaign's requests: in time, at its pace, with patience, counted and recorded."""

import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from orderspec.campaigns import Recorded
from orderspec.contract.model import Contract, Operation
from orderspec.exchange import Exchange, Response
from orderspec.fuzz.access import Access, access_for
from orderspec.fuzz.cases import Case, Intent
from orderspec.fuzz.pace import Pace, asked_pause
from orderspec.fuzz.settings import Settings
from orderspec.fuzz.transport import NoAnswerError, Transport
from orderspec.interrupts import Interrupt

INTERRUPTED = "interrupted"
TIME_OVER = "the time is over"
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500
MOST_SILENCES = 3
MOST_LIMITED = 3
REPEATS = 5
SHORTEST_WAIT = 0.05
BETWEEN_LOOKS = 0.1
LONGEST_START = 5.0
PROVING_SHARE = 0.3


class Ended(Exception):  # noqa: N818 (not an error: the campaign is over)
    """There is no time left, or the server is gone; the reason is the argument."""


class Sender:
    """Sends, and ends the campaign where it must not go on.

    Attributes:
        responses: class of status to how many answers had it.
        limited: how many requests got no other answer than a plea for patience.
        recorded: every exchange, where the campaign was asked to keep them.
        step: the part of the campaign that sends now.
        interrupt: whether a person wants it to end.
    """

    def __init__(self, contract: Contract, settings: Settings) -> None:
        """Start the campaign's time; nothing is sent yet.

        Args:
            contract: the contract.
            settings: where, how fast, and for how long.

        Raises:
            UsageError: the address or a credential cannot be used.
        """
        self.responses: Counter[str] = Counter()
        self.limited = 0
        self.recorded: list[Recorded] = []
        self.step = ""
        self.interrupt = Interrupt()
        self.pace = Pace(settings.rate)
        self._contract = contract
        self._settings = settings
        self._access = {
            operation.id: access_for(operation, settings.credentials)
            for operation in contract.operations.values()
        }
        self._transport = Transport(settings.url)
        self._started = time.monotonic()
        self._deadline = self._started + settings.max_time * (1 - PROVING_SHARE)
        self._silences = self._errors = self._put_off = 0
        self._trouble = ""
        self._accepted: Case | None = None

    @property
    def requests(self) -> int:
        """Count the requests that were answered."""
        return sum(tuple(self.responses.values()))

    @property
    def seconds(self) -> float:
        """Seconds since the campaign began."""
        return time.monotonic() - self._started

    @property
    def is_silent(self) -> bool:
        """Whether the latest request got no answer."""
        return self._silences > 0

    @property
    def is_unheard(self) -> bool:
        """Whether the latest request got nothing that says anything about it."""
        return self._silences > 0 or self._put_off > 0

    def seconds_left(self) -> float:
        """Seconds until the campaign must end."""
        return self._deadline - time.monotonic()

    def extend(self) -> None:
        """Give the campaign the time that is kept for proving its findings."""
        self._deadline = self._started + self._settings.max_time

    def access(self, operation: Operation) -> Access:
        """Give the credentials of an operation as they travel."""
        return self._access[operation.id]

    def send(self, case: Case) -> Exchange:
        """Send a case, and again after a pause where the server asks for one.

        Returns:
            The exchange; one that `is_limited` got nothing but pleas for patience.

        Raises:
            NoAnswerError: there was no answer.
            Ended: there is no time left, or the server must be left alone.
        """
        self.await_turn()
        exchange = self._once(case)
        for before in range(REPEATS):
            if exchange.response.status != TOO_MANY_REQUESTS:
                break
            self._be_patient(exchange.response, before)
            self._await_pace()
            exchange = self._once(case)
        return exchange

    def send_together(self, cases: Sequence[Case]) -> list[Exchange | None]:
        """Send cases at the same time, each over a connection of its own; they are not counted yet.

        Returns:
            In the order of the cases; None where there was no answer.

        Raises:
            Ended: there is no time left, or the server must be left alone.
        """
        self.await_turn()
        for _ in cases[1:]:
            self.pace.pause()  # what follows waits for these, too
        seconds = self.seconds_for_answer()

        def sent(case: Case) -> Exchange | None:
            transport = Transport(self._settings.url)
            try:
                return transport.send(case.operation, case.request, self._access_of(case), seconds)
            except NoAnswerError:
                return None

        clock, begun = time.time(), time.monotonic()
        with ThreadPoolExecutor(max_workers=len(cases)) as threads:
            exchanges = list(threads.map(sent, cases))
        answered = [exchange for exchange in exchanges if exchange is not None]
        for exchange in answered:
            self.record(exchange, clock, time.monotonic() - begun)
        limited = [one for one in answered if one.response.status == TOO_MANY_REQUESTS]
        if limited:
            self._be_patient(limited[0].response, 0)
        return exchanges

    def await_turn(self) -> None:
        """Wait until a request may be sent that is not sent from here.

        Raises:
            Ended: there is no time left, or the server must be left alone.
        """
        self._look_for_life()
        self._await_pace()

    def seconds_for_answer(self) -> float:
        """Seconds that an answer may take: less than else where the campaign must end before."""
        return min(self._settings.timeout, self._rest())

    def heed(self, response: Response, before: int) -> None:
        """Take note of an answer to a request that was not sent from here; wait if it asks for it.

        Args:
            response: the answer; its status is 0 where there was none.
            before: how many answers before it asked for patience, one after the other.

        Raises:
            Ended: it asks for more time than is left.
        """
        if not response.status:
            self._silences += 1
            self._trouble = "no answer"
        elif response.status == TOO_MANY_REQUESTS:
            self._be_patient(response, before)
        else:
            self._note(response)

    def is_limited(self, exchange: Exchange) -> bool:
        """Count an answer that asks for patience: it says nothing about its request."""
        limited = exchange.response.status == TOO_MANY_REQUESTS
        self.limited += limited
        self._put_off = self._put_off + 1 if limited else 0
        return limited

    def count(self, exchange: Exchange) -> None:
        """Count an answer."""
        self.responses[f"{exchange.response.status // 100}xx"] += 1

    def record(self, exchange: Exchange, started: float, seconds: float) -> None:
        """Keep an exchange for the report, where it is asked for."""
        if self._settings.keep:
            number = len(self.recorded) + 1
            self.recorded.append(Recorded(number, exchange, started, seconds, self.step))

    def _look_for_life(self) -> None:
        """End the campaign where the server seems to fail at whatever is asked of it.

        What was wrong with the latest requests may be the cause: they end nothing as long as the
        latest request that was accepted still gets an answer.

        Raises:
            Ended: it does not.
        """
        most = self._settings.most_server_errors
        if self._put_off >= MOST_LIMITED:
            reason = f"the server put off {self._put_off} requests in a row (429)"
            raise Ended(f"{reason}; --rate asks for less")
        is_silent = self._silences >= MOST_SILENCES
        if not is_silent and not (most and self._errors >= most):
            return
        reason = f"the server stopped answering: {self._trouble}"
        if not is_silent:
            reason = f"the server failed {self._errors} times in a row, last with {self._trouble}"
        if self._accepted is None or not self._is_answered(self._accepted):
            raise Ended(reason)
        self._silences = self._errors = 0

    def _is_answered(self, case: Case) -> bool:
        self._await_pace()
        try:
            return self._once(case).response.status < SERVER_ERROR
        except NoAnswerError:
            return False

    def _once(self, case: Case) -> Exchange:
        seconds = self.seconds_for_answer()
        clock, begun = time.time(), time.monotonic()
        try:
            exchange = self._delivered(case, seconds)
        except NoAnswerError as problem:
            silence = Exchange(case.operation, case.request, Response(0))
            self.record(silence, clock, time.monotonic() - begun)
            if problem.timed_out and self._rest() <= SHORTEST_WAIT and self.requests:
                raise Ended(TIME_OVER) from None  # it was not waited for as long as it may take
            self._silences += 1
            self._trouble = str(problem)
            raise
        self.record(exchange, clock, time.monotonic() - begun)
        self.count(exchange)
        self._note(exchange.response)
        if exchange.response.ok:
            self._accepted = case
        return exchange

    def _delivered(self, case: Case, seconds: float) -> Exchange:
        """Send; where a server that answered before takes no connection, it may be starting anew.

        What brought it down has got no answer: what comes next is not to blame.
        """
        access = self._access_of(case)
        end = time.monotonic() + min(LONGEST_START, self.seconds_left())
        while True:
            try:
                with self.interrupt.idling():
                    return self._transport.send(case.operation, case.request, access, seconds)
            except NoAnswerError as problem:
                if not (problem.refused and self.requests and time.monotonic() < end):
                    raise
            self._sleep(SHORTEST_WAIT)

    def _note(self, response: Response) -> None:
        self._silences = 0
        failed = response.status >= SERVER_ERROR
        self._errors = self._errors + 1 if failed else 0
        if failed:
            self._trouble = str(response.status)

    def _access_of(self, case: Case) -> Access:
        operation = self._contract.operations[case.operation]
        if case.intent is Intent.UNAUTHENTICATED or case.alternative:
            credentials = self._settings.credentials
            return access_for(operation, credentials, case.spoils, case.alternative)
        return self.access(operation)

    def _await_pace(self) -> None:
        if self.interrupt.is_wanted:
            raise Ended(INTERRUPTED)
        pause = self.pace.pause()
        if pause >= self.seconds_left():
            raise Ended(TIME_OVER)
        if pause:
            self._sleep(pause)

    def _be_patient(self, response: Response, before: int) -> None:
        pause = asked_pause(response, before)
        if pause >= self.seconds_left():
            reason = f"the server asks for a pause of {pause:g} s (429), more than is left"
            raise Ended(f"{reason}; --max-time gives more")
        self._sleep(pause)

    def _sleep(self, seconds: float) -> None:
        """Sleep, in whatever thread; an interrupt is seen soon."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self.interrupt.is_wanted:
                raise Ended(INTERRUPTED)
            time.sleep(min(left, BETWEEN_LOOKS))

    def _rest(self) -> float:
        """Seconds until the campaign must have ended, its findings proven."""
        return max(SHORTEST_WAIT, self._settings.max_time - self.seconds)
