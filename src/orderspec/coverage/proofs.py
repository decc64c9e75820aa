"""What the fixtures of a contract prove of its members, and what to write where they do not."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from orderspec import exact_json, pointer
from orderspec.contract.members import schema_members
from orderspec.contract.model import Contract
from orderspec.coverage.members import Break, Member, Place, breaks, homes
from orderspec.coverage.parts import parts
from orderspec.coverage.trials import ABSENT, Trial, Way, trials, way_of
from orderspec.findings import Proof, Row

# The types of security schemes. None is a type of JSON Schema, and parameters have no type.
_CREDENTIALS = ("apiKey", "http", "oauth2", "openIdConnect", "mutualTLS")
# The name of a fixture that holds the example of a document.
_EXAMPLE = "document-example"
_LONGEST = 40


class Proofs:
    """Every object that a valid fixture holds, and every member that an invalid one breaks."""

    def __init__(self, contract: Contract) -> None:
        """Read the fixtures.

        Raises:
            ReadError: a file among them is no fixture.
        """
        self._contract = contract
        self._objects: dict[str, list[Place]] = defaultdict(list)
        self._broken: dict[Member, Break] = {}
        self._ways: dict[Way, Proof] = {}
        for part in parts(contract):
            for home, place in () if part.violates else homes(contract, part):
                self._objects[home].append(place)
            for member, found in breaks(contract, part):
                self._broken[member] = min(found, self._broken.get(member, found))
            for one in part.violates:
                self._ways.setdefault(way_of(one), Proof(part.file, one.at, one.clause))

    def complete(
        self, row: Row, member: Member, definition: Mapping[str, Any], own: Collection[str]
    ) -> Row:
        """Say which fixtures show and break the member of a row, and what is missing.

        Args:
            row: the row so far.
            member: its member, as fixtures name it.
            definition: the schema, parameter or security scheme that defines the member.
            own: pointers of the schemas of the row's document: payloads of these show it best.

        Raises:
            RuleError: a rule's CEL fails on a payload of the right shape.
        """
        places = [place for place in self._places(member) if _shows(place, definition)]
        best = min(places, key=lambda place: _preference(place, own), default=None)
        if best:
            row = replace(row, shown=Proof(best.part.file, best.pointer))
        else:
            row = replace(row, gaps=(f"no valid fixture shows it: {self._where(member)}",))
        found = self._broken.get(member)
        if found:
            return replace(row, broken=Proof(found.file, found.at, found.clause))
        if definition.get("type") in _CREDENTIALS:
            gap = f"no exchange with another {row.member} is refused with 401 or 403: record one"
            return replace(row, gaps=(*row.gaps, gap))
        return self._tried(row, member)

    def _tried(self, row: Row, member: Member) -> Row:
        """Say whether anything could break a member that no fixture breaks.

        Where another value only makes a rule fail somewhere else, a fixture that breaks this rule
        at a member of the same name will do.
        """
        ways: dict[Way, Trial] = {}
        for trial in trials(self._contract, member, self._places(member)):
            if trial.about:
                return _unbroken(row, trial, trial.about.at, trial.about.clause)
            for one in trial.found:
                if one.clause in self._contract.rules:
                    ways.setdefault(way_of(one), trial)
        known = [self._ways[way] for way in ways if way in self._ways]
        if known:
            return replace(row, broken=known[0])
        if ways:
            (clause, _), trial = next(iter(ways.items()))
            at = next(one.at for one in trial.found if one.clause == clause)
            return _unbroken(row, trial, at, clause)
        if not row.shown:
            return replace(row, gaps=(*row.gaps, "no invalid fixture breaks it either"))
        return replace(row, is_open=True)

    def unlisted(self, own: Collection[str], listed: Collection[Member]) -> Iterator[str]:
        """Name the members of the documents' examples that have no row, by file and place.

        Args:
            own: pointers of the schemas that the documents have tables of.
            listed: the members with a row.
        """
        known: dict[tuple[str, str], set[str]] = defaultdict(set)
        rows: dict[tuple[str, str], set[str]] = defaultdict(set)
        for home, places in self._objects.items():
            for place in places:
                if place.part.reference in own and _is_example(place):
                    key = place.part.file, place.pointer
                    defined = schema_members(self._contract.document, pointer.parse(home))
                    known[key] |= place.value.keys() & defined
                    rows[key] |= {member.name for member in listed if member.home == home}
        for key, names in known.items():
            for name in sorted(names - rows[key]):
                yield f"{key[0]}#{key[1]}/{pointer.escape(name)}"

    def _places(self, member: Member) -> list[Place]:
        objects = self._objects[member.home]
        return [place.member(member.name) for place in objects if member.name in place.value]

    def _where(self, member: Member) -> str:
        """Say where a member could be added: in the first object of its kind."""
        place = min(self._objects[member.home], key=Place.order, default=None)
        if place:
            return f"add it, such as at {place.pointer or 'the root'} in {place.part.file}"
        if member.home not in self._contract.operations:
            title = pointer.parse(member.home)[2]
            return f"none holds {title}, so write {title}/valid/<name>.json or an exchange with one"
        return f"record a call of {member.home} in exchanges/<name>.json"


def _shows(place: Place, definition: Mapping[str, Any]) -> bool:
    """Tell whether a value shows a member: null does only where nothing else is right."""
    return place.value is not None or definition.get("type") in ("null", ["null"])


def _preference(place: Place, own: Collection[str]) -> tuple[Any, ...]:
    return place.part.reference not in own, not _is_example(place), *place.order()


def _is_example(place: Place) -> bool:
    return place.part.fixture.path.stem == _EXAMPLE


def _unbroken(row: Row, trial: Trial, at: str, clause: str) -> Row:
    place = trial.place
    value = "no member" if trial.value is ABSENT else exact_json.to_text(trial.value)
    if len(value) > _LONGEST:
        value = f"a text of {len(trial.value)} characters"
    where = "" if at == place.pointer else f" at {at or 'the root'}"
    gap = (
        f"no invalid fixture breaks it: write one like {place.part.file} with {value} at"
        f" {place.pointer}, which violates {clause}{where}"
    )
    return replace(row, gaps=(*row.gaps, gap))
