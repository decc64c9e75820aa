"""Rules as data: their members, their ids. What their CEL says is checked in `orderspec.rules`."""

import re
from collections.abc import Iterator
from typing import Any

from orderspec.contract.build import evidence_at
from orderspec.contract.lint.findings import Flaw
from orderspec.contract.lint.subject import Steps, Subject
from orderspec.errors import ContractError
from orderspec.findings import Finding, Level

_TEXTS = ("id", "when", "each", "check", "message")
_MEMBERS = frozenset({*_TEXTS, "refusal", "reachable", "x-evidence"})
_NEEDED = ("id", "check", "message")
_REFUSALS = ("required", "allowed", "unsure")
_KEBAB = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_ID = re.compile(rf"({_KEBAB})\.{_KEBAB}\.{_KEBAB}")


def check_rules(subject: Subject) -> Iterator[Finding]:
    """Rules have their members, and ids that are permanent: well formed, and taken once."""
    taken: dict[str, Steps] = {}
    for holder, variables, entries in subject.rule_holders():
        at = (*holder, "x-rules")
        if not isinstance(entries, list):
            yield _malformed(subject, at, "rules are a list", "- id: …")
            continue
        for index, entry in enumerate(entries):
            steps = (*at, str(index))
            if not isinstance(entry, dict):
                yield _malformed(subject, steps, "a rule is a mapping", "{id, check, message}")
                continue
            yield from _members(subject, steps, entry)
            if entry.get("refusal") == "unsure":
                yield from _unsure(subject, steps, variables)
            yield from _identity(subject, steps, entry.get("id"), taken)


def _members(subject: Subject, steps: Steps, entry: dict[str, Any]) -> Iterator[Finding]:
    for name in entry.keys() - _MEMBERS:
        expected = ", ".join(sorted(_MEMBERS))
        yield _malformed(subject, (*steps, name), f"a rule has no member {name!r}", expected)
    for name in _NEEDED:
        if name not in entry:
            yield _malformed(subject, steps, f"the rule has no {name}", "id, check and message")
    for name in _TEXTS:
        if name in entry and not (isinstance(entry[name], str) and entry[name].strip()):
            message = f"{name!r} is no text; quote CEL that YAML reads as something else"
            yield _malformed(subject, (*steps, name), message, "a text that is not empty")
    if not isinstance(entry.get("reachable", True), bool):
        message = f"reachable cannot be {entry['reachable']!r}"
        yield _malformed(subject, (*steps, "reachable"), message, "true or false")
    if entry.get("refusal", "required") not in _REFUSALS:
        message = f"refusal cannot be {entry['refusal']!r}"
        yield _malformed(subject, (*steps, "refusal"), message, ", ".join(_REFUSALS))


def _unsure(subject: Subject, steps: Steps, variables: tuple[str, ...]) -> Iterator[Finding]:
    """Find what would silence a rule that ought to bind: breaking this kind is never reported."""
    at = (*steps, "refusal")
    if variables != ("self",):
        message = "a rule on answers cannot be unsure: it would never be reported"
        yield _malformed(subject, at, message, "unsure on rules of schemas only")
    try:
        evidence = evidence_at(subject.document, steps)
    except ContractError:
        return  # what is wrong with the evidence is told elsewhere
    if evidence is not None and evidence.level is not Level.INFERRED:
        message = f"unsure, and a document speaks of it: the rule is {evidence.level}"
        yield _malformed(subject, at, message, "required or allowed, or evidence that is inferred")


def _identity(
    subject: Subject, steps: Steps, identifier: Any, taken: dict[str, Steps]
) -> Iterator[Finding]:
    if not isinstance(identifier, str):
        return
    match = _ID.fullmatch(identifier)
    if subject.house and not (match and match.group(1) == subject.name):
        yield subject.finding(
            (*steps, "id"),
            Flaw(
                "rule-id",
                f"the rule id {identifier!r} is not of the form of ids",
                expected=f"{subject.name}.<noun>.<promise>, in lower case with hyphens",
                got=identifier,
            ),
        )
    if identifier in taken:
        yield subject.finding(
            (*steps, "id"),
            Flaw(
                "rule-id",
                f"the rule id {identifier!r} is taken already",
                expected="an id of its own: ids are permanent and unique",
                got=identifier,
            ),
        )
    taken.setdefault(identifier, steps)


def _malformed(subject: Subject, steps: Steps, message: str, expected: str) -> Finding:
    return subject.finding(steps, Flaw("rule", message, expected=expected))
