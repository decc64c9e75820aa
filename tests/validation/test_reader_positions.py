"""A JSON Pointer leads to the line and column of the value and of its name."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderspec import pointer as json_pointer
from orderspec.validation.flaws import MAX_DEPTH
from orderspec.validation.positions import Place, Position, locate, locate_all

_ORDER = """{
  "order": {
    "lines": [
      {"amount": 1, "né, {\\"": [true]},
      {"amount": 2.50, "a/b~c": "x"}
    ]
  },
  "after": null
}"""


@pytest.mark.parametrize(
    "pointer, value, name",
    [
        ("", Place(1, 1), None),
        ("/order", Place(2, 12), Place(2, 3)),
        ("/order/lines/0", Place(4, 7), None),
        ('/order/lines/0/né, {"/0', Place(4, 33), None),
        ("/order/lines/1/amount", Place(5, 18), Place(5, 8)),
        ("/order/lines/1/a~1b~0c", Place(5, 33), Place(5, 24)),
        ("/after", Place(8, 12), Place(8, 3)),
    ],
)
def test_a_pointer_leads_to_its_value_and_name(
    pointer: str, value: Place, name: Place | None
) -> None:
    assert locate(_ORDER, pointer) == Position(value, name)


@pytest.mark.parametrize("pointer", ["/order/total", "/order/lines/2", "/order/lines/x"])
def test_a_pointer_to_nothing_leads_to_the_nearest_value_above(pointer: str) -> None:
    parent = pointer.rpartition("/")[0]
    assert locate(_ORDER, pointer) == locate(_ORDER, parent)


def test_many_pointers_are_found_in_one_pass() -> None:
    pointers = ["/after", "/order/lines/1", "/order", "/order/lines/1/amount"]
    assert locate_all(_ORDER, pointers) == {
        pointer: locate(_ORDER, pointer) for pointer in pointers
    }


def test_no_pointers_need_no_positions() -> None:
    assert locate_all(_ORDER, []) == {}


def test_the_deepest_value_is_found() -> None:
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert locate(text, "/0" * (MAX_DEPTH - 1)).value == Place(1, MAX_DEPTH)


def test_a_finding_on_every_item_of_a_long_list_is_located() -> None:
    """Thousands of findings in one document must not cost a pass each."""
    count = 20_000
    text = "[\n" + ",\n".join("[0]" for _ in range(count)) + "]"
    found = locate_all(text, [f"/{index}/0" for index in range(count)])
    assert [position.value.line for position in found.values()] == list(range(2, count + 2))


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def _places(value: object, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[str, object]]:
    yield json_pointer.join(steps), value
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _places(member, (*steps, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _places(item, (*steps, index))


def _text_from(text: str, place: Place) -> str:
    lines = text.split("\n")
    return "\n".join([lines[place.line - 1][place.column - 1 :], *lines[place.line :]])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(value=_VALUES, indent=st.sampled_from([None, 0, 2]), ascii_only=st.booleans())
def test_every_position_is_the_first_character_of_its_value(
    value: object, indent: int | None, *, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    expected = dict(_places(value))
    for pointer, position in locate_all(text, expected).items():
        found, _ = json.JSONDecoder().raw_decode(_text_from(text, position.value))
        assert found == expected[pointer]
        if position.name:
            name, _ = json.JSONDecoder().raw_decode(_text_from(text, position.name))
            assert name == json_pointer.parse(pointer)[-1]
