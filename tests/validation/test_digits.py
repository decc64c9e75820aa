"""What is said of the numbers of a text holds, however they are written and whatever is beside."""

import json
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderspec.validation.digits import Numbers, numbers_of, quotes

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


def said(text: str) -> Numbers:
    read = orjson.loads(text)
    return numbers_of(text.encode(), orjson.dumps([read]))


@given(json_text())
def test_no_digit_is_lost_where_none_is_said_to_be(text: str) -> None:
    verdict = said(text)
    exact = numbers_in(json.loads(text, parse_float=Decimal))
    read = numbers_in(orjson.loads(text))
    if verdict is Numbers.INTS:
        assert all(type(one) is int and abs(one) < 10**18 for one in exact)
    if verdict is not Numbers.DOUBTFUL:
        assert [Decimal(str(one)) for one in read] == exact


@pytest.mark.parametrize(
    "text, verdict",
    [
        ('{"amount":100}', Numbers.INTS),
        ('{"is":true,"are":[false,true,null]}', Numbers.INTS),
        ('{"at":"2026-01-01T05:04:05.123Z","id":"0E5-1234567890123456789012"}', Numbers.INTS),
        ('{"share": 0.25, "id": "5e3"}', Numbers.CARRIED),
        ('{"price": [1, 19.90]}', Numbers.CARRIED),
        ("7.0", Numbers.CARRIED),
        ('{"big": 123456789012345678}', Numbers.INTS),
        ('{"big": 1234567890123456789}', Numbers.DOUBTFUL),
        ('{"big": 18446744073709551616}', Numbers.DOUBTFUL),
        ('{"fine": 0.30000000000000004}', Numbers.DOUBTFUL),
        (f'{{"fine": {SIXTEEN}}}', Numbers.DOUBTFUL),
        ("[100000000000000000000]", Numbers.DOUBTFUL),
        ('{"big":100000000000000000000}', Numbers.DOUBTFUL),
        ("[1e2]", Numbers.DOUBTFUL),
    ],
)
def test_common_numbers_are_told_apart(text: str, verdict: Numbers) -> None:
    assert said(text) is verdict


def test_quotes_of_strings_are_counted_without_those_within() -> None:
    assert quotes(rb'{"a":"\"\\","b":"\\\""}') == 8
