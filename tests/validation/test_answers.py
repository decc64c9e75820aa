"""What an answer's bytes say."""

import pytest

from orderspec.validation.answers import response_of


@pytest.mark.parametrize(
    "raw,text",
    [
        (rb'"\ud83d\ude00"', "😀"),
        (rb'"\ud83d"', "\ufffd"),
        (rb'"\uDE00\ud83d\uDE00\ud83d\n"', "\ufffd😀\ufffd\n"),
        (rb'"\\ud83d"', r"\ud83d"),
        (rb'"\\\ud83d"', "\\\ufffd"),
        (rb'"\\ud83d\ude00"', "\\ud83d\ufffd"),
        (rb'"\"\u00e4"', '"ä'),
    ],
)
def test_half_a_pair_of_surrogates_is_read_as_the_replacement_character(
    raw: bytes, text: str
) -> None:
    answer = response_of(200, {}, raw)
    assert (answer.body, answer.raw) == (text, raw)
