"""Variables, and the expressions that are evaluated on them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Any, NamedTuple

from orderspec.rules.compiled import FAILURES, Evaluator, compiled
from orderspec.rules.echo import Difference
from orderspec.rules.functions import Recorder, functions
from orderspec.rules.operators import BUDGET
from orderspec.rules.tokens import UnsupportedError
from orderspec.rules.view import to_cel

# What all rules of one place may walk together: some seconds of work.
MOST_STEPS = 3_000_000


@dataclass(frozen=True, slots=True)
class LibraryProgram:
    """An expression that only the CEL library evaluates: slow where a payload is large."""

    program: Any


Program = Evaluator | LibraryProgram


class Result(NamedTuple):
    """What came of an expression.

    Attributes:
        value: its value, or None if there is a problem.
        problem: what it, or a function that it calls, failed with.
        difference: where what it compares first differs, if it says so.
    """

    value: Any
    problem: Exception | None
    difference: Difference | None


@lru_cache(maxsize=8192)
def program(source: str) -> Program:
    """Compile an expression.

    Raises:
        ValueError: it is not CEL.
    """
    try:
        return compiled(source)
    except UnsupportedError:
        return LibraryProgram(_library().compile(source))


class Scope:
    """Variables bound for the rules of one place."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        """Bind decoded JSON values by name, such as ``{"self": payload}``."""
        self._recorder = Recorder()
        self._functions = functions(self._recorder)
        self.start({name: to_cel(value) for name, value in variables.items()})

    def start(self, variables: dict[str, Any]) -> None:
        """Forget every variable and bind others, as `orderspec.rules.view.to_cel` makes them."""
        self._variables = variables
        self._context: Any = None
        self._steps_left: float = MOST_STEPS

    def elements(self, path: tuple[str, ...]) -> Any:
        """Follow a path of members from a variable; None where it breaks off."""
        value: Any = self._variables
        for member in path:
            value = value.get(member) if isinstance(value, dict) else None
        return value

    @contextmanager
    def binding(self, name: str) -> Iterator[None]:
        """Bind a name in here only; what it stood for comes back."""
        before = dict(self._variables)
        try:
            yield
        finally:
            self._variables.pop(name, None)
            if name in before:
                self.bind(name, before[name])

    def bind(self, name: str, value: Any) -> None:
        """Bind the element that `each` has reached."""
        self._variables[name] = value
        if self._context is not None:
            self._context.add_variable(name, value)

    def run(self, program: Program) -> Result:
        """Execute a compiled expression; what it raises is part of the result."""
        recorder = self._recorder
        recorder.clear()
        try:
            value = self._executed(program)
        except FAILURES as problem:
            return Result(None, recorder.problem or problem, None)
        return Result(value, recorder.problem, recorder.difference)

    def workings(self, source: str) -> str:
        """Write how the value of an expression was reckoned; see `workings`."""
        from orderspec.rules.workings import workings  # noqa: PLC0415 (only what fails needs it)

        self._recorder.clear()
        return workings(source, self._variables, self._functions)

    def _executed(self, program: Program) -> Any:
        if not isinstance(program, LibraryProgram):
            return self._within_budget(program)
        if self._context is None:
            self._context = _library().Context(variables=self._variables, functions=self._functions)
        return program.program.execute(self._context)

    def _within_budget(self, program: Evaluator) -> Any:
        BUDGET.left = self._steps_left
        try:
            return program(self._variables, self._functions)
        finally:
            self._steps_left, BUDGET.left = BUDGET.left, inf


def _library() -> Any:
    import cel  # noqa: PLC0415 (a third of a second that few rules need)

    return cel
