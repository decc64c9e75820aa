"""What a campaign knows of the server: what exists there, what goes together, what was sent."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from typing import Any

from orderspec import pointer
from orderspec.contract.model import Contract, Link, Operation
from orderspec.contract.nouns import NAMES, REFERS_TO, given_nouns
from orderspec.exchange import MISSING, Exchange, Request
from orderspec.fuzz.cases import Case, Intent
from orderspec.fuzz.changes import Changes, Name, state_of
from orderspec.fuzz.checks import check_link
from orderspec.fuzz.fixtures import fixtures_of
from orderspec.fuzz.following import path_of
from orderspec.fuzz.ledger import Ledger
from orderspec.fuzz.places import Place, places
from orderspec.fuzz.shapes import Shapes
from orderspec.fuzz.values import Values, keys_of

VAST = 10**9


class Memory:
    """What a campaign remembers of its exchanges.

    Attributes:
        created: exchanges that made something, oldest first.
        accepted: operation to its latest request with a body that was accepted.
        proven: operation to the names of its links that led to a success.
        aside: those of `created` that nothing is to change.
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
                self._shapes.suppose(operation.body or "", fixture)
        self.accepted: dict[str, Request] = {}
        self.proven: dict[str, set[str]] = defaultdict(set)
        self.aside: list[Exchange] = []
        self._keys: dict[str, Any] = {}
        self._reused: set[str] = set()
        self._changes = Changes()
        self._made: dict[Name, set[int]] = defaultdict(set)
        self._given = given_nouns(contract)
        self._named: dict[tuple[str, Any], Exchange] = {}
        self._names_of: dict[int, set[Name]] = {}
        self._together: set[tuple[Name, Name]] = set()
        self._paths: dict[tuple[int, int], tuple[Exchange, Mapping[str, str]]] = {}

    def is_changed(self, operation: Operation, parameters: Mapping[str, Any]) -> bool:
        """Tell whether what a path leads to was changed after it was created."""
        return self._changes.latest(self._path_names(operation, parameters)) > 0

    def latest_change(self, exchange: Exchange) -> int:
        """Number the latest change of what an answer names; 0 where nothing changed it."""
        return self._changes.latest(self.names_in(exchange))

    def origin(
        self, operation: Operation, parameters: Mapping[str, Any]
    ) -> tuple[Exchange, Link] | None:
        """Find the exchange that made what a path leads to, and the link that leads there."""
        names = self._path_names(operation, parameters)
        made = [self._made.get(name, set()) for name in names]
        for number in sorted(set.intersection(*made) if made else (), reverse=True):
            exchange = self.created[number]
            for link in self._contract.operations[exchange.operation].links:
                if link.target == operation.id:
                    path = self.path(operation, link, exchange)
                    if self._path_names(operation, path) == names:
                        return exchange, link
        return None

    def path(self, operation: Operation, link: Link, exchange: Exchange) -> Mapping[str, str]:
        """Give the path parameters that a link leads to from an exchange in `created`."""
        key = (id(exchange), id(link))
        if key not in self._paths:
            # With the exchange beside it, no other one can take its identity.
            self._paths[key] = (exchange, path_of(operation, link, exchange))
        return self._paths[key][1]

    def exist(self, operation: Operation, parameters: Mapping[str, Any]) -> bool:
        """Tell whether a path leads to what is known to exist, in all of its parts."""
        referred = _referred(operation, parameters)
        return referred.keys() == parameters.keys() and all(
            self._values.exists(*name) for name in _names(referred.values())
        )

    def repeats_a_key(self, case: Case) -> bool:
        """Tell whether a value that must be new was sent before; from now on it was."""
        keys = self._keys_in(case.operation, case.request)
        repeated = bool(keys & self._keys.keys())
        for key in keys:
            self._keys.setdefault(key, case.request.body)
        return repeated

    def reused_a_key(self, exchange: Exchange) -> bool:
        """Tell whether another request was accepted under a key of an exchange, too."""
        return bool(self._keys_in(exchange.operation, exchange.request) & self._reused)

    def knows(self, case: Case) -> bool:
        """Tell whether all that a request refers to exists on the server, and goes together.

        A catalog's price is in one currency, a location sells in one: only what was accepted
        together before is known to fit. Nor is an object known to be enough that has less than
        any that was right before. What the contract's own fixtures refer to goes together; but no
        change is sure to be allowed where its state may forbid it.
        """
        operation = self._contract.operations[case.operation]
        if operation.may_change and not self.may_change(operation, case.request.path_parameters):
            return False
        if case.vouched:
            return True
        referred: list[tuple[str, Any]] = []
        if operation.body and case.request.body is not MISSING:
            if _has_vast_number(case.request.body):
                return False
            if not self._shapes.vouch(operation.body, case.request.body):
                return False
            referred = self._values.external(operation.body, case.request.body)
        by_path = _references(operation, case.request)
        if sum(1 for one in operation.parameters if one.location == "path") > sum(
            1 for name in case.request.path_parameters if name in by_path
        ):
            return False  # a path leads to something that nothing says how to find
        wanted = _names((*referred, *by_path.values()))
        return all(self._values.exists(*name) for name in wanted) and all(
            pair in self._together for pair in combinations(sorted(wanted), 2)
        )

    def may_change(self, operation: Operation, parameters: Mapping[str, Any]) -> bool:
        """Tell whether the state of what a path leads to is sure to allow a change."""
        names = self._path_names(operation, parameters)
        return not self._changes.latest(names) and self._changes.allows(operation.id, names)

    def note_change(self, exchange: Exchange) -> None:
        """Remember that a request changed what its path leads to; without answer, it may have."""
        operation = self._contract.operations[exchange.operation]
        names = self._path_names(operation, exchange.request.path_parameters)
        if operation.may_change and names:
            self._changes.changed(operation.id, names)

    def remember(self, exchange: Exchange, requests: int) -> None:
        """Learn what exists now: the values that were accepted, and the names that were given."""
        for key in self._keys_in(exchange.operation, exchange.request):
            if self._keys.setdefault(key, exchange.request.body) != exchange.request.body:
                self._reused.add(key)
        operation = self._contract.operations[exchange.operation]
        creating = [link for link in operation.links if link.target == operation.id]
        spec = operation.response_for(exchange.response.status)
        body = exchange.response.body
        by_path = list(_references(operation, exchange.request).values())
        external: list[tuple[str, Any]] = []
        if operation.body and exchange.request.body is not MISSING:
            self._shapes.learn(operation.body, exchange.request.body)
            external = self._values.external(operation.body, exchange.request.body)
            self.accepted[operation.id] = exchange.request
        self._belong((*external, *by_path))
        if not (creating and operation.body and spec and spec.schema) or body is MISSING:
            return
        for noun, value in (*external, *by_path):
            self._values.learn(noun, value)
        for place in self._named_by(exchange):
            noun = str(place.keyword(NAMES))
            self._values.learn(noun, place.value)
            self._expect_new(noun, place, exchange, creating, requests)
        names = self.names_in(exchange)
        self._changes.created(names, state_of(self._contract, operation, exchange.request))
        for name in names:
            self._made[name].add(len(self.created))
        self.created.append(exchange)
        self._names_of[id(exchange)] = names
        for link in operation.links:
            target = self._contract.operations[link.target]
            self._belong(_referred(target, self.path(target, link, exchange)).values())

    def _belong(self, referred: Iterable[tuple[str, Any]]) -> None:
        self._together.update(combinations(sorted(_names(referred)), 2))

    def _path_names(self, operation: Operation, path: Mapping[str, Any]) -> set[Name]:
        """Name what a path leads to, of what the server gave names to."""
        referred = _names(_referred(operation, path).values())
        return {name for name in referred if name[0] in self._given}

    def _named_by(self, exchange: Exchange) -> list[Place]:
        """Find the names that an answer gives to what it is about."""
        operation = self._contract.operations[exchange.operation]
        spec = operation.response_for(exchange.response.status)
        if spec is None or spec.schema is None or exchange.response.body is MISSING:
            return []
        return [
            place
            for place in places(self._contract, spec.schema, exchange.response.body)
            if place.keyword(NAMES)
            and place.keyword("readOnly") is True
            and isinstance(place.value, str | int)
        ]

    def names_in(self, exchange: Exchange) -> set[Name]:
        """Give the names of what an answer is about; of what was created, they are kept."""
        kept = self._names_of.get(id(exchange))
        if kept is not None:
            return kept
        return _names((place.keyword(NAMES), place.value) for place in self._named_by(exchange))

    def _expect_new(
        self, noun: str, place: Place, exchange: Exchange, creating: list[Link], requests: int
    ) -> None:
        """Hold a name that was given before, to another request, against the rules on names."""
        at, value = pointer.join(place.at), place.value
        earlier = self._named.setdefault((noun, value), exchange)
        if earlier.request.body == exchange.request.body or (
            self._keys_in(earlier.operation, earlier.request)
            & self._keys_in(exchange.operation, exchange.request)
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

    def _keys_in(self, operation: str, request: Request) -> set[str]:
        """Gather the keys of a request: under one key, one answer is right."""
        return keys_of(self._contract, self._contract.operations[operation], request)


def _references(operation: Operation, request: Request) -> dict[str, tuple[str, Any]]:
    """Map the parameters of a request that refer to something to its noun and the value."""
    return _referred(operation, {**request.query, **request.path_parameters})


def _referred(operation: Operation, given: Mapping[str, Any]) -> dict[str, tuple[str, Any]]:
    return {
        parameter.name: (str(parameter.schema[REFERS_TO]), given[parameter.name])
        for parameter in operation.parameters
        if REFERS_TO in parameter.schema and parameter.name in given
    }


def _has_vast_number(value: Any) -> bool:
    """Tell whether a body holds a number that a server may have no room for, or for its multiples.

    What bounds numbers in a contract is often the type that carries them.
    """
    match value:
        case bool():
            return False
        case int() | Decimal() as number:
            return not -VAST <= number <= VAST
        case dict():
            return any(_has_vast_number(item) for item in value.values())
        case list():
            return any(_has_vast_number(item) for item in value)
        case _:
            return False


def _names(referred: Iterable[tuple[str, Any]]) -> set[Name]:
    return {(noun, str(value)) for noun, value in referred}
