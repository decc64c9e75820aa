"""What is said of the numbers of a text holds, however they are written and whatever is beside."""

import json
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderspec.validation.digits import are_carried, strings

DIGITS = st.text("0123456789", min_size=1, max_size=22)
NUMBER = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "-"]),
    DIGITS.map(lambda digits: str(int(digits))),
    st.one_of(st.just(""), DIGITS.map(".{}".format)),
    st.sampled_from(["", "", "", "e2", "E-3", "e+20"]),
)
# Texts that look like numbers, or hold what stands between numbers and names.
TEXT = st.text('0159.eE-+,:[]{}"\\ tfn', max_size=24).map(json.dumps)
SCALAR = st.one_of(NUMBER, TEXT, st.sampled_from(["true", "false", "null"]))
# Doubles have no place for some numbers of sixteen digits.
SIXTEEN = "9.232130346230991"
SPACE = st.sampled_from(["", "", " ", "\n "])


@st.composite
def json_text(draw: Any, depth: int = 3) -> str:
    if not depth or draw(st.booleans()):
        return str(draw(SCALAR))
    inner = json_text(depth=depth - 1)
    gap = draw(SPACE)
    if draw(st.booleans()):
        return f"[{f',{gap}'.join(draw(st.lists(inner, max_size=3)))}]"
    members = draw(st.lists(st.tuples(TEXT, inner), max_size=3))
    return "{" + f",{gap}".join(f"{name}{gap}:{gap}{value}" for name, value in members) + "}"


def numbers_in(value: Any) -> list[Any]:
    if isinstance(value, dict | list):
        below = value.values() if isinstance(value, dict) else value
        return [number for one in below for number in numbers_in(one)]
    return [value] if type(value) in {int, float, Decimal} else []


@given(json_text())
def test_no_digit_is_lost_where_none_is_said_to_be(text: str) -> None:
    exact = numbers_in(json.loads(text, parse_float=Decimal))
    read = numbers_in(orjson.loads(text))
    if are_carried(text.encode()):
        assert [Decimal(str(one)) for one in read] == exact


@pytest.mark.parametrize(
    "text, is_sure",
    [
        ('{"amount":100}', True),
        ('{"is":true,"are":[false,true,null]}', True),
        ('{"at":"2026-01-01T05:04:05.123Z","id":"0E5-1234567890123456789012"}', True),
        ('{"share": 0.25, "id": "5e3"}', True),
        ('{"price": [1, 19.90]}', True),
        ("7.0", True),
        ('{"big": 123456789012345678}', True),
        ('{"big": 1234567890123456789}', False),
        ('{"big": 18446744073709551616}', False),
        ('{"fine": 0.30000000000000004}', False),
        (f'{{"fine": {SIXTEEN}}}', False),
        ("[100000000000000000000]", False),
        ('{"big":100000000000000000000}', False),
        ("[1e2]", False),
    ],
)
def test_common_numbers_are_told_apart(text: str, *, is_sure: bool) -> None:
    assert are_carried(text.encode()) is is_sure


@given(json_text())
def test_as_many_strings_are_counted_as_there_are(text: str) -> None:
    assert strings(text.encode()) == len(strings_in(json.loads(text, object_pairs_hook=list)))


def strings_in(value: Any) -> list[str]:
    """List every string; an object comes as the pairs of its members."""
    if isinstance(value, list | tuple):
        return [found for one in value for found in strings_in(one)]
    return [value] if isinstance(value, str) else []


def test_quotes_within_strings_are_not_counted() -> None:
    assert strings(rb'{"a":"\"\\","b":"\\\""}') == 4
