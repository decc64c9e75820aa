"""The tables of documents: each names what the contract defines, and nothing twice."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from orderspec import pointer
from orderspec.contract.lint.findings import Flaw
from orderspec.contract.lint.subject import Steps, Subject
from orderspec.contract.members import Definitions, schema_steps, table_members
from orderspec.contract.model import Table
from orderspec.contract.sources import SOURCES, printed_and_member
from orderspec.findings import Finding

_MEMBERS = frozenset({"schema", "operation", "members"})
_FORM = "{schema: <Title>, members: [<name>, …]}, or `operation` with an operationId for `schema`"


def check_tables(subject: Subject) -> Iterator[Finding]:
    """A table is of a schema or an operation, which defines each of its members."""
    for at, tables in _listed(subject):
        if isinstance(tables, dict) and tables:
            for name, entry in tables.items():
                yield from _table(subject, (*at, name), entry)
        else:
            yield _finding(subject, at, "it names no table", f"name of a table: {_FORM}", tables)


def table_references(subject: Subject) -> Iterator[dict[str, str]]:
    """Give a reference to each schema that a table is about."""
    for _, tables in _listed(subject):
        for entry in tables.values() if isinstance(tables, dict) else ():
            if _is_table(entry) and "schema" in entry:
                steps = schema_steps(entry["schema"])
                if steps[2] in subject.document.get("components", {}).get("schemas", {}):
                    yield {"$ref": pointer.fragment(steps[:3])}


def _listed(subject: Subject) -> Iterator[tuple[Steps, Any]]:
    """Give the `tables` of every source and where they stand."""
    content = subject.sources
    sources = content.get("sources") if isinstance(content, dict) else None
    for name, source in sources.items() if isinstance(sources, dict) else ():
        if isinstance(source, dict) and "tables" in source:
            yield ("sources", name, "tables"), source["tables"]


def _table(subject: Subject, at: Steps, entry: Any) -> Iterator[Finding]:
    if not _is_table(entry):
        yield _finding(subject, at, f"the table {at[-1]!r} is not whole", _FORM)
        return
    table = Table(at[-1], {}, entry.get("schema", ""), entry.get("operation", ""))
    known = table_members(subject.document, table)
    if known is None:
        yield _no_home(subject, at, table)
        return
    yield from _members(subject, (*at, "members"), entry["members"], table, known)


def _is_table(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and entry.keys() <= _MEMBERS
        and len(entry.keys() & {"schema", "operation"}) == 1
        and all(isinstance(entry[name], str) for name in entry.keys() & {"schema", "operation"})
        and isinstance(entry.get("members"), list)
        and bool(entry["members"])
    )


def _no_home(subject: Subject, at: Steps, table: Table) -> Finding:
    if table.operation:
        known = [str(one.get("operationId")) for _, one in subject.operations()]
        missing = f"there is no operation {table.operation!r}"
        return _finding(
            subject, (*at, "operation"), missing, _near(table.operation, known), table.operation
        )
    known = [steps[-1] for steps, _ in subject.components()]
    missing = f"there is no schema {table.schema!r}"
    return _finding(subject, (*at, "schema"), missing, _near(table.schema, known), table.schema)


def _members(
    subject: Subject, at: Steps, entries: list[Any], table: Table, known: Definitions
) -> Iterator[Finding]:
    met: set[str] = set()
    for index, entry in enumerate(entries):
        place = (*at, str(index))
        try:
            printed, member = printed_and_member(entry)
        except ValueError as problem:
            form = "<name>, or {<name in the document>: <member>}"
            yield _finding(subject, place, f"it is {problem}", form, entry)
            continue
        if member not in known:
            message = f"{table.schema or table.operation} defines no member {member!r}"
            yield _finding(subject, place, message, _near(member, known), member)
        for name in sorted({printed, member} & met):
            yield _finding(subject, place, f"{name!r} stands twice in the table", "once", name)
        met.update((printed, member))


def _near(name: str, known: list[str] | Mapping[str, Any]) -> str:
    near = get_close_matches(name, known, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"one of {', '.join(known)}" if known else "there is none"


def _finding(subject: Subject, at: Steps, message: str, expected: str, got: Any = None) -> Finding:
    file = subject.description.with_name(SOURCES)
    return subject.scribe.finding(file, at, Flaw("table", message, expected, got))
