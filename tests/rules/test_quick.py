"""What is told quickly is what the careful evaluation tells; anything else is a doubt."""

from collections.abc import Sequence
from decimal import localcontext
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderspec.rules import quick_nodes
from orderspec.rules.compiled import FAILURES, compiled
from orderspec.rules.functions import InexactError, Recorder, functions
from orderspec.rules.quick import TreeBuilder
from orderspec.rules.quick_functions import FUNCTIONS
from orderspec.rules.quick_nodes import ABSENT, Expression, Frame, Look
from orderspec.rules.syntax import parse
from orderspec.rules.tokens import UnsupportedError
from orderspec.rules.trees import chain, free_variables
from tests.rules.expressions import EXPRESSIONS, SMALL, Variables

REPEATABLE = settings(derandomize=True, deadline=None, database=None)
ORDER: Variables = {
    "self": {
        "lines": [
            {"uid": "a", "price": {"amount": 250, "currency": "EUR"}, "quantity": "2"},
            {"uid": "b", "price": {"amount": 100, "currency": "EUR"}, "quantity": "1.5"},
        ],
        "total": {"amount": 650, "currency": "EUR"},
        "rate": "7.5",
        "note": "fine",
        "taxes": [],
        "at": "2026-01-01T00:00:00Z",
        "later": "2026-01-01T00:00:01Z",
        "open": True,
    }
}
DOUBT = "a doubt"


def quickly(source: str, variables: Variables, *, uses: int = 1) -> Any:
    """Evaluate as a screen does, alone or as one of several that are alike."""
    node = parse(source)
    builder = TreeBuilder([node] * uses)
    slots = {
        name: 0 if name == "self" else builder.each(name)
        for name in sorted(variables, key="self".__ne__)
    }
    tree = builder.tree(node)
    frame = Frame(variables.get("self"), builder.size, Look(1000))
    for name, slot in slots.items():
        frame.slots[slot] = variables[name]
    return value_of(tree, frame)


def value_of(tree: Expression, frame: Frame) -> Any:
    try:
        return tree.value(frame)
    except Exception:  # noqa: BLE001 (whatever it is, it is a doubt)
        return DOUBT


def carefully(source: str, variables: Variables) -> Any:
    recorder = Recorder()
    try:
        value = compiled(source)(variables, functions(recorder))
    except FAILURES as problem:
        return type(recorder.problem or problem)
    return type(recorder.problem) if recorder.problem else value


def same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and repr(one) == repr(other)


def assert_sound(source: str, variables: Variables) -> None:
    for uses in (1, 2):
        try:
            quick = quickly(source, variables, uses=uses)
        except UnsupportedError:
            return
        careful = carefully(source, variables)
        if quick is DOUBT or careful in (OverflowError, InexactError):
            return
        if quick is ABSENT:
            assert careful is KeyError, source
        elif isinstance(quick, bool | int | str | list):
            assert same(quick, careful), (source, quick, careful)


@settings(REPEATABLE, max_examples=1500)
@given(EXPRESSIONS)
def test_expressions_mean_the_same_or_are_doubted(source: str) -> None:
    try:
        compiled(source)
    except UnsupportedError:
        return
    assert_sound(source, SMALL)


