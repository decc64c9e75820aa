"""Every clause says which document it rests on, and every document is used."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from orderspec.contract.build import EVIDENCE, evidence_at
from orderspec.contract.bundle import FILE_KEYWORD
from orderspec.contract.lint.files import mappings
from orderspec.contract.lint.findings import Flaw
from orderspec.contract.lint.subject import Steps, Subject
from orderspec.errors import ContractError
from orderspec.findings import Finding, Level

_WORD = re.compile(r"[\w-]+")
_MEMBERS = frozenset({"source", "level", "note"})
_SOURCE_MEMBERS = frozenset({"title", "address", "date", "tables"})


def check_evidence(subject: Subject) -> Iterator[Finding]:
    """Evidence is whole, is there for every clause, and leaves no source unused."""
    if not subject.house:
        return
    sources = _sources(subject)
    used: set[str] = set()
    for steps, members in mappings(subject.document):
        if EVIDENCE in members and steps[-1:] != ("properties",):
            used.update(_named(members[EVIDENCE], sources))
            yield from _statement(subject, (*steps, EVIDENCE), members[EVIDENCE], sources)
    yield from _missing(subject)
    yield from _source_file(subject, sources, used)


def _statement(
    subject: Subject, steps: Steps, value: Any, sources: dict[str, Any]
) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield subject.finding(
            steps,
            Flaw(
                "evidence",
                "evidence is a mapping",
                expected="{source: <id>, level: stated|shown|inferred, note: <why>}",
                got=value,
            ),
        )
        return
    for name in value.keys() - _MEMBERS:
        yield subject.finding(
            (*steps, name),
            Flaw(
                "evidence",
                f"evidence has no member {name!r}",
                expected="source, level and note",
                got=name,
            ),
        )
    source, level = value.get("source"), value.get("level")
    if source not in sources:
        near = get_close_matches(str(source), sources, n=1)
        yield subject.finding(
            (*steps, "source"),
            Flaw(
                "evidence-source",
                f"the source {source!r} is not in sources.yaml",
                expected=f"did you mean {near[0]!r}?"
                if near
                else "the id of a source listed there",
                got=source,
            ),
        )
    if level not in set(Level):
        yield subject.finding(
            (*steps, "level"),
            Flaw(
                "evidence-level",
                f"the level {level!r} is not known",
                expected="stated, shown or inferred",
                got=level,
            ),
        )
    if level == Level.INFERRED and not str(value.get("note") or "").strip():
        yield subject.finding(
            steps,
            Flaw(
                "evidence-note",
                "inferred, and no note says why",
                expected="a note: what the document leaves open and why this reading",
            ),
        )


def _missing(subject: Subject) -> Iterator[Finding]:
    for steps, schema in subject.components():
        if isinstance(schema, dict) and FILE_KEYWORD in schema and EVIDENCE not in schema:
            yield _bare(subject, steps, "schema file")
    for steps, operation in subject.operations():
        yield from _bare_unless(subject, steps, "operation")
        for status in operation.get("responses") or {}:
            yield from _bare_unless(subject, (*steps, "responses", status), "response")
    for steps, _, entries in subject.rule_holders():
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if not isinstance(entry, dict) or EVIDENCE not in entry:
                yield from _bare_unless(subject, steps, "rule", (*steps, "x-rules", str(index)))


def _bare_unless(
    subject: Subject, steps: Steps, noun: str, at: Steps | None = None
) -> Iterator[Finding]:
    try:
        found = evidence_at(subject.document, steps)
    except ContractError:
        return
    if found is None:
        yield _bare(subject, at or steps, noun)


def _bare(subject: Subject, steps: Steps, noun: str) -> Finding:
    return subject.finding(
        steps,
        Flaw(
            "no-evidence",
            f"the {noun} says nothing about where it comes from",
            expected="x-evidence here or above: {source: <id>, level: stated|shown|inferred}",
        ),
    )


def _sources(subject: Subject) -> dict[str, Any]:
    content = subject.sources
    listed = content.get("sources") if isinstance(content, dict) else None
    if not isinstance(listed, dict):
        return {}
    return {str(name): entry for name, entry in listed.items()}


def _named(value: Any, sources: Iterable[str]) -> set[str]:
    """Give the sources that evidence names: as its source, or as a second one in its note."""
    if not isinstance(value, dict):
        return set()
    words = set(_WORD.findall(str(value.get("note"))))
    return {name for name in sources if name == value.get("source") or name in words}


def _source_file(subject: Subject, sources: dict[str, Any], used: set[str]) -> Iterator[Finding]:
    file = subject.description.parent / "sources.yaml"
    if subject.sources is None:
        yield subject.finding(
            (),
            Flaw(
                "sources",
                f"there is no {file.name} beside the description",
                expected="a file that maps `sources:` to id: {title, address, date, tables}",
            ),
        )
        return
    if not sources:
        yield subject.scribe.finding(
            file,
            (),
            Flaw(
                "sources",
                "the file lists no source",
                expected="`sources:`, a mapping of id to {title, address, date, tables}",
            ),
        )
    for name, entry in sources.items():
        at = ("sources", name)
        if not isinstance(entry, dict) or not entry.get("title") or entry.keys() - _SOURCE_MEMBERS:
            yield subject.scribe.finding(
                file,
                at,
                Flaw(
                    "sources",
                    f"the source {name!r} is not whole, or has a member that is not known",
                    expected="{title, address, date, tables}; the title must be there",
                ),
            )
        if name not in used:
            yield subject.scribe.finding(
                file,
                at,
                Flaw(
                    "unused-source",
                    f"no evidence names the source {name!r}",
                    expected="a source that some clause rests on",
                ),
            )
