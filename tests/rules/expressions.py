"""Expressions of every form, on small values, for whatever evaluates CEL."""

from typing import Any

from hypothesis import strategies as st

Variables = dict[str, Any]

SMALL: Variables = {
    "m": {"a": 1},
    "e": [],
    "l": [{"a": 1}, {"b": "é"}, {"a": 1.5}],
    "n": None,
    "t": "é1",
    "big": 2**63 - 1,
    "least": -(2**63),
    "odd": 2**53 + 1,
    "even": float(2**53),
}
ATOMS = [
    *SMALL,
    *("0", "1", "-7", "2", "0.0", "1.5", "-1.0", "2.0", "0x1F", "1e3"),
    *("true", "false", "null", '"a"', '"é\\n"', "'1'", "[]", "[1, 1.0]", "[true]", "{}"),
    *("m.a", "m.b", "l[0].a", "nothing", "x"),
]
BINARY_FORMS = [
    *(f"({{0}}) {sign} ({{1}})" for sign in ("+", "-", "*", "/", "%", "in", "&&", "||")),
    *(f"({{0}}) {sign} ({{1}})" for sign in ("==", "!=", "<", "<=", ">", ">=")),
    *("({0})[{1}]", "[{0}, {1}]", "({0}).contains({1})", "({0}).startsWith({1})"),
    *("({0}).endsWith({1})", "({0}).matches({1})", "sum([{0}, {1}])", "unique([{0}, {1}])"),
    *("compare({0}, {1})", "alike([{0}, {1}])", "near({0}, {1}, 1)", "times({0}, {1})"),
    *("({0}).all(x, {1})", "({0}).exists(x, {1})", "({0}).exists_one(x, {1})"),
    *("({0}).map(x, {1})", "({0}).filter(x, {1})", "({0}).map(x, x == 1, {1})"),
]
UNARY_FORMS = ["!({0})", "-({0})", "--({0})", "!!({0})", "size({0})", "({0}).size()"]
MEMBER_FORMS = ["({0}).a", "has(({0}).a)", "({0}).a.b", '{{"a": {0}}}', '({0})["a"]']
TERNARY = "({0}) ? ({1}) : ({2})"
CHAINS = ["{0} && {1} && {2} && {3}", "{0} || {1} || {2} || {3}", "{0} && {1} || {2} && {3}"]


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def filled(forms: list[str], count: int) -> st.SearchStrategy[str]:
        return st.builds(str.format, st.sampled_from(forms), *[inner] * count)

    in_brackets = st.builds("({})".format, inner)
    return st.one_of(
        filled(UNARY_FORMS + MEMBER_FORMS, 1),
        filled(BINARY_FORMS, 2),
        filled([TERNARY], 3),
        st.builds(str.format, st.sampled_from(CHAINS), *[in_brackets] * 4),
    )


EXPRESSIONS = st.recursive(st.sampled_from(ATOMS), grown, max_leaves=6)
