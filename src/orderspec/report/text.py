"""Text that may go to a terminal or into XML whatever a payload holds."""

from typing import Any

from orderspec import exact_json

LONGEST = 240


def printable(text: str) -> str:
    r"""Escape control, formatting and invalid characters, so that none can drive a terminal.

    ``"\x1b[2J"`` becomes ``"\\u001b[2J"``; letters, digits, signs and spaces stay.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def cut(text: str, longest: int = LONGEST) -> str:
    """Shorten a text to one line of at most `longest` characters; an ellipsis marks the cut."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def told(value: Any) -> str:
    """Write what was expected or found: words as they are, any other value as JSON."""
    return value if isinstance(value, str) else exact_json.to_text(value)


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 (four digits)
