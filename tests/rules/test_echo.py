"""What was sent comes back, and where it does not, the first place is named."""

from typing import Any

import pytest

from orderspec.rules.echo import Difference, Leniency, difference

SAME: list[tuple[Any, Any, dict[str, list[str]]]] = [
    ({"a": 1}, {"a": 1, "b": 2}, {}),
    ({"a": []}, {}, {}),
    ({"a": {}}, {}, {}),
    ({"a": 1}, {"a": 1.0}, {}),
    ({"a": 1}, {"a": 2}, {"ignored": ["a"]}),
    ({"a": 1}, {}, {"ignored": ["a"]}),
    ({"q": "1.50"}, {"q": "1.5"}, {"decimals": ["q"]}),
    ({"q": "one"}, {"q": "one"}, {"decimals": ["q"]}),
    ({"t": "2024-05-01T12:00:00Z"}, {"t": "2024-05-01T14:00:00+02:00"}, {"times": ["t"]}),
    ({"t": "2024-05-01T12:00:00Z"}, {"t": "2024-05-01T12:00:00.000Z"}, {"times": ["t"]}),
    ({"l": [1, 2]}, {"l": [2, 3, 1]}, {"unordered": ["l"]}),
    ({"l": [1, 1]}, {"l": [1, 1]}, {"unordered": ["l"]}),
]
OTHER: list[tuple[Any, Any, dict[str, list[str]], Difference]] = [
    ({"a": 1}, {"a": 2}, {}, Difference("/a", 1, 2)),
    ({"a": 1}, {}, {}, Difference("/a", 1, None)),
    ({"a/b~": 1}, {}, {}, Difference("/a~1b~0", 1, None)),
    ({"a": True}, {"a": 1}, {}, Difference("/a", expected=True, got=1)),
    ({"a": 0}, {"a": False}, {}, Difference("/a", expected=0, got=False)),
    ({"a": [1]}, {"a": {}}, {}, Difference("/a", [1], {})),
    ({"l": [1, 2]}, {"l": [2, 1]}, {}, Difference("/l/0", 1, 2)),
    ({"l": [1]}, {"l": [1, 2]}, {}, Difference("/l", "1 element", "2 elements")),
    ({"l": [1, 2]}, {"l": [1]}, {}, Difference("/l", "2 elements", "1 element")),
    ({"q": "1.50"}, {"q": "1.5"}, {}, Difference("/q", "1.50", "1.5")),
    ({"q": "1.50"}, {"q": "1.51"}, {"decimals": ["q"]}, Difference("/q", "1.50", "1.51")),
    ({"t": "later"}, {"t": "now"}, {"times": ["t"]}, Difference("/t", "later", "now")),
    ({"l": [1, 1]}, {"l": [1, 2]}, {"unordered": ["l"]}, Difference("/l/1", 1, 2)),
    ({"l": [1]}, {"l": []}, {"unordered": ["l"]}, Difference("/l/0", 1, None)),
    (
        {"l": [{"uid": "a", "n": 1}]},
        {"l": [{"uid": "b", "n": 1}, {"uid": "a", "n": 2}]},
        {"unordered": ["l"]},
        Difference("/l/1/n", 1, 2),
    ),
]


@pytest.mark.parametrize("sent,got,options", SAME)
def test_an_echo_may_say_more_and_write_it_in_another_way(
    sent: Any, got: Any, options: dict[str, list[str]]
) -> None:
    assert difference(sent, got, Leniency.of(options)) is None


@pytest.mark.parametrize("sent,got,options,first", OTHER)
def test_the_first_place_where_an_echo_differs_is_named(
    sent: Any, got: Any, options: dict[str, list[str]], first: Difference
) -> None:
    assert difference(sent, got, Leniency.of(options)) == first


def test_an_unknown_option_is_a_mistake_in_the_contract() -> None:
    with pytest.raises(TypeError, match="unorderd"):
        Leniency.of({"unorderd": ["a"]})


def test_a_permuted_list_may_change_its_order_and_not_its_length() -> None:
    lenient = Leniency.of({"permuted": ["taxes"]})
    sent = {"taxes": [{"uid": "a"}, {"uid": "b"}]}
    assert difference(sent, {"taxes": [{"uid": "b"}, {"uid": "a"}]}, lenient) is None
    more = {"taxes": [{"uid": "a"}, {"uid": "b"}, {"uid": "c"}]}
    assert difference(sent, more, lenient) == Difference("/taxes", "2 elements", "3 elements")


def test_an_element_is_compared_with_its_namesake_wherever_that_stands() -> None:
    lenient = Leniency.of({"unordered": ["taxes"]})
    sent = {"taxes": [{"uid": "a", "rate": "5"}, {"uid": "b", "rate": "9"}]}
    got = {"taxes": [{"uid": "b", "rate": "9"}, {"uid": "a", "rate": "6"}]}
    assert difference(sent, got, lenient) == Difference("/taxes/1/rate", "5", "6")
