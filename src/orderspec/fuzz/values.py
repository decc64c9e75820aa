"""Values that no schema can tell: fresh keys, names that must exist, one currency for all."""

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any
from uuid import UUID

from orderspec.contract.model import Contract, Operation
from orderspec.contract.nouns import NAMES, REFERS_TO, examples_of, local_nouns
from orderspec.exchange import MISSING, Request
from orderspec.fuzz.places import Path, Place, drop, get, places, put

FRESH, UNIFY = "x-fresh", "x-unify"
LONGEST_NAME = 50


class Values:
    """The values of one campaign.

    Attributes:
        known: noun to values that exist on the server: given by the user, or seen in an answer.
        examples: noun to the contract's examples, which may or may not exist there.
    """

    def __init__(self, contract: Contract, seed: int, known: Mapping[str, Iterable[str]]) -> None:
        """Start with what the user gave."""
        self.contract = contract
        self.known: dict[str, list[Any]] = defaultdict(list)
        self._written: dict[str, set[str]] = defaultdict(set)
        for noun, given in known.items():
            for value in given:
                self.learn(noun, value)
        self.examples = examples_of(contract)
        self._local = local_nouns(contract)
        self._seed = seed
        self._count = 0
        self.nonce = ""

    def fresh(self, longest: int | None = None, form: str | None = None) -> str:
        """Make a value that was never sent before.

        It depends on the seed, on a count, and on a nonce that the server's first answer gave: a
        deterministic server sees the same requests again, a living one never the same key.

        Args:
            longest: number of characters that it may have.
            form: the `format` that it must have; of those there is ``uuid``.
        """
        self._count += 1
        text = f"{self._seed}:{self.nonce}:{self._count}"
        digits = hashlib.sha256(text.encode()).hexdigest()
        if form == "uuid":
            return str(UUID(digits[:32], version=4))
        name = f"orderspec-{digits[:24]}"
        return name if longest is None or longest >= len(name) else digits[:longest]

    def learn(self, noun: str, value: Any) -> None:
        """Remember a value that exists on the server now."""
        if value not in self.known[noun]:
            self.known[noun].append(value)
            self._written[noun].add(str(value))

    def exists(self, noun: str, value: str) -> bool:
        """Tell whether a value, written as a path or a query holds it, is known to exist."""
        return value in self._written.get(noun, ())

    def repaired(self, reference: str, body: Any) -> Any:
        """Make a body consistent: what it refers to is there, what must be one is one.

        Args:
            reference: pointer of the body's schema.
            body: the body; it is not changed.

        Returns:
            A body without read-only members, with fresh keys, names used once, references that
            lead to a name in the body or to a known value (else left out), and one value where
            the contract asks for one.
        """
        repaired = deepcopy(body)
        _drop_all(
            repaired,
            [
                place.at
                for place in places(self.contract, reference, repaired)
                if place.at and place.keyword("readOnly") is True
            ],
        )
        self._rename(repaired, places(self.contract, reference, repaired))
        self._redirect(repaired, places(self.contract, reference, repaired))
        unified: dict[str, Any] = {}
        for place in places(self.contract, reference, repaired):
            group = place.keyword(UNIFY)
            if isinstance(group, str) and isinstance(place.value, str):
                put(repaired, place.at, unified.setdefault(group, place.value))
        return self.refreshed(reference, repaired)

    def keyed(self, reference: str, body: Any) -> Any:
        """Give the same body with a fresh key, where its schema has one and the body has none."""
        if not isinstance(body, dict):
            return body
        top = next(place for place in places(self.contract, reference, body) if not place.at)
        for name, schema in top.properties().items():
            if isinstance(schema, dict) and schema.get(FRESH) is True and name not in body:
                key = self.fresh(schema.get("maxLength"), schema.get("format"))
                return {**body, name: key}
        return body

    def refreshed(self, reference: str, body: Any) -> Any:
        """Give the same body with fresh keys."""
        refreshed = deepcopy(body)
        for place in places(self.contract, reference, refreshed):
            if place.at and place.keyword(FRESH) is True and isinstance(place.value, str):
                key = self.fresh(place.keyword("maxLength"), place.keyword("format"))
                put(refreshed, place.at, key)
        return refreshed

    def keyless(self, reference: str, body: Any) -> Any:
        """Give the same body without the fresh keys that it may leave out."""
        keyless = deepcopy(body)
        by_path = {place.at: place for place in places(self.contract, reference, keyless)}
        keys = [at for at, place in by_path.items() if at and place.keyword(FRESH) is True]
        _drop_all(keyless, [at for at in keys if _removable(at, by_path) == at])
        return keyless

    def localised(self, reference: str, body: Any) -> Any:
        """Give the same body with known values where it refers to what this server may lack."""
        localised = deepcopy(body)
        for place in places(self.contract, reference, localised):
            noun, value = place.keyword(REFERS_TO), place.value
            known = self.known.get(str(noun), []) if noun not in self._local else []
            is_free = isinstance(value, str) and bool(value) and not place.keyword(UNIFY)
            if known and is_free and value not in known:
                put(localised, place.at, known[0])
        return self.refreshed(reference, localised)

    def external(self, reference: str, body: Any) -> list[tuple[str, Any]]:
        """List the nouns and values outside the body that it refers to."""
        all_places = places(self.contract, reference, body)
        local = {place.keyword(NAMES) for place in all_places}
        return [
            (place.keyword(REFERS_TO), place.value)
            for place in all_places
            if place.keyword(REFERS_TO)
            and place.keyword(REFERS_TO) not in local
            and place.value is not None
        ]

    def unknown(self, reference: str, body: Any) -> frozenset[str]:
        """Name the nouns that a body refers to outside of itself and of which nothing is known."""
        referred = {str(noun) for noun, _ in self.external(reference, body)}
        return frozenset(noun for noun in referred if not self.known.get(noun))

    def _rename(self, body: Any, all_places: list[Place]) -> None:
        """Give a name that stands twice another name."""
        used: dict[str, set[Any]] = defaultdict(set)
        for place in all_places:
            noun = place.keyword(NAMES)
            if not noun or not isinstance(place.value, str):
                continue
            name, number = place.value, 2
            while name in used[noun]:
                name, number = f"{place.value[:LONGEST_NAME]}-{number}", number + 1
            used[noun].add(name)
            put(body, place.at, name)

    def _redirect(self, body: Any, all_places: list[Place]) -> None:
        """Lead references to names that are there; leave out those that lead nowhere."""
        named: dict[str, list[Any]] = defaultdict(list)
        for place in all_places:
            if place.keyword(NAMES) and isinstance(place.value, str):
                named[place.keyword(NAMES)].append(place.value)
        by_path = {place.at: place for place in all_places}
        dropped: list[Path] = []
        seen: set[tuple[Path, Any]] = set()
        for place in all_places:
            noun = place.keyword(REFERS_TO)
            if not noun or not isinstance(place.value, str) or place.keyword(UNIFY):
                continue
            choices = named[noun] if noun in self._local else self.known[noun]
            whole = _removable(place.at, by_path)
            if not choices:
                if whole and (noun in self._local or whole == place.at):
                    dropped.append(whole)
                continue
            value = place.value
            if value not in choices:
                value = choices[len(value) % len(choices)]
            if whole and isinstance(whole[-1], int):
                # An element that is there for its reference would say the same as another.
                if noun in self._local and (whole[:-1], value) in seen:
                    dropped.append(whole)
                seen.add((whole[:-1], value))
            put(body, place.at, value)
        _drop_all(body, dropped)