SURE = {
    "self.total.amount == sum(self.lines.map(l, l.price.amount * 2)) - 50": True,
    "unique(self.lines.map(l, l.uid))": True,
    "unique(['a', 'a'])": False,
    "alike(['a', 'a'])": True,
    "alike(values(self, 'currency', 'amount'))": True,
    "values(self, 'currency', 'amount')": ["EUR", "EUR", "EUR"],
    "near(self.total.amount, percent(8667, self.rate), 1)": True,
    "near(self.total.amount, percent(8680, self.rate), 0)": False,
    "near('650.4', self.total.amount, '0.5')": True,
    "between(self.total.amount, percent(8000, self.rate), percent(9000, self.rate), 0)": True,
    "between(1, 2, 3, 0)": False,
    "between('1.5', 2, 3, '0.5')": True,
    "times('3', 4) == 12": True,
    "times('1.5', 4)": 6,
    "compare('3', 4)": -1,
    "compare('4.5', 4)": 1,
    "compare('4.0', 4)": 0,
    "whole(self.lines[1].quantity)": False,
    "whole('2')": True,
    "whole('2.0')": True,
    "decimals(self.lines[1].quantity)": 1,
    "decimals('2')": 0,
    "decimals('2.50')": 1,
    "same(2, 2)": True,
    "same('2.0', 2)": True,
    "same('2.5', 2)": False,
    "in_order(self.at, self.later)": True,
    "in_order(self.later, self.at)": False,
    "sum([percent(10, '50'), 5])": 10,
    "sum([percent(1, '50'), percent(1, '50')])": 1,
    "sum(['1.25', '0.75', 1])": 3,
    "percent(1, '50') == '0.5'": DOUBT,
    "percent(1, '50') != self.rate": DOUBT,
    "percent(1, '50') in ['0.5']": DOUBT,
    "percent(1, '50') in [self.rate]": DOUBT,
    "[percent(1, '50')] != ['0.5']": DOUBT,
    "{'a': percent(1, '50')} != {'a': '0.5'}": DOUBT,
    "[percent(1, '50')] in [['0.5']]": DOUBT,
    "unique([[percent(1, '50')], ['0.5']])": DOUBT,
    "portable([[percent(1, '0.123456789012345')]])": DOUBT,
    "echoes({'tax': percent(1, '50')}, {'tax': '0.5'})": DOUBT,
    "near(times('1.00000000000001', '1.00000000000001'), 0, '1.00000000000002')": False,
    "in_order('2026-12-31T00:00:00Z', '2026-W01-1T00:00:00Z')": False,
    "alike(values([{'c': null, 'n': 1}, {'c': 'EUR', 'n': 1}], 'c', 'n'))": False,
    "kind(percent(1, '50'))": DOUBT,
    "unique([percent(1, '50'), '0.5'])": DOUBT,
    "near(1, percent(1, '50'), 1)": True,
    "kind(self.note)": "string",
    "portable(self)": True,
    "size(self.note) == 4 && self.note.startsWith('fi')": True,
    "has(self.tip) && self.tip.amount == 1": False,
    "!has(self.tip) || self.tip.amount == 1": True,
    "self.tip.amount == 1 || self.open": True,
    "self.tip.amount == 1 && !self.open": False,
    "self.tip.amount == 1 && self.open": ABSENT,
    "self.tip.amount == 1 || !self.open": ABSENT,
    "[self.tip.amount]": ABSENT,
    "{'a': self.tip.amount}": ABSENT,
    "echoes({'a': self.tip}, {'a': 1})": ABSENT,
    "sum(self.lines.map(l, l.tip))": ABSENT,
    "self.lines.filter(l, l.tip == 1)": ABSENT,
    "self.lines.exists_one(l, l.tip == 1)": ABSENT,
    "self.tips.all(t, t == 1)": ABSENT,
    "self.lines.all(l, l.uid == 'a' && l.tip == 1)": ABSENT,
    "self.lines.exists(l, l.uid == 'a' || l.tip == 1)": True,
    "self.tip.startsWith('a')": ABSENT,
    "self.lines[0].tip": ABSENT,
    "size(self.tip)": ABSENT,
    "self.tip ? 1 : 2": ABSENT,
    "(has(self.taxes) ? self.taxes : []).all(t, t.uid == 'x')": True,
    "self.lines.all(l, self.lines.exists(m, m.uid == l.uid))": True,
    "self.lines.exists_one(l, l.uid == 'a')": True,
    "self.lines.filter(l, has(l.quantity)).map(l, l.quantity)": ["2", "1.5"],
    "self.lines.exists(l, l.price.amount == 100) ? 1 : 2": 1,
    "self.note in ['fine', 'bad']": True,
    "self.note in [self.rate, self.note]": True,
    "self.open in ['fine']": False,
    "self.note.amount": DOUBT,
    "!self.note": DOUBT,
    "self.note && self.open": DOUBT,
    "self.lines.all(l, l.uid)": DOUBT,
    "self.total.amount + '1' == 1": DOUBT,
    "9223372036854775807 + self.total.amount == 1": DOUBT,
    "-self.total.amount": -650,
    "self.total.amount / 100": 6,
    "self.total.amount >= 650 && self.total.amount <= 650": True,
    "self.total.amount > 650 || self.total.amount < 650": False,
    "echoes({'a': 1}, {'a': 1})": True,
}


@pytest.mark.parametrize("source", SURE, ids=str)
def test_what_orders_hold_is_told(source: str) -> None:
    told, expected = quickly(source, ORDER), SURE[source]
    assert told is expected if expected is ABSENT else told == expected
    assert_sound(source, ORDER)


@pytest.mark.parametrize(
    "order, is_alike",
    [
        ({"a": {"c": "EUR", "n": 1}, "b": [{"c": "EUR", "n": 2}]}, True),
        ({"a": {"c": "EUR", "n": 1}, "b": {"c": "USD", "n": 2}}, False),
        ({"a": {"c": 'EU"R', "n": 1}, "b": {"c": 'EU"S', "n": 2}}, False),
        ({"a": {"c": "EUR", "n": 1}, "b": {"c": "USD"}}, True),
        ({"a": {"c": "EUR", "n": 1}, "b": {"c": "USD", "n": "1"}}, True),
        ({"a": {"c": "EUR", "n": 1}, "b": {"c": "USD", "n": 1.5}}, False),
        ({"a": {"c": 1, "n": 1}, "b": {"c": 1, "n": 1}}, True),
        ({"a": {"c": "EUR", "n": 1}, "b": {"c": "EURO", "n": 1}}, False),
        ({"a": {"c": ["x"], "n": 1}, "b": {"c": ["y"], "n": 1}}, False),
        ({"c": "EUR", "n": 1, "b": {"c": "USD", "n": 1}}, False),
        ({}, True),
    ],
    ids=str,
)
def test_values_are_alike_one_by_one(order: Any, is_alike: object) -> None:
    source = "alike(values(self, 'c', 'n'))"
    assert quickly(source, {"self": order}) is is_alike
    assert carefully(source, {"self": order}) is is_alike


