"""Rules as data: their members, their ids. What their CEL says is checked in `orderspec.rules`."""

import re
from collections.abc import Iterator
from typing import Any

from orderspec.contract.lint.findings import Flaw
from orderspec.contract.lint.subject import Steps, Subject
from orderspec.findings import Finding

_TEXTS = ("id", "when", "each", "check", "message")
_MEMBERS = frozenset({*_TEXTS, "refusal", "reachable", "x-evidence"})
_NEEDED = ("id", "check", "message")
_REFUSALS = ("required", "allowed")
_KEBAB = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_ID = re.compile(rf"({_KEBAB})\.{_KEBAB}\.{_KEBAB}")


def check_rules(subject: Subject) -> Iterator[Finding]:
    """Rules have their members, and ids that are permanent: well formed, and taken once."""
    taken: dict[str, Steps] = {}
    for holder, _, entries in subject.rule_holders():
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
        yield _malformed(subject, (*steps, "refusal"), message, " or ".join(_REFUSALS))


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
