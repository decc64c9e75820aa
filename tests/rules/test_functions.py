"""The functions of rules: exact numbers, and no exception that the CEL library would print."""

from typing import Any

import pytest

from orderspec.rules.functions import NAMES, InexactError, Recorder, functions

LARGEST = 2**63 - 1
RESULTS: list[tuple[str, tuple[Any, ...], Any]] = [
    ("sum", ([],), 0),
    ("sum", ([1, "2.5", 0.1],), "3.6"),
    ("sum", ([0.1, 0.2],), "0.3"),
    ("times", (1599, "2"), 3198),
    ("times", (LARGEST, "0.1234567891"), "1138687896344817484.1325813037"),
    ("percent", (1000, "8.5"), 85),
    ("percent", (999, "0.1"), "0.999"),
    ("near", (86, "85.5", 1), True),
    ("near", (87, "85.5", 1), False),
    ("same", ("1.50", 1.5), True),
    ("same", (LARGEST, LARGEST - 1), False),
    ("between", (5, 6, 10, 1), True),
    ("between", (4, 6, 10, 1), False),
    ("between", (12, 6, 10, 1), False),
    ("compare", ("1.5", 1.5), 0),
    ("compare", ("1.4", 1.5), -1),
    ("compare", (2, "1.5"), 1),
    ("decimals", ("1.500",), 1),
    ("decimals", (100,), 0),
    ("decimals", ("0." + "0" * 40 + "1",), 41),
    ("whole", ("2.0",), True),
    ("whole", ("2.1",), False),
    ("kind", ({},), "object"),
    ("kind", ([],), "array"),
    ("kind", ("5",), "string"),
    ("kind", (5,), "number"),
    ("kind", (5.5,), "number"),
    ("kind", (True,), "boolean"),
    ("portable", ({"a": [1, 0.1, "1.5", True, None, 2**53]},), True),
    ("portable", ({"a": [{"b": 2**53 + 1}]},), False),
    ("portable", ("1180591620717411303424",), False),
    ("portable", ("0.12345678901234567",), False),
    ("portable", ("1E+400",), False),
    ("portable", ("a text of many words 1234567890",), True),
    ("milliseconds", ("1970-01-01T00:00:00Z",), 0),
    ("milliseconds", ("2024-05-01T14:00:00.1239+02:00",), 1714564800123),
    ("milliseconds", ("1969-12-31T23:59:59.9999Z",), -1),
    ("unique", ([1, 2],), True),
    ("unique", ([1, 2, 1],), False),
    ("alike", ([],), True),
    ("alike", (["USD", "USD"],), True),
    ("alike", (["USD", "EUR"],), False),
    ("alike", (["USD", None],), False),
    ("values", ({"a": [{"c": "USD", "n": 1}], "b": {"c": "EUR"}}, "c", "n"), ["USD"]),
    ("in_order", ("2024-05-01T12:00:00Z", "2024-05-01T14:00:00+02:00"), True),
    ("in_order", ("2024-05-01T12:00:01Z", "2024-05-01T14:00:00+02:00"), False),
    ("echoes", ({"a": 1}, {"a": 1, "b": 2}), True),
    ("echoes", ({"a": [1, 2]}, {"a": [2, 1]}, {"unordered": ["a"]}), True),
    ("echoes", ({"a": 1}, {"a": 2}), False),
]


@pytest.mark.parametrize("name,arguments,result", RESULTS)
def test_a_function_gives_its_result(name: str, arguments: tuple[Any, ...], result: Any) -> None:
    recorder = Recorder()
    found = functions(recorder)[name](*arguments)
    assert (type(found), found) == (type(result), result)
    assert recorder.problem is None


def test_every_function_is_tried() -> None:
    assert {name for name, _, _ in RESULTS} == NAMES


@pytest.mark.parametrize(
    "name,arguments,difference",
    [
        ("unique", ([1, 2, 1],), ("", "no value twice", 1)),
        ("alike", (["USD", "EUR"],), ("", "USD", "EUR")),
        ("echoes", ({"a": 1}, {"a": 2}), ("/a", 1, 2)),
    ],
)
def test_a_function_that_compares_says_what_differs(
    name: str, arguments: tuple[Any, ...], difference: tuple[Any, ...]
) -> None:
    recorder = Recorder()
    functions(recorder)[name](*arguments)
    found = recorder.difference
    assert found
    assert (found.at, found.expected, found.got) == difference


@pytest.mark.parametrize(
    "name,arguments,problem",
    [
        ("sum", (["a"],), TypeError),
        ("sum", ([True],), TypeError),
        ("times", (1,), TypeError),
        ("times", (LARGEST, 2), InexactError),
        ("in_order", ("2024-05-01T23:59:60Z", "2024-05-02T00:00:00Z"), InexactError),
        ("in_order", ("2024-05-01T12:00:00", "2024-05-02T00:00:00Z"), InexactError),
        ("milliseconds", ("2024-05-01T12:00:00",), InexactError),
        ("milliseconds", ("yesterday",), InexactError),
        ("sum", ([1, "1E+400"],), InexactError),
        ("echoes", (1, 1, {"unorderd": []}), TypeError),
    ],
)
def test_what_a_function_would_raise_is_kept_for_the_evaluation(
    name: str, arguments: tuple[Any, ...], problem: type[Exception]
) -> None:
    recorder = Recorder()
    assert functions(recorder)[name](*arguments) is None
    assert type(recorder.problem) is problem