def test_walking_again_and_again_ends_in_a_doubt() -> None:
    many: Variables = {"self": {"lines": [{"uid": "a"}] * 200}}
    assert quickly("self.lines.all(l, self.lines.all(m, m.uid == l.uid))", many) is DOUBT


def test_every_function_of_rules_has_its_quick_form() -> None:
    assert FUNCTIONS.keys() == functions(Recorder()).keys()


@pytest.mark.parametrize("source", ["unknown_function(1)", "'a'.trim()", "nobody.a", "matches(1)"])
def test_what_is_the_librarys_is_not_built(source: str) -> None:
    node = parse(source)
    with pytest.raises(UnsupportedError):
        TreeBuilder([node]).tree(node)


def test_what_rules_share_is_computed_once() -> None:
    node = parse("size(self.lines.filter(l, has(l.uid))) > 1")
    builder = TreeBuilder([node, node])
    first, second = builder.tree(node), builder.tree(node)
    assert first is second
    frame = Frame(ORDER["self"], builder.size, Look(1000))
    assert first.value(frame) is True
    frame.slots[0] = {}
    assert second.value(frame) is True


def test_what_rules_share_of_an_element_is_forgotten_with_it() -> None:
    node = parse("line.price.amount")
    builder = TreeBuilder([node, node])
    slot = builder.each("line")
    tree = builder.tree(node)
    frame = Frame(ORDER["self"], builder.size, Look(1000))
    amounts = []
    for line in ORDER["self"]["lines"]:
        frame.slots[slot] = line
        for other in builder.element_slots():
            frame.slots[other] = quick_nodes.UNSET
        amounts.append(tree.value(frame))
    assert amounts == [250, 100]


@settings(REPEATABLE, max_examples=300)
@given(st.lists(EXPRESSIONS, min_size=2, max_size=3))
def test_expressions_of_one_place_mean_what_they_mean_alone(sources: list[str]) -> None:
    assert_alone_and_together(sources, SMALL)


@pytest.mark.parametrize(
    "sources",
    [
        ("self.rank == 1", "self.rank == true", "self.rank == 1.0"),
        ("self.rank / 2 == 0", "self.rank / 2.0 == 0.0"),
        ("self.rank in [1, 2]", "!(self.rank in [true, 2])"),
        ("0.0 == self.rank", "-0.0 == self.rank"),
        ("self.xs.all(x, x > self.rank)", "self.xs.all(self, self > 1)", "self.rank > 1"),
    ],
    ids=str,
)
def test_what_only_looks_alike_is_not_shared(sources: tuple[str, ...]) -> None:
    for rank in (1, True, 1.5, "1"):
        assert_alone_and_together(sources, {"self": {"rank": rank, "xs": [1, 2]}})


def assert_alone_and_together(sources: Sequence[str], variables: Variables) -> None:
    try:
        nodes = [parse(source) for source in sources]
        alone = [quickly(source, variables) for source in sources]
        builder = TreeBuilder([*nodes, *nodes])
        slots = {name: builder.each(name) for name in variables if name != "self"}
        trees = [builder.tree(node) for node in nodes]
    except (UnsupportedError, ValueError):
        return
    frame = Frame(variables.get("self"), builder.size, Look(1000))
    for name, slot in slots.items():
        frame.slots[slot] = variables[name]
    for source, tree, expected in zip(sources, trees, alone, strict=True):
        told = value_of(tree, frame)
        assert told is expected or told == expected, (source, told, expected)


def test_a_context_of_decimals_changes_nothing() -> None:
    with localcontext(prec=3):
        assert quickly("near('100.0004', '0', '100')", ORDER) is False


def test_what_macros_bind_is_not_shared() -> None:
    source = "self.lines.all(l, l.uid == 'a') || self.lines.exists(l, l.uid == 'b')"
    assert quickly(source, ORDER, uses=2) is True


def test_trees_tell_what_an_expression_reads() -> None:
    node = parse("self.a.exists(x, x.b == y) && has(self.c.d) && f(self.e)")
    assert free_variables(node) == {"self", "y"}
    assert len(chain(node)) == 3
