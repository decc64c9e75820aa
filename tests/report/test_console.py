"""Reports for people are short lines that no payload can break out of."""

import io
from dataclasses import replace

import pytest

from orderspec.report.console import finding_text, summary_text, takes_colour
from orderspec.report.summary import Summary
from orderspec.report.text import LONGEST, cut, printable
from tests.report.material import DOUBTFUL, HOSTILE, JUDGED, WRONG, tally_of

TITLES = {"shop-reference": "The Reference"}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_source_is_told_by_its_title_and_by_its_id_if_it_has_none() -> None:
    assert "    source    The Reference (stated)\n" in finding_text(WRONG, TITLES)
    assert "    source    shop-reference (stated)\n" in finding_text(WRONG, {})


def test_what_does_not_apply_is_left_out() -> None:
    bare = replace(WRONG, expected=None, got=None, evidence=None, keyword=None, file=None)
    text = finding_text(replace(bare, line=None, column=None), TITLES)
    assert text == (
        "error: expected a string, got 7\n    at        /buyer\n    clause    shop/Order\n"
    )


def test_the_root_of_a_document_is_told_in_words() -> None:
    assert "    at        the whole document\n" in finding_text(replace(WRONG, at=""), TITLES)


def test_an_expectation_that_is_the_message_is_not_said_twice() -> None:
    rule = replace(WRONG, message="A basket holds something", expected="A basket holds something")
    assert finding_text(rule, TITLES).count("A basket holds something") == 1


def test_a_payload_can_neither_add_a_line_nor_drive_the_terminal() -> None:
    lines = finding_text(DOUBTFUL, TITLES).splitlines()
    assert len(lines) == 7
    assert all(line.isprintable() for line in lines)


def test_wide_values_are_cut() -> None:
    lines = finding_text(replace(WRONG, got="x" * 5000), TITLES).splitlines()
    assert max(map(len, lines)) < LONGEST + 20
    assert any(line.endswith("x…") for line in lines)


def test_a_text_of_just_the_longest_length_is_left_whole() -> None:
    assert cut("abcd", 4) == "abcd"
    assert cut("abcde", 4) == "abc…"


@pytest.mark.parametrize(
    "text, shown",
    [
        ("naïve 日本 🍕 'a' \"b\" \\", "naïve 日本 🍕 'a' \"b\" \\"),
        ("a\nb\tc", "a\\u000ab\\u0009c"),
        ("\x1b[0m", "\\u001b[0m"),
        ("\x9b0m", "\\u009b0m"),
        ("\u202egnp", "\\u202egnp"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_only_what_is_no_visible_character_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    "environment, expected",
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colour_needs_a_terminal_and_no_objection(
    environment: dict[str, str], *, expected: bool
) -> None:
    assert takes_colour(Terminal(), environment) is expected
    assert takes_colour(io.StringIO(), environment) is False


def test_colour_adds_nothing_but_colour() -> None:
    coloured = finding_text(WRONG, TITLES, colour=True)
    assert "\x1b[31m" in coloured
    for code in ("\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m"):
        coloured = coloured.replace(code, "")
    assert coloured == finding_text(WRONG, TITLES)


def test_hostile_text_is_hostile() -> None:
    assert not HOSTILE.isprintable()


def test_documents_with_only_warnings_count_as_valid() -> None:
    assert tally_of(JUDGED, ()).summary == Summary(documents=3, valid=2, errors=2, warnings=1)


@pytest.mark.parametrize(
    "summary, unreadable, text",
    [
        (Summary(1, 1, 1, 1), 0, "1 document: 1 valid, 1 error, 1 warning\n"),
        (Summary(2, 0, 2, 0), 3, "2 documents: 0 valid, 2 errors, 0 warnings, 3 not judged\n"),
    ],
)
def test_the_last_line_counts(summary: Summary, unreadable: int, text: str) -> None:
    assert summary_text(summary, unreadable) == text
