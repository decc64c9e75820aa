"""Text that may go to a terminal or into XML whatever a payload holds."""

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


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 (four digits)
