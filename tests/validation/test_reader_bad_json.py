"""Text that is not JSON gets a place, a word on what is wrong and a way out."""

import json
from decimal import Decimal

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderspec.errors import ReadError
from orderspec.validation import json_text, syntax
from orderspec.validation.flaws import MAX_DEPTH, MAX_DIGITS

_MEGABYTE = 1_000_000
# A busy machine must not fail a test: nothing here is about time.
_unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

_BAD_TEXTS = [
    ('{"a": 1,\n}', 1, 8, "trailing comma before }"),
    ("[1, 2, ]", 1, 6, "trailing comma before ]"),
    ('{\n  "a": 1\n  "b": 2\n}', 3, 3, "missing comma between members"),
    ("[1 2]", 1, 4, "missing comma between items"),
    ('{"a" 1}', 1, 6, "missing colon"),
    ('{"a": "He said "no""}', 1, 17, "missing comma"),
    ('{"a": 1} // why', 1, 10, "comments are not JSON"),
    ('{"a": /* why */ 1}', 1, 7, "comments are not JSON"),
    ("[1] # why", 1, 5, "comments are not JSON"),
    ("{'a': 1}", 1, 2, "single quotes"),
    ("{“a”: 1}", 1, 2, "typographic quotes"),
    ("{a: 1}", 1, 2, "the member name a has no quotes"),
    ("{1: 1}", 1, 2, "the member name 1 has no quotes"),
    ("[abc]", 1, 2, "abc has no quotes"),
    ('{"a": NaN}', 1, 7, "NaN is not JSON"),
    ('{"a": -Infinity}', 1, 7, "Infinity is not JSON"),
    ('{"a": True}', 1, 7, "True is Python"),
    ('{"a": None}', 1, 7, "None is Python"),
    ('{"a": undefined}', 1, 7, "undefined is JavaScript"),
    ("[TRUE]", 1, 2, "TRUE is not JSON"),
    ('["a', 1, 2, "no closing quote"),
    ('["a\n"]', 1, 2, "no closing quote"),
    ('["a\tb"]', 1, 4, "control character (U+0009)"),
    (r'["a\d"]', 1, 4, r"\d is no JSON escape"),
    (r'["\u12"]', 1, 3, "is no JSON escape"),
    (r'["\ud800"]', 1, 3, r"\ud800 is half of a character"),
    (r'["\ude00\ud83d"]', 1, 3, r"\ude00 is half of a character"),
    (r'["\ud83d\ude00\ud83d"]', 1, 15, r"\ud83d is half of a character"),
    ('{"a": [1,\n', 1, 10, "unexpected end"),
    ("", 1, 1, "the text is empty"),
    (" \n\t\n", 1, 1, "the text is empty"),
    ('{"a": 1}\n{"a": 2}', 2, 1, "a second document begins"),
    ("[01]", 1, 2, "01 has a leading zero"),
    ("[-007]", 1, 2, "-007 has a leading zero"),
    ("[+1]", 1, 2, "+1 has a plus sign"),
    ("[.5]", 1, 2, "lacks a digit"),
    ("[1.]", 1, 2, "lacks a digit"),
    ("[0x1F]", 1, 2, "no decimal number"),
    ("[1_000]", 1, 2, "not a JSON number"),
    ("[1,,2]", 1, 4, "a comma where a value is expected"),
    ('{"a":}', 1, 6, "the member has no value"),
    ('{"a"}', 1, 5, "the member has no value"),
    ('{"a": [1, 2}', 1, 12, "} cannot close the [ opened on line 1"),
    ("{}}", 1, 3, "one } too many"),
    ("{},", 1, 3, "a comma stands after the document"),
    ("[\u00a01]", 1, 2, "U+00A0 NO-BREAK SPACE"),
    ('{"é": 1, "é": 2}', 1, 10, 'the member name "é" stands twice'),
    ('{"a": 1,\n "b": {},\n "\\u0061": 2}', 3, 2, "stands twice in one object, first on line 1"),
    ("[1e4301]", 1, 2, f"more than {MAX_DIGITS} digits"),
    ("[1e-99999999999999999999]", 1, 2, f"more than {MAX_DIGITS} digits"),
    ("[" + "1" * (MAX_DIGITS + 1) + "]", 1, 2, f"more than {MAX_DIGITS} digits"),
    ("[1." + "1" * MAX_DIGITS + "]", 1, 2, f"more than {MAX_DIGITS} digits"),
]


