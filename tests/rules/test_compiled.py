"""Compiled CEL says what the CEL library says: the same value, or the same kind of error."""

import copy
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import cel
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderspec.contract import catalog
from orderspec.contract.build import RULES
from orderspec.contract.model import Rule
from orderspec.exchange import as_variables
from orderspec.rules import Scope, compile_rule
from orderspec.rules.compiled import FAILURES, compiled
from orderspec.rules.forms import form
from orderspec.rules.functions import Recorder, functions
from orderspec.rules.scope import LibraryProgram, program
from orderspec.rules.tokens import UnsupportedError
from orderspec.rules.view import to_cel
from orderspec.validation.plan import plan_of
from tests.fixture_files import (
    INVALID,
    PAIRS,
    VALID,
    Fixture,
    Pair,
    every_exchange,
    name_of,
    providers,
)
from tests.rules.expressions import ATOMS, EXPRESSIONS, SMALL, Variables
from tests.samples import sample

REPEATABLE = settings(derandomize=True, deadline=None, database=None)


def every_rule() -> list[tuple[str, Rule]]:
    return [(name, rule) for name in providers() for rule in catalog.load(name).rules.values()]


def expressions(rule: Rule) -> list[str]:
    """Everything of a rule that is evaluated: when, check, and the two sides of the check."""
    shape = form(rule.check)
    return [text for text in (rule.when, rule.check, shape.got, shape.expected) if text]


@cache
def programs(source: str) -> tuple[Callable[..., Any], Any]:
    return compiled(source), cel.compile(source)


class Both:
    """The same variables for both: what is compiled, and the library."""

    def __init__(self, variables: Variables) -> None:
        self.recorder = Recorder()
        self.functions = functions(self.recorder)
        self.variables = dict(variables)
        self.context = cel.Context(variables=variables, functions=self.functions)

    def bind(self, name: str, value: Any) -> None:
        self.variables[name] = value
        self.context.add_variable(name, value)

    def assert_alike(self, source: str) -> None:
        ours, theirs = programs(source)
        said = self.said(lambda: ours(self.variables, self.functions))
        assert said == self.said(lambda: theirs.execute(self.context)), source

    def said(self, evaluate: Callable[[], Any]) -> Any:
        """Put into one comparable value what an evaluation gives, raises and records."""
        self.recorder.clear()
        try:
            value: Any = comparable(evaluate())
        except FAILURES as problem:
            value = kind_of(problem)
        # The library hands maps over in any order: which difference is the first may differ.
        return value, kind_of(self.recorder.problem), self.recorder.difference is None


def kind_of(problem: Exception | None) -> tuple[str, ...]:
    name = type(problem).__name__
    return (name, str(problem.args[0])) if isinstance(problem, KeyError) else (name,)


def comparable(value: Any) -> str:
    """Write a value so that 1, 1.0 and true differ, and the order of members does not."""
    match value:
        case dict():
            return str(sorted((name, comparable(item)) for name, item in value.items()))
        case list():
            return str([comparable(item) for item in value])
        case _:
            return repr(value)


def assert_rules_alike(rules: Iterable[Rule], variables: Variables) -> None:
    both = Both(variables)
    for rule in rules:
        ready = compile_rule(rule)
        elements = Scope(variables).elements(ready.path) if ready.name else [None]
        for element in elements if isinstance(elements, list) else ():
            if ready.name:
                both.bind(ready.name, element)
            for source in expressions(rule):
                both.assert_alike(source)


def sites(fixture: Fixture) -> list[tuple[tuple[Rule, ...], Variables]]:
    """The rules that apply to a payload's places, with what they see there."""
    payload = shortened(fixture.payload)
    walk = plan_of(fixture.contract).visit(fixture.reference, payload, frozenset({RULES}))
    return [(site.node.rules, {"self": to_cel(site.value)}) for site in walk]


