"""What is told quickly is what the careful evaluation tells; anything else is a doubt."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from hypothesis import given, settings

from orderspec.rules.compiled import FAILURES, compiled
from orderspec.rules.functions import InexactError, Recorder, functions
from orderspec.rules.quick import Writer
from orderspec.rules.quick_functions import FUNCTIONS, LOOK
from orderspec.rules.quick_helpers import HELPERS
from orderspec.rules.quick_text import UNKNOWN, Bound, Shape, Text
from orderspec.rules.syntax import parse
from orderspec.rules.tokens import UnsupportedError
from orderspec.rules.trees import chain, free_variables, has_macro, sure_reads
from tests.rules.expressions import EXPRESSIONS, SMALL, Variables

REPEATABLE = settings(derandomize=True, deadline=None, database=None)
KINDS = {
    bool: "boolean",
    dict: "object",
    float: "number",
    int: "integer",
    list: "array",
    str: "string",
}
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


@dataclass(frozen=True)
class ValueShape:
    """All that can be known of a value: what it is."""

    value: Any

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset({KINDS[type(self.value)]} if type(self.value) in KINDS else ())

    def member(self, name: str) -> Shape:
        is_there = isinstance(self.value, dict) and name in self.value
        return ValueShape(self.value[name]) if is_there else UNKNOWN

    def element(self) -> Shape:
        shapes = {str(type(one)) for one in self.value} if isinstance(self.value, list) else set()
        # Elements that are alike are known by the first, but for the members of objects.
        if len(shapes) != 1 or isinstance(self.value[0], dict | list):
            return UNKNOWN
        return ValueShape(self.value[0])

    def requires(self, name: str) -> bool:
        return isinstance(self.value, dict) and self.value.get(name) is not None


def quickly(source: str, variables: Variables, shape: Callable[[Any], Shape]) -> Any:
    """Evaluate as a screen does."""
    bound = Bound({name: Text(name, shape(value)) for name, value in variables.items()})
    text = Writer().write(parse(source), bound)
    LOOK.left = 1000
    try:
        return text, eval(text.source, {**HELPERS, **variables})  # noqa: S307 (our own text)
    except KeyError:
        return text, KeyError
    except Exception:  # noqa: BLE001 (whatever it is, it is a doubt)
        return text, DOUBT


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
    for shape in (lambda _: UNKNOWN, ValueShape):
        try:
            text, quick = quickly(source, variables, shape)
        except UnsupportedError:
            continue
        careful = carefully(source, variables)
        if quick is DOUBT or careful in (OverflowError, InexactError):
            continue
        if quick is KeyError:
            assert careful is KeyError, (source, text)
            assert text.absent, (source, text)
        elif isinstance(quick, bool | int | str | list):
            assert same(quick, careful), (source, text, quick, careful)


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
    "alike(values(self, 'currency', 'amount'))": True,
    "values(self, 'currency', 'amount')": ["EUR", "EUR", "EUR"],
    "near(self.total.amount, percent(8667, self.rate), 1)": True,
    "near(self.total.amount, percent(8680, self.rate), 0)": False,
    "between(self.total.amount, percent(8000, self.rate), percent(9000, self.rate), 0)": True,
    "between(1, 2, 3, 0)": False,
    "times('3', 4) == 12": True,
    "compare('3', 4)": -1,
    "whole(self.lines[1].quantity)": False,
    "whole('2')": True,
    "decimals(self.lines[1].quantity)": 1,
    "decimals('2')": 0,
    "same(2, 2)": True,
    "in_order(self.at, self.later)": True,
    "in_order(self.later, self.at)": False,
    "sum([percent(10, '50'), 5])": 10,
    "sum([percent(1, '50'), percent(1, '50')])": 1,
    "percent(1, '50') == '0.5'": DOUBT,
    "percent(1, '50') != self.rate": DOUBT,
    "percent(1, '50') in ['0.5']": DOUBT,
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
    "self.tip.amount == 1 && self.open": KeyError,
    "self.tip.amount == 1 || !self.open": KeyError,
    "(has(self.taxes) ? self.taxes : []).all(t, t.uid == 'x')": True,
    "self.lines.all(l, self.lines.exists(m, m.uid == l.uid))": True,
    "self.lines.exists_one(l, l.uid == 'a')": True,
    "self.lines.filter(l, has(l.quantity)).map(l, l.quantity)": ["2", "1.5"],
    "self.lines.exists(l, l.price.amount == 100) ? 1 : 2": 1,
    "self.note in ['fine', 'bad']": True,
    "self.note.amount": DOUBT,
    "self.total.amount + '1' == 1": DOUBT,
    "-self.total.amount": -650,
    "echoes({'a': 1}, {'a': 1})": True,
}


@pytest.mark.parametrize("source", SURE, ids=str)
def test_what_orders_hold_is_told(source: str) -> None:
    _, told = quickly(source, ORDER, ValueShape)
    expected = SURE[source]
    assert told == expected if not isinstance(expected, type) else told is expected
    assert_sound(source, ORDER)


@pytest.mark.parametrize(
    "order, is_alike",
    [
        ({"a": {"c": "EUR", "n": 1}, "b": [{"c": "EUR", "n": 2}]}, True),
        ({"a": {"c": "EUR", "n": 1}, "b": {"c": "USD", "n": 2}}, False),
        ({"a": {"c": 'EU"R', "n": 1}, "b": {"c": 'EU"S', "n": 2}}, False),
        ({"a": {"c": "EUR", "n": 1}, "b": {"c": "USD"}}, True),
        ({"a": {"c": "EUR", "n": 1}, "b": {"c": None, "n": 1}}, False),
        ({"a": {"c": 1, "n": 1}, "b": {"c": 1, "n": 1}}, True),
        ({"a": {"c": "EUR", "n": 1}, "b": {"c": "EURO", "n": 1}}, False),
        ({"a": {"c": ["x"], "n": 1}, "b": {"c": ["y"], "n": 1}}, False),
        ({"c": "EUR", "n": 1, "b": {"c": "USD", "n": 1}}, False),
        ({}, True),
    ],
    ids=str,
)
@pytest.mark.parametrize("write", [orjson.dumps, lambda _: b""], ids=["text", "none"])
def test_values_are_alike_by_their_text_or_one_by_one(
    order: Any, is_alike: object, write: Callable[[Any], bytes]
) -> None:
    LOOK.text = write(order)
    try:
        _, told = quickly("alike(values(self, 'c', 'n'))", {"self": order}, ValueShape)
    finally:
        LOOK.text = b""
    assert told in (is_alike, DOUBT)
    assert carefully("alike(values(self, 'c', 'n'))", {"self": order}) is is_alike
    assert told is True or not is_alike


def test_walking_again_and_again_ends_in_a_doubt() -> None:
    many: Variables = {"self": {"lines": [{"uid": "a"}] * 200}}
    _, told = quickly("self.lines.all(l, self.lines.all(m, m.uid == l.uid))", many, ValueShape)
    assert told is DOUBT


def test_every_function_of_rules_has_its_quick_form() -> None:
    assert FUNCTIONS.keys() == functions(Recorder()).keys()


@pytest.mark.parametrize("source", ["unknown_function(1)", "'a'.trim()", "nobody.a", "matches(1)"])
def test_what_is_the_librarys_is_not_written(source: str) -> None:
    with pytest.raises(UnsupportedError):
        Writer().write(parse(source), Bound({}))


def test_what_rules_share_is_computed_once() -> None:
    node, bound = parse("size(self.lines.filter(l, has(l.uid))) > 1"), shaped(ORDER)
    counter = Writer()
    for _ in range(2):
        counter.write(node, bound)
    writer = Writer(counter.uses)
    text = writer.write(node, bound)
    needed = {shared.name: shared for shared in writer.needed()}
    assert "lines" not in text.source
    assert any("lines" in shared.text.source for shared in needed.values())
    assert any(name in text.source for name in needed)
    assert writer.needed() == []


def shaped(variables: Variables) -> Bound:
    return Bound({name: Text(name, ValueShape(value)) for name, value in variables.items()})


def test_trees_tell_what_an_expression_reads() -> None:
    node = parse("self.a.exists(x, x.b == y) && has(self.c.d) && f(self.e)")
    assert has_macro(node)
    assert free_variables(node) == {"self", "y"}
    sides = chain(node)
    assert len(sides) == 3
    reads = [read for side in sides for read in sure_reads(side)]
    assert reads == [("self", "a"), ("self", "c"), ("self", "e")]