def keys_of(contract: Contract, operation: Operation, request: Request) -> set[str]:
    """Gather what must be new in each request: the members and parameters that are keys."""
    keys = set()
    if operation.body is not None and request.body is not MISSING:
        keys = {
            place.value
            for place in places(contract, operation.body, request.body)
            if place.keyword(FRESH) is True and isinstance(place.value, str)
        }
    given = {**request.query, **request.headers}
    for parameter in operation.parameters:
        if parameter.schema.get(FRESH) is True:
            keys |= {
                str(given[name]) for name in {parameter.name, parameter.name.lower()} & given.keys()
            }
    return keys


def _removable(at: Path, by_path: Mapping[Path, Place]) -> Path:
    """Find the smallest part around a place that can be left out: an element, an option.

    Returns:
        Its path; the empty one where nothing less than the body can.
    """
    while at and isinstance(at[-1], str):
        parent = by_path.get(at[:-1])
        if parent is None or at[-1] not in parent.required():
            break
        at = at[:-1]
    return at


def _drop_all(body: Any, paths: Iterable[Path]) -> None:
    """Remove places from last to first, so that indices stay right; inner ones go with outer."""
    for path in sorted(set(paths), key=_descending, reverse=True):
        try:
            get(body, path)
        except (LookupError, TypeError):
            continue
        drop(body, path)


def _descending(path: Path) -> list[tuple[int, int, str]]:
    return [(1, step, "") if isinstance(step, int) else (0, 0, step) for step in path]


def chooser(seed: int, label: str) -> random.Random:
    """Make a source of choices that depends on the seed and the purpose only."""
    return random.Random(f"{seed}:{label}")  # noqa: S311 (repeatable choices, no secrets)
