"""A row for each member of each table of the documents that a contract rests on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from orderspec import pointer
from orderspec.contract.build import evidence_at
from orderspec.contract.bundle import FILE_KEYWORD
from orderspec.contract.catalog import DESCRIPTION, spec_folder
from orderspec.contract.lint.subject import below
from orderspec.contract.members import Steps, schema_steps, table_members
from orderspec.contract.model import Contract, Source, Table
from orderspec.contract.sources import SOURCES
from orderspec.coverage.members import Member
from orderspec.coverage.proofs import Proofs
from orderspec.findings import Coverage, Level, Row


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row, the member as fixtures name it, and every place that defines it."""

    row: Row
    member: Member
    places: tuple[Steps, ...]


def coverage(contract: Contract) -> Coverage:
    """Hold the tables of a contract's documents against its schemas and fixtures.

    Raises:
        ReadError: a file among the fixtures is no fixture.
        RuleError: a rule's CEL fails on a payload of the right shape.
    """
    proofs = Proofs(contract)
    sources = contract.sources.values()
    entries = [entry for source in sources for entry in _entries(contract, proofs, source)]
    own = set[str]().union(*map(_homes, sources))
    listed = {entry.member for entry in entries}
    defined = {place for entry in entries for place in entry.places}
    gaps = (
        *_without_tables(contract),
        *(f"no table names {place}: add it in {SOURCES}" for place in proofs.unlisted(own, listed)),
        *_without_a_row(contract, defined),
    )
    return Coverage(contract.name, tuple(entry.row for entry in entries), gaps)


def _entries(contract: Contract, proofs: Proofs, source: Source) -> Iterator[_Entry]:
    own = _homes(source)
    for table in source.tables:
        known = table_members(contract.document, table) or {}
        for printed, name in table.members.items():
            row, places = Row(source.id, table.name, printed, name), known.get(name, ())
            if places:
                definition = pointer.follow(contract.document, places[0])
                member = _member(table, name, definition)
                row = proofs.complete(_defined(contract, row, places[0]), member, definition, own)
                yield _Entry(row, member, places)
            else:
                yield _Entry(_undefined(row, table), Member("", name), ())


def _homes(source: Source) -> set[str]:
    return {_home(table) for table in source.tables if table.schema}


def _home(table: Table) -> str:
    return pointer.fragment(schema_steps(table.schema))


def _undefined(row: Row, table: Table) -> Row:
    home = table.schema or table.operation
    return replace(row, gaps=(f"{home} defines no member {row.member!r}: mend {SOURCES}",))


def _defined(contract: Contract, row: Row, place: Steps) -> Row:
    file, steps = _origin(contract, place)
    evidence = evidence_at(contract.document, place)
    return replace(row, file=file, pointer=pointer.join(steps), evidence=evidence)


def _member(table: Table, name: str, definition: Mapping[str, Any]) -> Member:
    """Name a member as fixtures do: headers, those of credentials too, are in lower case."""
    if table.schema:
        return Member(_home(table), name)
    is_header = definition.get("in", "header") == "header"
    return Member(table.operation, name.lower() if is_header else name)


def _origin(contract: Contract, place: Steps) -> tuple[str, Steps]:
    """Give the file that a place of the bundle comes from, and the place in it."""
    if place[:2] == ("components", "schemas"):
        component = pointer.follow(contract.document, place[:3])
        if FILE_KEYWORD in component:
            file, folder = Path(component[FILE_KEYWORD]), (spec_folder() / contract.name).resolve()
            shown = file.relative_to(folder) if file.is_relative_to(folder) else file
            return shown.as_posix(), place[3:]
    return DESCRIPTION, place


def _without_tables(contract: Contract) -> Iterator[str]:
    main = next(iter(contract.sources.values()), None)
    if main is None:
        yield f"there are no sources: list them and the tables of the first one in {SOURCES}"
    elif not main.tables:
        yield f"{main.id} is the first source, and has no tables: list them in {SOURCES}"


def _without_a_row(contract: Contract, defined: set[Steps]) -> Iterator[str]:
    """Find the members that a document with tables states or shows, and that no table names."""
    tabled = {source.id for source in contract.sources.values() if source.tables}
    for place in _properties(contract.document):
        evidence = evidence_at(contract.document, place)
        if (
            evidence
            and evidence.source in tabled
            and evidence.level is not Level.INFERRED
            and place not in defined
        ):
            file, steps = _origin(contract, place)
            yield (
                f"{file}#{pointer.join(steps)} is {evidence.level} by {evidence.source}, and no"
                f" table of it names {place[-1]!r}: add it in {SOURCES}"
            )


def _properties(document: Mapping[str, Any]) -> Iterator[Steps]:
    for name, component in document.get("components", {}).get("schemas", {}).items():
        for steps, schema in below(("components", "schemas", name), component):
            for member in schema.get("properties", {}):
                yield (*steps, "properties", member)