def shortened(value: Any) -> Any:
    """Cut lists to ten elements.

    The library copies a payload at each evaluation: a hundred lines take it seconds, and tell no
    more.
    """
    match value:
        case dict():
            return {name: shortened(item) for name, item in value.items()}
        case list():
            return [shortened(item) for item in value[:10]]
    return value


@pytest.mark.parametrize("path", sample([*VALID, *INVALID], one_of=3), ids=name_of)
def test_every_rule_is_judged_alike_on_every_fixture(path: Path) -> None:
    for rules, variables in sites(Fixture.load(path)):
        assert_rules_alike(rules, variables)


@pytest.mark.parametrize("provider", providers())
def test_every_rule_is_judged_alike_on_every_exchange(provider: str) -> None:
    for contract, exchange in every_exchange(provider):
        rules = contract.operations[exchange.operation].rules
        assert_rules_alike(rules, to_cel(as_variables(exchange)))


@pytest.mark.parametrize("path", PAIRS, ids=name_of)
def test_every_rule_is_judged_alike_on_every_pair(path: Path) -> None:
    pair = Pair.load(path)
    seen = to_cel({"first": as_variables(pair.first), "next": as_variables(pair.following)})
    assert_rules_alike(pair.link.rules, seen)


def test_every_rule_in_use_is_compiled() -> None:
    """None needs the library, which takes seconds for an order of some hundred lines."""
    rules = every_rule()
    assert rules
    slow = {
        rule.id
        for _, rule in rules
        for source in expressions(rule)
        if isinstance(program(source), LibraryProgram)
    }
    assert slow == set()


def paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Walk to every place below a value."""
    steps: list[Any] = []
    if isinstance(value, dict):
        steps = sorted(value)
    elif isinstance(value, list):
        steps = list(range(len(value)))
    for step in steps:
        yield (*at, step)
        yield from paths(value[step], (*at, step))


ODD = [None, True, 0, -1, 2**63 - 1, -(2**63), 0.5, "", "0.1", "x", [], [None], {}, {"uid": 1}]


def mutated(data: st.DataObject, value: Any) -> Any:
    """Drop members, or put in their place what no order has there."""
    changed = copy.deepcopy(value)
    for _ in range(data.draw(st.integers(1, 3))):
        places = list(paths(changed))
        if not places:
            return changed
        *above, last = data.draw(st.sampled_from(places))
        holder = changed
        for step in above:
            holder = holder[step]
        if data.draw(st.booleans()):
            del holder[last]
        else:
            holder[last] = copy.deepcopy(data.draw(st.sampled_from(ODD)))
    return changed


@settings(REPEATABLE, max_examples=150)
@given(st.data())
def test_rules_are_judged_alike_on_broken_payloads(data: st.DataObject) -> None:
    fixture = Fixture.load(data.draw(st.sampled_from(VALID)))
    for rules, variables in sites(replace(fixture, payload=mutated(data, fixture.payload))):
        assert_rules_alike(rules, variables)


@settings(REPEATABLE, max_examples=1500)
@given(EXPRESSIONS)
def test_expressions_mean_the_same(source: str) -> None:
    Both(SMALL).assert_alike(source)


@pytest.mark.parametrize("sign", ["+", "-", "*", "/", "%", "==", "<", ">=", "in", "&&", "||"])
def test_operators_mean_the_same_for_every_two_types(sign: str) -> None:
    both = Both(SMALL)
    for left, right in product(ATOMS, ATOMS):
        both.assert_alike(f"{left} {sign} {right}")


@pytest.mark.parametrize(
    "source",
    [
        "true && m.z && 1 && true",
        "m.z || false || 1 || false || false",
        "m.z || false || false || 1 || false",
        "(1 + 'a') && m.z",
        "m.z && (1 + 'a')",
        "m.z.startsWith(1 + 'a')",
        "m.z[1 + 'a']",
        "n[m.z]",
        "{'a': m.z, 'a': 1}",
        "[1, false].all(x, x)",
        "[1, true].exists(x, x)",
        "['a', 1].exists(x, x + 1 == 2)",
        "[1, 1, 'a'].exists_one(x, x + 1 == 2)",
        "[1].map(m, m)[0] + m.a",
        "[1, 1].exists_one(x, x == 1)",
        "size(t)",
        "m.b[-1]",
        "l[-1]",
        "0.0 / 0.0 < 1.0",
        "0.0 / 0.0 == 0.0 / 0.0",
        "-1.0 / 0.0",
        "least / -1",
        "least % -1",
        "-least",
        "-9223372036854775808",
        "-1.5.a",
        "1 < 2 < 3",
        "true ? false : true ? 1 : 2",
        "2 - 1 - 1 + 2 * 3 / 4",
        "m . a // what follows is no CEL",
        "'\\u00e9\\t\\'' + \"\\\"\"",
        "m.if",
    ],
)
def test_corners_mean_the_same(source: str) -> None:
    Both(SMALL).assert_alike(source)


NOT_COMPILED = ["1u", "b'a'", "r'a'", "'''a'''", "{1: 2}", "[1,]", "'\\x41'", "int('1')", "[,]"]
NOT_CEL = [
    *("", "1 +", "a b", "'a", "(1", "[1", "{'a'}", "{'a' 1}", "{m: 1", "f(1,)", "m.in", "if"),
    *("-!true", "a ? b ? 1 : 2 : 3", "has(m)", "9223372036854775808", "1e999", "'\\q'", "m.1"),
    *("'\\ud800'", "[1].all(1, true)", "a = 1", "é", "1a", "'a\nb'", "--9223372036854775808"),
]


@pytest.mark.parametrize("source", [*NOT_COMPILED, *NOT_CEL])
def test_what_is_outside_the_subset_is_left_to_the_library(source: str) -> None:
    with pytest.raises(UnsupportedError):
        compiled(source)


@pytest.mark.parametrize("source", NOT_CEL)
def test_what_is_not_cel_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="parse"):
        program(source)


WORDS = [
    *("1", "-", "!", "1.5", ".", "a", "in", "has", "map", "'t'", "(", ")", "[", "]", "{", "}"),
    *(",", ":", "?", "&&", "||", "==", "<", "+", "true", "if", "//", "size", "all"),
]


@settings(REPEATABLE, max_examples=1000)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8), st.sampled_from(["", " "]))
def test_whatever_is_compiled_is_cel(words: list[str], between: str) -> None:
    source = between.join(words)
    try:
        compiled(source)
    except UnsupportedError:
        return
    cel.compile(source)


@pytest.mark.parametrize("deep", ["(" * 3000 + "1" + ")" * 3000, "+".join("1" * 3000)])
def test_what_is_nested_too_deeply_is_left_to_the_library(deep: str) -> None:
    with pytest.raises(UnsupportedError):
        compiled(deep)


def test_the_library_sees_what_is_bound_later() -> None:
    later = program("int(self) + int(x)")
    assert isinstance(later, LibraryProgram)
    scope = Scope({"self": "1", "x": "1"})
    assert scope.run(later).value == 2
    scope.bind("x", "2")
    assert scope.run(later).value == 3
    scope.start({"self": "5", "x": "1"})
    assert scope.run(later).value == 6


def test_a_type_that_has_no_such_member_is_named() -> None:
    problem = Scope({"self": {"a": None, "b": [1]}}).run(program("self.b.total")).problem
    assert str(problem) == "a list has no member 'total'"


def test_judging_does_not_import_the_library() -> None:
    """It takes a third of a second, which every start of the command line would pay."""
    code = (
        "import sys; from tests.fixture_files import VALID, Fixture\n"
        "assert any(Fixture.load(path).judge().outcomes for path in VALID[:20])\n"
        "assert 'cel' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
