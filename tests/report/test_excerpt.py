"""An excerpt shows what is broken, what it stands in, and says how much it leaves out."""

from typing import Any

import pytest

from orderspec.report.excerpt import Line, excerpt, plain_lines

ORDER = {"lines": [{"name": "tea", "price": 5}, {"name": "cup", "price": 7}], "total": {"cents": 1}}
LONG = {"lines": [{"price": number} for number in range(400)], "total": 1}


def shown(lines: list[Line]) -> list[str]:
    return [f"{'!' if line.broken else ' '}{' ' * line.depth}{line.text}" for line in lines]


def test_a_short_value_is_written_whole_and_the_broken_member_marked() -> None:
    assert shown(excerpt({"a": [1, {"b": None}], "c": {}}, "/a/1/b", 50)) == [
        " {", '  "a": [', "   1,", "   {", '!   "b": null', "   }", "  ],", '  "c": {}', " }",
    ]  # fmt: skip


def test_all_of_a_broken_object_is_marked() -> None:
    broken = [line.text for line in excerpt(ORDER, "/lines/1", 50) if line.broken]
    assert broken == ["{", '"name": "cup",', '"price": 7', "}"]


@pytest.mark.parametrize(
    "at, marked", [("/total/missing", '"total": {'), ("/lines/9", '"lines": [')]
)
def test_where_a_member_is_missing_what_should_hold_it_is_marked(at: str, marked: str) -> None:
    assert next(line.text for line in excerpt(ORDER, at, 50) if line.broken) == marked


@pytest.mark.parametrize("at", ["", "/nowhere"])
def test_a_finding_on_the_whole_body_marks_nothing(at: str) -> None:
    assert not any(line.broken for line in excerpt(ORDER, at, 50))


def test_nothing_is_marked_beside_the_place_if_it_must_be_exact() -> None:
    assert not any(line.broken for line in excerpt(ORDER, "/total/missing", 50, exact=True))
    assert any(line.broken for line in excerpt(ORDER, "/total/cents", 50, exact=True))


def test_of_a_long_value_what_is_broken_stays_with_what_it_stands_in() -> None:
    lines = excerpt(LONG, "/lines/300/price", 30)
    texts = [line.text for line in lines]
    assert [line.text for line in lines if line.broken] == ['"price": 300']
    assert {'"lines": [', "]", "],", "{", "}"} & set(texts)
    assert len([line for line in lines if not line.is_gap]) <= 30 + 10


def test_gaps_tell_how_many_lines_they_stand_for() -> None:
    lines = excerpt(LONG, "/lines/300/price", 30)
    numbers = (line.text.split()[0] for line in lines if line.is_gap)
    left_out = sum(1 if number == "one" else int(number) for number in numbers)
    whole = excerpt(LONG, "", 10_000)
    assert left_out + len([line for line in lines if not line.is_gap]) == len(whole)


def test_a_value_without_end_is_not_walked_to_its_end() -> None:
    lines = excerpt(list(range(100_000)), "", 10)
    assert len(lines) < 15


@pytest.mark.parametrize("value", ["\x1b[2J\u202e", {"\x1b": 1}, ["\udcff"]])
def test_no_value_drives_a_terminal(value: Any) -> None:
    assert all(line.text.isprintable() for line in excerpt(value, "", 10))


def test_long_texts_are_cut_and_their_length_told() -> None:
    [line] = excerpt("x" * 5000, "", 10)
    assert len(line.text) < 250
    assert "5002 characters" in line.text


def test_what_is_no_json_is_cut_by_its_lines() -> None:
    assert shown(plain_lines("a\nb\nc", 2)) == [" a", " b", " one line more"]
