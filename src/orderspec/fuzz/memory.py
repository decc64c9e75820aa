"""What a campaign knows of the server: what exists there, what goes together, what was sent."""

from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import Any

from orderspec import pointer
from orderspec.contract.model import Contract, Link
from orderspec.exchange import MISSING, Exchange
from orderspec.fuzz.cases import Case, Intent
from orderspec.fuzz.checks import check_link
from orderspec.fuzz.fixtures import fixtures_of
from orderspec.fuzz.ledger import Ledger
from orderspec.fuzz.places import Place, places
from orderspec.fuzz.shapes import Shapes
from orderspec.fuzz.values import FRESH, NAMES, Values


class Memory:
    """What a campaign remembers of its exchanges.

    Attributes:
        created: exchanges that made something, oldest first.
    """

    def __init__(self, contract: Contract, values: Values, ledger: Ledger) -> None:
        """Start with nothing.

        Args:
            contract: the contract.
            values: learns what exists.
            ledger: gets what a name that was given twice breaks.
        """
        self.created: list[Exchange] = []
        self._contract = contract
        self._values = values
        self._ledger = ledger
        self._shapes = Shapes(contract)
        for operation in contract.operations.values():
            for fixture in fixtures_of(contract, operation):
                self._shapes.learn(operation.body or "", fixture)
        self._keys: set[str] = set()
        self._named: dict[tuple[str, Any], Exchange] = {}
        self._together: set[tuple[tuple[str, str], tuple[str, str]]] = set()

    def repeats_a_key(self, case: Case) -> bool:
        """Tell whether a value that must be new was sent before; from now on it was."""
        operation = self._contract.operations[case.operation]
        if operation.body is None or case.request.body is MISSING:
            return False
        keys = {
            place.value
            for place in places(self._contract, operation.body, case.request.body)
            if place.keyword(FRESH) is True and isinstance(place.value, str)
        }
        repeated = bool(keys & self._keys)
        self._keys |= keys
        return repeated

    def knows(self, case: Case) -> bool:
        """Tell whether all that a request refers to exists on the server, and goes together.

        A catalog's price is in one currency, a location sells in one: only what was accepted
        together before is known to fit. Nor is an object known to be enough that has less than
        any that was right before.
        """
        operation = self._contract.operations[case.operation]
        referred: list[tuple[str, Any]] = []
        if operation.body and case.request.body is not MISSING:
            if not self._shapes.vouch(operation.body, case.request.body):
                return False
            referred = self._values.external(operation.body, case.request.body)
        by_path = [
            (str(parameter.schema["x-refers-to"]), case.request.path_parameters.get(parameter.name))
            for parameter in operation.parameters
            if parameter.location == "path" and "x-refers-to" in parameter.schema
        ]
        if len(by_path) < len(case.request.path_parameters):
            return False  # a path leads to something that nothing says how to find
        wanted = {(noun, str(value)) for noun, value in (*referred, *by_path)}
        return all(value in self._values.known.get(noun, ()) for noun, value in wanted) and all(
            pair in self._together for pair in combinations(sorted(wanted), 2)
        )

    def remember(self, exchange: Exchange, requests: int) -> None:
        """Learn what exists now: the values that were accepted, and the names that were given."""
        operation = self._contract.operations[exchange.operation]
        creating = [link for link in operation.links if link.target == operation.id]
        spec = operation.response_for(exchange.response.status)
        body = exchange.response.body
        if spec is None or spec.schema is None or not creating or body is MISSING:
            return
        if operation.body and exchange.request.body is not MISSING:
            self._shapes.learn(operation.body, exchange.request.body)
            external = self._values.external(operation.body, exchange.request.body)
            for noun, value in external:
                self._values.learn(noun, value)
            named = sorted({(noun, str(value)) for noun, value in external})
            self._together.update(combinations(named, 2))
        for place in places(self._contract, spec.schema, body):
            noun = place.keyword(NAMES)
            if noun and place.keyword("readOnly") is True and isinstance(place.value, str):
                self._values.learn(noun, place.value)
                self._expect_new(noun, place, exchange, creating, requests)
        self.created.append(exchange)

    def _expect_new(
        self, noun: str, place: Place, exchange: Exchange, creating: list[Link], requests: int
    ) -> None:
        """Hold a name that was given before, to another request, against the rules on names."""
        at, value = pointer.join(place.at), place.value
        earlier = self._named.setdefault((noun, value), exchange)
        if earlier.request.body == exchange.request.body or (
            self._keys_of(earlier) & self._keys_of(exchange)
        ):
            return
        for link in creating:
            found = check_link(self._contract, link, earlier, exchange)
            same = tuple(one for one in found.findings if one.at == at and one.got == value)
            if same:
                case = Case(exchange.operation, exchange.request, Intent.OPEN)
                checked = replace(found, findings=same, exercised=Counter(), absent=frozenset())
                self._ledger.enter(
                    checked, case, exchange, requests=requests, origin=(earlier, link)
                )

    def _keys_of(self, exchange: Exchange) -> set[str]:
        """Gather what must be new in each request: under one key, one answer is right."""
        operation = self._contract.operations[exchange.operation]
        if operation.body is None or exchange.request.body is MISSING:
            return set()
        return {
            place.value
            for place in places(self._contract, operation.body, exchange.request.body)
            if place.keyword(FRESH) is True and isinstance(place.value, str)
        }
