"""What requests changed after it was created, and in which state they could."""

from collections import defaultdict
from collections.abc import Set as AbstractSet

from orderspec.contract.model import Contract, Operation
from orderspec.exchange import MISSING, Request
from orderspec.fuzz.places import places

Name = tuple[str, str]
"""A noun, and the value that names one of them; as text, since paths hold texts."""

State = frozenset[tuple[str, str]]
"""The members of a request that say which of several kinds or states a thing is in."""


class Changes:
    """Remembers changes by all the names in the path of a request.

    Names may be taken more than once: the first line of every order can be line 1. Only the names
    of a path together say what was changed.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self._count = 0
        self._changed: dict[Name, dict[frozenset[Name], int]] = defaultdict(dict)
        self._states: dict[Name, State] = {}
        self._allowed: set[tuple[str, State]] = set()

    def created(self, names: AbstractSet[Name], state: State) -> None:
        """Remember in which state something was created."""
        self._states |= dict.fromkeys(names, state)

    def changed(self, operation: str, names: AbstractSet[Name]) -> None:
        """Remember that an operation changed what these names lead to."""
        path = frozenset(names)
        self._count += 1
        for name in path:
            self._changed[name][path] = self._count
        self._allowed.add((operation, self._state(path)))

    def latest(self, names: AbstractSet[Name]) -> int:
        """Number the latest change of something with these names, its whole or a part; 0 is none.

        Numbers grow: what has the same one now as before was not changed in between.
        """
        return max(
            (
                number
                for name in names
                for path, number in self._changed.get(name, {}).items()
                if path <= names or names <= path
            ),
            default=0,
        )

    def allows(self, operation: str, names: AbstractSet[Name]) -> bool:
        """Tell whether the state that something was created in is sure to allow an operation.

        It is where nothing was said of a state, and where the operation was accepted in the same.
        """
        state = self._state(names)
        return not state or (operation, state) in self._allowed

    def _state(self, names: AbstractSet[Name]) -> State:
        return frozenset().union(*(self._states.get(name, frozenset()) for name in names))


def state_of(contract: Contract, operation: Operation, request: Request) -> State:
    """Gather what a request says of a state: the members that have one of a few values."""
    if operation.body is None or request.body is MISSING:
        return frozenset()
    return frozenset(
        ("/".join(step for step in place.at if isinstance(step, str)), str(place.value))
        for place in places(contract, operation.body, request.body)
        if isinstance(place.value, bool) or place.keyword("enum") is not None
    )