def _refusal_or_none(data: bytes) -> ReadError | None:
    try:
        json_text.parse(data)
    except ReadError as error:
        return error
    return None


def _refusal(data: bytes) -> ReadError:
    error = _refusal_or_none(data)
    assert error, "the text was read"
    return error


@pytest.mark.parametrize("text, line, column, words", _BAD_TEXTS)
def test_a_flaw_is_named_with_its_place_and_a_way_out(
    text: str, line: int, column: int, words: str
) -> None:
    error = _refusal(text.encode())
    assert (error.line, error.column) == (line, column)
    assert words in error.message
    assert error.hint.endswith(".")


def test_the_hint_for_a_second_document_names_json_lines() -> None:
    assert ".jsonl" in _refusal(b"{}\n{}").hint


@pytest.mark.parametrize(
    "text, hint",
    [
        ('{\n  "a": [1]\n\n  "b": 2}', "Put a comma after the ] of line 2, at column 11."),
        ("[1 2]", "Put a comma after the 1 of line 1, at column 3."),
        ('{"a" 1}', 'Put a colon after the " of line 1, at column 5.'),
    ],
)
def test_the_hint_for_a_missing_sign_says_where_it_belongs(text: str, hint: str) -> None:
    assert _refusal(text.encode()).hint.startswith(hint)


def test_a_value_that_ends_at_an_inner_quote_is_told_so() -> None:
    assert "quote inside a string" in _refusal(b'{"a": "He said "no""}').hint
    assert "quote inside a string" not in _refusal(b"[1 2]").hint


def test_the_hint_for_a_leading_zero_writes_the_number_that_was_meant() -> None:
    assert _refusal(b"[-007]").hint == 'Write -7, or "-007" if it is a code.'


@pytest.mark.parametrize(
    "data, words",
    [
        (b"\xef\xbb\xbf{}", "byte order mark"),
        ('{"é": 1}'.encode("utf-16"), "UTF-16 (little endian)"),
        ('{"a": 1}'.encode("utf-16-le"), "UTF-16 (little endian)"),
        ('{"a": 1}'.encode("utf-16-be"), "UTF-16 (big endian)"),
        ('{"a": 1}'.encode("utf-32"), "UTF-32 (little endian)"),
        ('{"a": 1}'.encode("utf-32-be"), "UTF-32 (big endian)"),
        (b"\x1f\x8b\x08\x00", "compressed with gzip"),
    ],
)
def test_another_encoding_is_recognised_by_its_first_bytes(data: bytes, words: str) -> None:
    error = _refusal(data)
    assert words in error.message
    assert error.hint


def test_a_latin_1_byte_is_named_with_its_offset_and_the_character_it_would_be() -> None:
    error = _refusal('{"n":\n "café"}'.encode("latin-1"))
    assert "byte 0xE9 at offset 11 would be é" in error.message
    assert (error.line, error.column) == (2, 6)


def test_a_column_after_wide_characters_counts_characters_not_bytes() -> None:
    assert _refusal('["é😀", NaN]'.encode()).column == 8


