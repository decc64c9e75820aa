"""Evaluate a rule: compile its CEL once, bind the variables, say what came of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

import cel

from orderspec.contract.model import Rule
from orderspec.errors import RuleError
from orderspec.rules.echo import Difference
from orderspec.rules.forms import Form, form, steps
from orderspec.rules.functions import InexactError, Recorder, functions
from orderspec.rules.view import to_cel

_EACH = re.compile(r"\s*(\w+)\s+in\s+(\w+(?:\.\w+)*)\s*")


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
    """

    rule: Rule
    status: Status
    at: str = ""
    variable: str = "self"
    expected: Any = None
    got: Any = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Compiled:
    rule: Rule
    check: Any
    when: Any
    name: str
    path: tuple[str, ...]
    form: Form
    got: Any
    expected: Any


@dataclass(frozen=True, slots=True)
class _Result:
    value: Any
    problem: Exception | None
    difference: Difference | None


@lru_cache(maxsize=4096)
def compile_rule(rule: Rule) -> _Compiled:
    """Compile a rule's CEL.

    Raises:
        RuleError: the CEL does not compile, or `each` is not ``name in path``.
    """
    name, path = "", ""
    if rule.each is not None:
        match = _EACH.fullmatch(rule.each)
        if not match:
            message = f"rule {rule.id}: each must read 'name in path', not {rule.each!r}"
            raise RuleError(message, where=rule.where)
        name, path = match.groups()
    shape = form(rule.check)
    return _Compiled(
        rule=rule,
        check=_compile(rule, rule.check),
        when=_compile(rule, rule.when) if rule.when else None,
        name=name,
        path=tuple(path.split(".")) if path else (),
        form=shape,
        got=_compile(rule, shape.got) if shape.got else None,
        expected=_compile(rule, shape.expected) if shape.expected else None,
    )


def _compile(rule: Rule, source: str) -> Any:
    try:
        return cel.compile(source)
    except ValueError as problem:
        message = f"rule {rule.id} is not CEL: {str(problem).splitlines()[0]}"
        raise RuleError(message, where=rule.where) from problem


class Scope:
    """Variables bound for the rules of one place, converted to CEL once."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        """Bind decoded JSON values by name, such as ``{"self": payload}``."""
        self._bound = {name: to_cel(value) for name, value in variables.items()}
        self._recorder = Recorder()
        self._context = cel.Context(
            variables=self._bound, functions=functions(self._recorder)
        )

    def elements(self, path: tuple[str, ...]) -> Any:
        """Follow a path of members from a variable; None where it breaks off."""
        value: Any = self._bound
        for member in path:
            value = value.get(member) if isinstance(value, dict) else None
        return value

    def bind(self, name: str, value: Any) -> None:
        """Bind the element that `each` has reached."""
        self._context.add_variable(name, value)

    def run(self, program: Any) -> _Result:
        """Execute a compiled expression; what it raises is part of the result."""
        recorder = self._recorder
        recorder.problem = recorder.difference = None
        try:
            value = program.execute(self._context)
        except (KeyError, IndexError, TypeError, ValueError, RuntimeError, ArithmeticError) as problem:
            return _Result(None, recorder.problem or problem, None)
        return _Result(value, recorder.problem, recorder.difference)


def evaluate(rule: Rule, scope: Scope) -> Iterator[Outcome]:
    """Evaluate a rule: one outcome, or one for each element of `each`.

    A member that the rule reads and the payload does not have makes the rule not apply (ABSENT).
    """
    compiled = compile_rule(rule)
    if not compiled.name:
        yield _one(compiled, scope, prefix="", variable="")
        return
    head, *members = compiled.path
    elements = scope.elements(compiled.path)
    if not isinstance(elements, list):
        yield Outcome(rule, Status.ABSENT, detail=".".join(compiled.path))
        return
    if not elements:
        yield Outcome(rule, Status.SKIPPED)
    for index, element in enumerate(elements):
        scope.bind(compiled.name, element)
        prefix = "".join(f"/{member}" for member in (*members, str(index)))
        yield _one(compiled, scope, prefix=prefix, variable=head)


def _one(compiled: _Compiled, scope: Scope, *, prefix: str, variable: str) -> Outcome:
    rule = compiled.rule
    at, root = _place(compiled, prefix, variable)
    outcome = Outcome(rule, Status.PASS, at, root)
    if compiled.when is not None:
        applies = scope.run(compiled.when)
        if applies.problem is not None:
            return _stopped(outcome, applies.problem)
        if not applies.value:
            return replace(outcome, status=Status.SKIPPED)
    holds = scope.run(compiled.check)
    if holds.problem is not None:
        return _stopped(outcome, holds.problem)
    if holds.value is True:
        return outcome
    if holds.difference is not None:
        found = holds.difference
        return replace(
            outcome,
            status=Status.FAIL,
            at=outcome.at + found.at,
            expected=found.expected,
            got="nothing" if found.got is None else found.got,
        )
    if compiled.got is None:
        return replace(outcome, status=Status.FAIL, expected=rule.message)
    expected, got = scope.run(compiled.expected).value, scope.run(compiled.got).value
    words = compiled.form.words
    return replace(
        outcome, status=Status.FAIL, expected=f"{words}{expected}" if words else expected, got=got
    )


def _place(compiled: _Compiled, prefix: str, variable: str) -> tuple[str, str]:
    """Find the pointer and the variable that a check is about."""
    if compiled.form.subject is None:
        return prefix, variable or "self"
    head, *members = steps(compiled.form.subject)
    below = "".join(f"/{member.replace('~', '~0').replace('/', '~1')}" for member in members)
    if compiled.name and head == compiled.name:
        return prefix + below, variable
    return below, head


def _stopped(outcome: Outcome, problem: Exception) -> Outcome:
    match problem:
        case KeyError():
            return replace(outcome, status=Status.ABSENT, detail=str(problem.args[0]))
        case InexactError() | OverflowError():
            return replace(outcome, status=Status.SKIPPED, detail=str(problem))
        case _:
            return replace(outcome, status=Status.BROKEN, detail=str(problem))
