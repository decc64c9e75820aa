"""JSON text → exact values.

Integers become `int` of any size, all other numbers `decimal.Decimal`, never `float`: 19.99 stays
19.99 and 2**64 itself. jsonschema-rs takes both and judges `multipleOf`, `enum`, `uniqueItems` and
bounds on their exact value, and rules calculate with them as decimals. orjson is no help here: it
rounds integers of 2**64 and more, has no decimals, and hides repeated member names.
"""

import re

from orderspec.errors import ReadError
from orderspec.validation import syntax
from orderspec.validation.exact import DECODER
from orderspec.validation.nesting import is_too_deep
from orderspec.validation.positions import place

_SIGNATURES = (
    (b"\xef\xbb\xbf", "the text starts with a byte order mark (EF BB BF)", "without it"),
    (b"\xff\xfe\x00\x00", "the text is UTF-32 (little endian)", ""),
    (b"\x00\x00\xfe\xff", "the text is UTF-32 (big endian)", ""),
    (b"\xff\xfe", "the text is UTF-16 (little endian)", ""),
    (b"\xfe\xff", "the text is UTF-16 (big endian)", ""),
)
_ZERO_BYTES = (
    (re.compile(rb"[^\0]\0\0\0"), "the text seems to be UTF-32 (little endian)"),
    (re.compile(rb"\0\0\0[^\0]"), "the text seems to be UTF-32 (big endian)"),
    (re.compile(rb"[^\0]\0"), "the text seems to be UTF-16 (little endian)"),
    (re.compile(rb"\0[^\0]"), "the text seems to be UTF-16 (big endian)"),
)
_SAVE_AS_UTF8 = "JSON is exchanged in UTF-8 (RFC 8259): save it as UTF-8"
_GZIP = b"\x1f\x8b"


def decode(data: bytes) -> str:
    """Turn bytes into text.

    Raises:
        ReadError: they are not UTF-8, or start with a byte order mark; the likely encoding and the
            place of the first wrong byte are named.
    """
    _refuse_other_encodings(data[:4])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(data, error.start) from None


def parse(data: bytes) -> object:
    """Parse the bytes of one JSON document; `decode`, then `parse_text`."""
    return parse_text(decode(data))


def parse_text(text: str) -> object:
    """Parse one JSON document.

    Returns:
        dict, list, str, bool, None, int, or `Decimal` for a number with a point or exponent.

    Raises:
        ReadError: the text is no JSON, repeats a member name, or goes beyond the limits of
            `flaws`; with line, column and a way out.
    """
    if is_too_deep(text):
        raise _explained(text, "too deep")
    try:
        value = DECODER.decode(text)
    except ValueError as error:
        raise _explained(text, str(error)) from None
    # The standard parser lets half characters through; writing them out fails much later.
    if syntax.SURROGATE_ESCAPE.search(text) and syntax.find_flaw(text):
        raise _explained(text, "half a character")
    return value


def _explained(text: str, reason: str) -> ReadError:
    flaw = syntax.find_flaw(text)
    if flaw is None:
        return ReadError(f"the JSON cannot be read: {reason}")
    at = place(text, flaw.offset)
    return ReadError(flaw.message, flaw.hint, line=at.line, column=at.column)


def _refuse_other_encodings(head: bytes) -> None:
    if head.startswith(_GZIP):
        raise ReadError("the data is compressed with gzip", "Name the file .json.gz or .jsonl.gz.")
    for signature, message, addition in _SIGNATURES:
        if head.startswith(signature):
            raise ReadError(message, f"{_SAVE_AS_UTF8} {addition}".rstrip() + ".", line=1, column=1)
    for pattern, message in _ZERO_BYTES:
        if pattern.match(head):
            raise ReadError(message, f"{_SAVE_AS_UTF8}.", line=1, column=1)


def _not_utf8(data: bytes, offset: int) -> ReadError:
    line_start = data.rfind(b"\n", 0, offset) + 1
    byte = data[offset]
    reading = bytes([byte]).decode("cp1252", errors="ignore")
    return ReadError(
        f"the text is not UTF-8: byte 0x{byte:02X} at offset {offset}"
        + (f" would be {reading} in Latin-1 or Windows-1252" if reading else ""),
        f"{_SAVE_AS_UTF8}.",
        line=data.count(b"\n", 0, offset) + 1,
        column=len(data[line_start:offset].decode("utf-8")) + 1,
    )
