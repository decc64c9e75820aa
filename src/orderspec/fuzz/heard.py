"""What the server said so far, by operation: whom it lets in, what it accepts, how it refuses."""

import re
from collections import Counter, defaultdict
from dataclasses import replace

from orderspec.contract.clauses import clause_id
from orderspec.contract.model import Contract, Operation
from orderspec.contract.nouns import REFERS_TO, given_nouns, nouns
from orderspec.exchange import MISSING, Exchange
from orderspec.fuzz.cases import Case, Intent
from orderspec.fuzz.checked import Checked
from orderspec.fuzz.values import Values

UNAUTHORIZED = (401, 403)
_LONGEST_WORDS = 300
_TELLING_WORDS = 100
# Ids, times and numbers differ from one refusal to the next of the same kind.
_CHANGING = re.compile(r"[0-9a-fA-F-]{6,}|\d+")


class Heard:
    """Keeps what tells a server that refuses everything from one that refuses what is wrong.

    Attributes:
        successes: operation to how many of its requests got a success.
        answers: operation to the statuses that its right requests got.
        unknowns: noun of which nothing was known to how many refused requests referred to it.
        refusals: kind of refusal that right requests got to how often.
        words: the first refusal of each kind as the server worded it.
    """

    def __init__(self, contract: Contract, values: Values) -> None:
        """Have heard nothing yet.

        Args:
            contract: the contract.
            values: what exists on the server.
        """
        self._contract = contract
        self._values = values
        self._to_be_given = nouns(contract) - given_nouns(contract)
        self.successes: Counter[str] = Counter()
        self.answers: dict[str, Counter[int]] = defaultdict(Counter)
        self.unknowns: Counter[str] = Counter()
        self.refusals: Counter[tuple[int, str]] = Counter()
        self.words: dict[tuple[int, str], str] = {}

    def note(self, case: Case, exchange: Exchange, *, known: bool) -> None:
        """Hear an answer; `known` tells whether all that the request refers to exists."""
        status = exchange.response.status
        if exchange.response.ok and case.intent in (Intent.ACCEPTED, Intent.OPEN):
            self.successes[case.operation] += case.addresses_operation
        if case.intent is not Intent.ACCEPTED:
            return
        self.answers[case.operation][status] += 1
        if exchange.response.ok or case.request.body is MISSING:
            return
        if not known:
            self.unknowns.update(self._referred(case))
        words = " ".join(exchange.response.raw[:_LONGEST_WORDS].decode(errors="replace").split())
        kind = (status, _CHANGING.sub("#", words)[:_TELLING_WORDS])
        self.refusals[kind] += 1
        self.words.setdefault(kind, words)

    def _referred(self, case: Case) -> set[str]:
        """Name what a request refers to, of which nothing is known and which no answer names."""
        operation = self._contract.operations[case.operation]
        referred = {
            str(parameter.schema[REFERS_TO])
            for parameter in operation.parameters
            if REFERS_TO in parameter.schema and parameter.name in case.request.path_parameters
        }
        if operation.body:
            referred |= self._values.unknown(operation.body, case.request.body)
        return {one for one in referred & self._to_be_given if not self._values.known.get(one)}

    def join(self, other: "Heard") -> None:
        """Take in what another process heard."""
        self.successes += other.successes
        for operation, statuses in other.answers.items():
            self.answers[operation] += statuses
        self.unknowns += other.unknowns
        self.refusals += other.refusals
        self.words = {**other.words, **self.words}

    def unknown(self) -> dict[str, int]:
        """Give the nouns of which nothing is known, by how many refused requests had them."""
        counts = self.unknowns.most_common()
        return {noun: times for noun, times in counts if not self._values.known.get(noun)}

    def keeps_out(self, operation: Operation, exchange: Exchange) -> bool:
        """Tell whether a refusal may be about the credentials: they were never let in there."""
        is_about_access = operation.is_secured and exchange.response.status in UNAUTHORIZED
        return is_about_access and not self.successes[operation.id]

    def closed(self) -> list[str]:
        """Name the operations that let nobody in, whatever was sent."""
        return [
            operation.id
            for operation in self._contract.operations.values()
            if operation.is_secured
            and self.answers[operation.id]
            and all(status in UNAUTHORIZED for status in self.answers[operation.id])
            and not self.successes[operation.id]
        ]

    def weighed(self, case: Case, exchange: Exchange, checked: Checked) -> Checked:
        """Take away what a refusal does not prove: a server that refuses everything keeps nothing.

        The refusal of a wrong request says something once a right one was accepted; that of one
        without credentials once it differs from the answer to one with them.
        """
        operation = self._contract.operations[case.operation]
        if exchange.response.ok or self.successes[operation.id]:
            return checked
        unproven = set()
        if case.intent is Intent.REFUSED:
            unproven = {clause_id(self._contract, operation, "refuses"), case.breaks}
        elif exchange.response.status in self.answers[operation.id]:
            unproven = {clause_id(self._contract, operation, "security")}
        broken = {finding.clause for finding in checked.findings}
        exercised = Counter(
            {
                clause: times
                for clause, times in checked.exercised.items()
                if clause in broken or clause not in unproven
            }
        )
        return replace(checked, exercised=exercised)

    def usual_refusal(self) -> tuple[int, str, int] | None:
        """Give the refusal that right requests got most: its status, its words, how often."""
        if not self.refusals:
            return None
        [(kind, times)] = self.refusals.most_common(1)
        return kind[0], self.words[kind], times

    def knows_nothing(self) -> bool:
        """Tell whether every right request was answered as a path is that is not there."""
        statuses = [status for answers in self.answers.values() for status in answers]
        return bool(statuses) and set(statuses) <= {404, 405}
