"""Evaluate a rule: compile its CEL once, bind the variables, say what came of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from orderspec import pointer
from orderspec.contract.model import Rule
from orderspec.errors import RuleError
from orderspec.rules.forms import BETWEEN, form, steps
from orderspec.rules.functions import InexactError
from orderspec.rules.scope import Program, Result, Scope, program

EACH = re.compile(r"\s*(\w+)\s+in\s+(\w+(?:\.\w+)*)\s*")


class Status(StrEnum):
    """What came of one evaluation.

    ABSENT is set apart from SKIPPED, so that a rule that never applied can be told from one whose
    members the payloads never held.
    """

    PASS = "pass"  # noqa: S105 (not a password)
    FAIL = "fail"
    SKIPPED = "skipped"
    ABSENT = "absent"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One evaluation of a rule.

    Attributes:
        rule: the rule.
        status: what came of it; BROKEN means that the CEL itself failed.
        at: JSON Pointer, below the variable that the check is about.
        variable: the name of that variable (``self``, ``response``, …).
        expected: value or words.
        got: value or words.
        detail: the member that was absent, or the failure of the CEL.
        workings: how what was expected was reckoned, with its numbers; or an empty text.
    """

    rule: Rule
    status: Status
    at: str = ""
    variable: str = "self"
    expected: Any = None
    got: Any = None
    detail: str = ""
    workings: str = ""


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A rule, compiled.

    Attributes:
        rule: the rule.
        check: its check.
        when: its `when`.
        name: the name that `each` binds, or nothing.
        path: the path that `each` walks.
        words: how the check's comparison reads before the expected value.
        got: CEL of the left side of the check's comparison; compiled only once it fails.
        expected: CEL of the right side.
        variable: the variable that the check is about.
        below: JSON Pointer of what the check is about, below an element of `each` where the
            variable is its name, else below the variable.
    """

    rule: Rule
    check: Program
    when: Program | None
    name: str
    path: tuple[str, ...]
    words: str
    got: str | None
    expected: str | None
    variable: str
    below: str


@lru_cache(maxsize=4096)
def compile_rule(rule: Rule) -> _Compiled:
    """Compile a rule's CEL.

    Raises:
        RuleError: the CEL does not compile, or `each` is not ``name in path``.
    """
    name, path = "", ""
    if rule.each is not None:
        match = EACH.fullmatch(rule.each)
        if not match:
            message = f"rule {rule.id}: each must read 'name in path', not {rule.each!r}"
            raise RuleError(message, where=rule.where)
        name, path = match.groups()
    shape = form(rule.check)
    variable, *members = steps(shape.subject) if shape.subject else (name or "self",)
    return _Compiled(
        rule=rule,
        check=_compile(rule, rule.check),
        when=_compile(rule, rule.when) if rule.when else None,
        name=name,
        path=tuple(path.split(".")) if path else (),
        words=shape.words,
        got=shape.got,
        expected=shape.expected,
        variable=variable,
        below=pointer.join(members),
    )


def _compile(rule: Rule, source: str) -> Program:
    try:
        return program(source)
    except ValueError as problem:
        message = f"rule {rule.id} is not CEL: {str(problem).splitlines()[0]}"
        raise RuleError(message, where=rule.where) from problem


def evaluate(rule: Rule, scope: Scope) -> Iterator[Outcome]:
    """Evaluate a rule: one outcome, or one for each element of `each`.

    A member that the rule reads and the payload does not have makes the rule not apply (ABSENT).
    """
    compiled = compile_rule(rule)
    if not compiled.name:
        yield _one(compiled, scope, compiled.below, compiled.variable)
        return
    head, *members = compiled.path
    elements = scope.elements(compiled.path)
    if not isinstance(elements, list):
        yield Outcome(rule, Status.ABSENT, detail=".".join(compiled.path))
        return
    if not elements:
        yield Outcome(rule, Status.SKIPPED)
    base = pointer.join(members)
    with scope.binding(compiled.name):
        for index, element in enumerate(elements):
            scope.bind(compiled.name, element)
            at, variable = compiled.below, compiled.variable
            if variable == compiled.name:
                at, variable = f"{base}/{index}{at}", head
            yield _one(compiled, scope, at, variable)


def _one(compiled: _Compiled, scope: Scope, at: str, variable: str) -> Outcome:
    rule = compiled.rule
    if compiled.when is not None:
        applies = scope.run(compiled.when)
        if applies.problem is not None:
            return _stopped(rule, at, variable, applies.problem)
        if not applies.value:
            return Outcome(rule, Status.SKIPPED, at, variable)
    holds = scope.run(compiled.check)
    if holds.problem is not None:
        return _stopped(rule, at, variable, holds.problem)
    if holds.value is True:
        return Outcome(rule, Status.PASS, at, variable)
    return _failed(compiled, scope, Outcome(rule, Status.FAIL, at, variable), holds)


def _failed(compiled: _Compiled, scope: Scope, outcome: Outcome, holds: Result) -> Outcome:
    """Say what was expected and what was there, as far as the check's form tells."""
    if holds.difference is not None:
        found = holds.difference
        return replace(
            outcome,
            at=outcome.at + found.at,
            expected=found.expected,
            got="nothing" if found.got is None else found.got,
        )
    if compiled.got is None or compiled.expected is None:
        return replace(outcome, expected=outcome.rule.message)
    expected, got = (
        scope.run(_compile(compiled.rule, side)).value for side in (compiled.expected, compiled.got)
    )
    return replace(
        outcome,
        expected=_worded(compiled.words, expected),
        got=got,
        workings=scope.workings(compiled.expected),
    )


def _worded(words: str, expected: Any) -> Any:
    """Write what was expected; of two bounds, both where they differ."""
    if words != BETWEEN:
        return f"{words}{expected}" if words else expected
    low, high = expected
    return low if low == high else f"from {low} to {high}"


def _stopped(rule: Rule, at: str, variable: str, problem: Exception) -> Outcome:
    match problem:
        case KeyError():
            status, detail = Status.ABSENT, str(problem.args[0])
        case InexactError() | OverflowError():
            status, detail = Status.SKIPPED, str(problem)
        case _:
            status, detail = Status.BROKEN, str(problem)
    return Outcome(rule, status, at, variable, detail=detail)
