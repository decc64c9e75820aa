"""What a check compares is read from its text."""

import pytest

from orderspec.rules.forms import Form, form, steps


@pytest.mark.parametrize(
    "check,read",
    [
        ("self.a == 1", Form("self.a", "1", "", "self.a")),
        ("self.a <= self.b", Form("self.a", "self.b", "at most ", "self.a")),
        ("self.a >= 0", Form("self.a", "0", "at least ", "self.a")),
        ("self.a < 3", Form("self.a", "3", "less than ", "self.a")),
        ("self.a > 3", Form("self.a", "3", "more than ", "self.a")),
        ('self["a-b"].c == 1', Form('self["a-b"].c', "1", "", 'self["a-b"].c')),
        ("size(self.a) == 2", Form("size(self.a)", "2")),
        ("self.a == (1 > 2 ? 3 : 4)", Form("self.a", "(1 > 2 ? 3 : 4)", "", "self.a")),
        ('self.a == "x == y"', Form("self.a", '"x == y"', "", "self.a")),
        ("near(self.a, times(self.b, 2), 1)",
         Form("self.a", "times(self.b, 2)", "about ", "self.a")),
        ("same(self.a, self.b)", Form("self.a", "self.b", "", "self.a")),
        ("between(self.a, 1, 2, 1)", Form("self.a", "[1, 2]", "between ", "self.a")),
        ("near(self.a)", Form(subject="self.a")),
        ("between(self.a, 1)", Form(subject="self.a")),
        ("echoes(first.body, next.body)", Form(subject="next.body")),
        ("in_order(self.from, self.to)", Form(subject="self.to")),
        ("has(self.a)", Form(subject="self.a")),
        ("self.a != 1", Form("self.a", "1", "other than ", "self.a")),
        ("self.a == 1 && self.b == 2", Form()),
        ("self.a == 1 || self.b == 2", Form()),
        ("self.x ? self.a == 1 : true", Form()),
        ("f(self.a) == g(self.b)", Form("f(self.a)", "g(self.b)")),
        ("!has(self.a)", Form()),
        ("", Form()),
    ],
)  # fmt: skip
def test_the_form_of_a_check(check: str, read: Form) -> None:
    assert form(check) == read


def test_a_path_splits_into_its_members() -> None:
    assert steps('self.a["b-c"].d') == ["self", "a", "b-c", "d"]
