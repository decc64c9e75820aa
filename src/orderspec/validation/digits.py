"""Did a fast parser lose a digit, or a member? Told by the look of what was read and written."""

import re
from enum import Enum
from string import ascii_letters

# Digits and points become 0, so that numbers that matter are found by their look.
_LOOKS = bytes.maketrans(b"123456789.E+", b"0000000000e-")
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
# A double carries fifteen digits for sure, and 64 bits eighteen.
_MANY_DIGITS, _MOST_DIGITS = b"0" * 16, b"0" * 19
# Nineteen digits, or sixteen with a point, or an exponent; it stands in no string.
_LOSSY = re.compile(rb"(?:[:\[,]|^)\s*-?(?:[0-9]{19}|(?=[0-9.]{17})[0-9]*\.|[0-9.]+[eE])")

# Without digits, signs and all letters that no literal begins with, fractions begin so; an exponent
# is made to look like a point, and the start of a list like a comma.
_MARKS = bytes.maketrans(b"e[", b".,")
_NO_MARKS = b"0123456789-_{}]" + re.sub(rb"[eftn]", b"", ascii_letters.encode())
_MEMBER_IS_FRACTION, _ELEMENT_IS_FRACTION = b'":.', b",."


class Numbers(Enum):
    """What is known of the numbers of a text, after a parser that reads fractions as doubles."""

    INTS = "all of them are ints of at most eighteen digits"
    CARRIED = "there may be fractions, and doubles carry all of them"
    DOUBTFUL = "some digits may be lost"


def numbers_of(text: bytes, written: bytes) -> Numbers:
    """Look at the numbers of a JSON text.

    Args:
        text: as it was read.
        written: a list around what was read, as orjson writes it: an int that 64 bits do not hold
            has become a fraction.
    """
    if _may_hold_fractions(written):
        return Numbers.CARRIED if _is_carried(text) else Numbers.DOUBTFUL
    is_long = _MOST_DIGITS in written.translate(_DIGITS) and _LOSSY.search(written)
    return Numbers.DOUBTFUL if is_long else Numbers.INTS


def quotes(text: bytes) -> int:
    """Count the quotes of strings: of members that stand twice, a parser leaves one out."""
    if b"\\" in text:
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    return text.count(b'"')


def _may_hold_fractions(written: bytes) -> bool:
    """Tell of what orjson writes whether a number in it is a fraction, or a string looks so."""
    marks = written.translate(_MARKS, _NO_MARKS)
    return _MEMBER_IS_FRACTION in marks or _ELEMENT_IS_FRACTION in marks


def _is_carried(text: bytes) -> bool:
    """Tell whether doubles carry every number; those with an exponent are left to others."""
    return _is_plain(text) or _is_plain(_outside_strings(text)) or _LOSSY.search(text) is None


def _is_plain(text: bytes) -> bool:
    looks = text.translate(_LOOKS)
    return _MANY_DIGITS not in looks and b"0e" not in looks


def _outside_strings(text: bytes) -> bytes:
    """Leave out all that stands in strings; where a quote may be escaped, nothing."""
    return text if b"\\" in text else b"".join(text.split(b'"')[::2])
