"""Did a fast parser lose a digit, or a member? Told by the look of the text."""

import re

# Digits and points become 0, so that numbers that matter are found by their look.
_LOOKS = bytes.maketrans(b"123456789.E+", b"0000000000e-")
# A double carries fifteen digits for sure.
_MANY_DIGITS = b"0" * 16
# Nineteen digits, or sixteen with a point, or an exponent; it stands in no string.
_LOSSY = re.compile(rb"(?:[:\[,]|^)\s*-?(?:[0-9]{19}|(?=[0-9.]{17})[0-9]*\.|[0-9.]+[eE])")


def are_carried(text: bytes) -> bool:
    """Tell whether doubles carry every number of a JSON text that they have to.

    Numbers with an exponent are left to others, and ints of more than eighteen digits: 64 bits may
    not hold them.
    """
    return _is_plain(text) or _is_plain(_outside_strings(text)) or _LOSSY.search(text) is None


def strings(text: bytes) -> int:
    """Count the strings of a JSON text: of members that stand twice, a parser leaves one out."""
    if b"\\" in text:
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    return text.count(b'"') // 2


def _is_plain(text: bytes) -> bool:
    looks = text.translate(_LOOKS)
    return _MANY_DIGITS not in looks and b"0e" not in looks


def _outside_strings(text: bytes) -> bytes:
    """Leave out all that stands in strings; where a quote may be escaped, nothing."""
    return text if b"\\" in text else b"".join(text.split(b'"')[::2])
