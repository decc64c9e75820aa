"""A rule passes, fails with numbers, does not apply, or is broken: never more than one of them."""

from typing import Any

import pytest

from orderspec.contract import catalog
from orderspec.contract.model import Rule
from orderspec.errors import RuleError
from orderspec.rules import Outcome, Scope, Status, compile_rule, evaluate


def rule(check: str, **members: Any) -> Rule:
    return Rule(id="acme.order.promise", check=check, message="It holds", **members)


def outcomes(promise: Rule, payload: Any) -> list[Outcome]:
    return list(evaluate(promise, Scope({"self": payload})))


def outcome(promise: Rule, payload: Any) -> Outcome:
    (found,) = outcomes(promise, payload)
    return found


@pytest.mark.parametrize(
    "check,payload,status",
    [
        ("self.a == 1", {"a": 1}, Status.PASS),
        ("self.a == 1", {"a": 2}, Status.FAIL),
        ("self.a == 1", {}, Status.ABSENT),
        ("self.a == 1", {"a": None}, Status.ABSENT),
        ("self.a.b == 1", {"a": {}}, Status.ABSENT),
        ("sum(self.a.map(x, x.n)) == 1", {"a": [{}]}, Status.ABSENT),
        ("has(self.a)", {"a": None}, Status.FAIL),
        ("self.a + 1 == 2", {"a": "x"}, Status.BROKEN),
        ("sum(self.a) == 2", {"a": ["x"]}, Status.BROKEN),
        ("nothing(self.a)", {"a": 1}, Status.BROKEN),
        ("times(self.a, self.a) > 0", {"a": 2**62}, Status.SKIPPED),
        ("self.a + self.a > 0", {"a": 2**62}, Status.SKIPPED),
    ],
)
def test_what_comes_of_a_check(check: str, payload: Any, status: Status) -> None:
    assert outcome(rule(check), payload).status is status


def test_a_rule_whose_when_is_false_is_skipped() -> None:
    promise = rule("self.a == 1", when="self.kind == 'x'")
    assert outcome(promise, {"kind": "y", "a": 2}).status is Status.SKIPPED
    assert outcome(promise, {"kind": "x", "a": 2}).status is Status.FAIL
    assert outcome(promise, {"a": 2}).status is Status.ABSENT


def test_an_absent_member_is_named() -> None:
    assert "total" in outcome(rule("self.total == 1"), {}).detail


def test_a_failed_comparison_gives_place_expected_and_got() -> None:
    found = outcome(rule("self.a.total == self.a.one + self.a.two"),
                    {"a": {"total": 4, "one": 1, "two": 2}})  # fmt: skip
    assert (found.at, found.variable, found.expected, found.got) == ("/a/total", "self", 3, 4)


@pytest.mark.parametrize(
    "check,payload,expected,got",
    [
        ("near(self.a, 10, 1)", {"a": 12}, "about 10", 12),
        ("between(self.a, 1, 3, 0)", {"a": 5}, "from 1 to 3", 5),
        ("between(self.a, 3, 3, 1)", {"a": 5}, 3, 5),
        ("self.a <= 3", {"a": 5}, "at most 3", 5),
        ("self.a != 5", {"a": 5}, "other than 5", 5),
        ("!has(self.a)", {"a": 5}, "It holds", None),
        ("unique(self.a)", {"a": [1, 1]}, "no value twice", 1),
        ("echoes({'x': 1}, self.a)", {"a": {}}, 1, "nothing"),
    ],
)
def test_a_failure_says_what_was_expected(
    check: str, payload: Any, expected: Any, got: Any
) -> None:
    found = outcome(rule(check), payload)
    assert (found.status, found.expected, found.got) == (Status.FAIL, expected, got)


def test_an_echo_fails_at_the_member_that_differs() -> None:
    found = outcome(rule("echoes({'x': {'y': 1}}, self.a)"), {"a": {"x": {"y": 2}}})
    assert found.at == "/a/x/y"


def test_each_evaluates_a_rule_once_for_each_element() -> None:
    promise = rule("line.n == 1", each="line in self.lines")
    found = outcomes(promise, {"lines": [{"n": 1}, {"n": 2}, {}]})
    assert [one.status for one in found] == [Status.PASS, Status.FAIL, Status.ABSENT]
    assert [one.at for one in found] == ["/lines/0/n", "/lines/1/n", "/lines/2/n"]


def test_each_over_nothing_is_skipped_and_over_no_list_absent() -> None:
    promise = rule("line.n == 1", each="line in self.lines")
    assert outcome(promise, {"lines": []}).status is Status.SKIPPED
    assert outcome(promise, {}).status is Status.ABSENT


def test_a_payload_leaves_nothing_behind_for_the_next_evaluation() -> None:
    scope = Scope({"self": {"a": [1, 1], "b": 1}})
    (first,) = evaluate(rule("unique(self.a)"), scope)
    (second,) = evaluate(rule("!has(self.b)"), scope)
    assert (first.got, second.got) == (1, None)


@pytest.mark.parametrize(
    "promise,says",
    [
        (rule("self.a =="), "is not CEL"),
        (rule("true", when="("), "is not CEL"),
        (rule("true", each="self.lines"), "name in path"),
    ],
)
def test_a_rule_that_cannot_be_compiled_is_an_error(promise: Rule, says: str) -> None:
    with pytest.raises(RuleError, match=says):
        compile_rule(promise)


@pytest.mark.parametrize("name", catalog.providers())
def test_every_rule_of_every_contract_compiles(name: str) -> None:
    rules = catalog.load(name).rules.values()
    assert rules
    for promise in rules:
        compile_rule(promise)


def test_a_rule_that_would_walk_without_end_is_skipped_and_the_next_is_too() -> None:
    check = "self.all(a, self.all(b, self.all(c, a + b + c > 0)))"
    scope = Scope({"self": [1] * 200})
    (outcome,) = evaluate(Rule("acme.order.cubic", check, "Walks 8,000,000 elements"), scope)
    assert outcome.status is Status.SKIPPED
    assert "too large" in outcome.detail
    scope.start({"self": [1] * 20})
    (outcome,) = evaluate(Rule("acme.order.cubic", check, "Walks 8,000 elements"), scope)
    assert outcome.status is Status.PASS


@pytest.mark.parametrize("name, there", [("self", True), ("thing", False)])
def test_what_each_binds_stands_for_nothing_after_it(name: str, *, there: bool) -> None:
    scope = Scope({"self": {"xs": [{"a": 1}, {"a": 2}]}})
    each = rule(f"{name}.a > 0", each=f"{name} in self.xs")
    assert [one.status for one in evaluate(each, scope)] == [Status.PASS, Status.PASS]
    (after,) = evaluate(rule(f"has({name}.xs)"), scope)
    assert (after.status is Status.PASS) is there