@pytest.mark.parametrize("bracket", ["[", '{"a":', '[{"]":'])
def test_endless_nesting_is_refused_at_the_level_where_it_goes_too_deep(bracket: str) -> None:
    levels = bracket.count("[") + bracket.count("{")
    error = _refusal(bracket.encode() * _MEGABYTE)
    assert f"more than {MAX_DEPTH} levels" in error.message
    assert error.column == len(bracket) * (MAX_DEPTH // levels) + 1


def test_nesting_is_read_up_to_the_limit_and_no_further() -> None:
    deepest = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert json_text.parse(deepest)
    assert "levels" in _refusal(b"[" + deepest + b"]").message


def test_brackets_in_strings_do_not_nest() -> None:
    text = json.dumps(['[{"' * MAX_DEPTH, "\\", "[" * MAX_DEPTH, '\\"[' * MAX_DEPTH])
    assert json_text.parse(text.encode()) == json.loads(text)


def test_a_flaw_before_the_nesting_is_the_one_reported() -> None:
    assert "missing comma" in _refusal(b'{"a": 1 "b": ' + b"[" * _MEGABYTE).message


def test_many_brackets_side_by_side_are_no_nesting() -> None:
    assert json_text.parse(b"[" + b"[]," * _MEGABYTE + b"[]]") == [[]] * (_MEGABYTE + 1)


def test_a_size_is_no_error_by_itself() -> None:
    assert json_text.parse(b'"' + b"x" * 5 * _MEGABYTE + b'"') == "x" * 5 * _MEGABYTE


def test_numbers_keep_their_exact_value() -> None:
    values = json_text.parse(b"[19.99, 18446744073709551617, 1e2, -0.10, 0.1000000000000000000001]")
    assert values == [
        Decimal("19.99"),
        2**64 + 1,
        Decimal(100),
        Decimal("-0.1"),
        Decimal("0.1000000000000000000001"),
    ]


def test_no_number_is_a_float() -> None:
    values = json_text.parse(b"[1.5, 1E3, 7]")
    assert isinstance(values, list)
    assert [type(value) for value in values] == [Decimal, Decimal, int]


@pytest.mark.parametrize(
    "schema, good, bad",
    [
        ({"multipleOf": 0.01}, b"19.99", b"19.995"),
        ({"multipleOf": 0.01}, b"123456789012345678901.01", b"123456789012345678901.015"),
        ({"maximum": 2**64}, b"18446744073709551616", b"18446744073709551617"),
        ({"maximum": 19.99}, b"19.99", b"19.9900000000000000000001"),
        ({"type": "integer"}, b"1.0", b"1.0000000000000000000001"),
        ({"uniqueItems": True}, b"[18446744073709551616, 18446744073709551617]", b"[1, 1.0]"),
    ],
)
def test_the_engine_judges_the_exact_value(
    schema: dict[str, object], good: bytes, bad: bytes
) -> None:
    validator = jsonschema_rs.validator_for(schema)
    assert validator.is_valid(json_text.parse(good))
    assert not validator.is_valid(json_text.parse(bad))


def test_the_longest_numbers_are_read() -> None:
    longest = "9" * MAX_DIGITS
    assert json_text.parse(f"[{longest}, -{longest}]".encode()) == [int(longest), -int(longest)]


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    .filter(lambda number: abs(number.adjusted()) < 1000)
    .map(str)
    .map(Decimal)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


class _ExactEncoder(json.JSONEncoder):
    """Writes a decimal as a string, which is enough to keep every kind of token in play."""

    def default(self, o: object) -> object:
        return str(o)


@_unhurried
@given(value=_VALUES, indent=st.sampled_from([None, 0, 2]), ascii_only=st.booleans())
def test_parse_agrees_with_the_standard_parser(
    value: object, indent: int | None, *, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only, cls=_ExactEncoder)
    assert json_text.parse(text.encode()) == json.loads(text)
    assert syntax.find_flaw(text) is None


@_unhurried
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_a_decimal_comes_back_digit_by_digit(number: Decimal) -> None:
    text = f"{number:f}" if number.as_tuple().exponent else f"{number}.0"
    value = json_text.parse(text.encode())
    assert isinstance(value, Decimal)
    assert value.as_tuple() == Decimal(text).as_tuple()


@_unhurried
@given(st.text(alphabet='{}[]",:\\ \n01.-eEtrufalsn', max_size=30))
def test_the_walk_and_the_parser_refuse_the_same_texts(text: str) -> None:
    """A text that only one of the two refuses would end without a word on what is wrong."""
    error = _refusal_or_none(text.encode())
    flaw = syntax.find_flaw(text)
    assert (error and error.message) == (flaw and flaw.message)


@_unhurried
@given(_VALUES, st.data())
def test_any_text_with_one_character_changed_is_read_or_explained(
    value: object, data: st.DataObject
) -> None:
    text = json.dumps(value, cls=_ExactEncoder)
    at = data.draw(st.integers(0, len(text) - 1))
    changed = text[:at] + data.draw(st.sampled_from('{}[]",:\\ \x000e.-N')) + text[at + 1 :]
    error = _refusal_or_none(changed.encode())
    assert error is None or (error.hint and error.line and error.column)


@_unhurried
@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused_in_words(data: bytes) -> None:
    error = _refusal_or_none(data)
    assert error is None or (error.message and error.hint)
