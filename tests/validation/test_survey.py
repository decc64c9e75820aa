"""A survey tells what a payload holds, or doubts that it is JSON at all."""

import json
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderspec.rules.quick_nodes import DoubtError
from orderspec.validation.quick_survey import Survey

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18) + 1, 10**18 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([1.0, -0.0, 2e300]),
    st.text(max_size=4),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
)


class Word(StrEnum):
    HERE = "here"


class Count(IntEnum):
    ONE = 1


class Members(dict[str, Any]):
    pass


class Elements(list[Any]):
    pass


def surveyed(value: Any, *, is_foreign: bool) -> Survey:
    survey = Survey(3, is_foreign=is_foreign)
    survey.take(value)
    return survey


def leaves(value: Any) -> list[Any]:
    """List every scalar, and every name."""
    if isinstance(value, dict):
        return [*value, *(leaf for item in value.values() for leaf in leaves(item))]
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    return [value]


def depth(value: Any) -> int:
    if isinstance(value, dict | list):
        items = value.values() if isinstance(value, dict) else value
        return 1 + max(map(depth, items), default=0)
    return 0


@given(VALUES, st.booleans())
def test_a_survey_tells_what_is_there(value: Any, is_foreign: bool) -> None:  # noqa: FBT001 (hypothesis gives it)
    if depth(value) > 3:
        with pytest.raises(DoubtError):
            surveyed(value, is_foreign=is_foreign)
        return
    survey, every = surveyed(value, is_foreign=is_foreign), leaves(value)
    assert survey.strings == sum(isinstance(one, str) for one in every)
    assert survey.has_nulls == any(one is None for one in every)
    fractions = [one for one in every if isinstance(one, float)]
    assert survey.has_fractions == bool(fractions)
    assert survey.has_whole_fractions == any(one.is_integer() for one in fractions)


@pytest.mark.parametrize(
    "odd",
    [
        *(10**18, -(10**18), 10**30, float("nan"), float("-inf")),
        *((1,), {1}, b"x", Word.HERE, Count.ONE, Members(), Elements(), 1j, Decimal(1)),
    ],
    ids=repr,
)
def test_what_json_cannot_carry_is_doubted(odd: Any) -> None:
    for value in (odd, [odd], {"a": odd}, [{"a": [odd]}]):
        with pytest.raises(DoubtError):
            surveyed(value, is_foreign=True)


def test_what_a_parser_made_is_taken_as_it_is() -> None:
    text = '{"é": ["\\u0000", 1.5, null, true], "b": {}}'
    survey = surveyed(json.loads(text), is_foreign=False)
    assert (survey.strings, survey.has_fractions, survey.has_nulls) == (3, True, True)
    assert not survey.has_whole_fractions
