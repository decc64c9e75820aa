"""The form of a check, read from its text: what it compares, and which member that is."""

import re
from dataclasses import dataclass

_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\"[^\"\\]+\"\])*")
_STEP = re.compile(r"\.([A-Za-z_]\w*)|\[\"([^\"\\]+)\"\]")
_COMPARISONS = {
    "==": "",
    "!=": "other than ",
    "<=": "at most ",
    ">=": "at least ",
    "<": "less than ",
    ">": "more than ",
}

BETWEEN = "between "


@dataclass(frozen=True, slots=True)
class Form:
    """A check as ``got <comparison> expected``.

    Attributes:
        got: CEL of what was found, or None where the check has no such form.
        expected: CEL of what it is held against.
        words: how the comparison reads before the expected value: ``at most ``, or nothing.
        subject: the path that the check is about, such as ``self.total_money.amount``.
    """

    got: str | None = None
    expected: str | None = None
    words: str = ""
    subject: str | None = None


def form(check: str) -> Form:
    """Read the form of a check."""
    text = check.strip()
    called = _call(text)
    if called is not None:
        return _form_of_call(*called)
    if any(_split(text, operator) for operator in ("&&", "||", "?")):
        return Form()
    for operator, words in _COMPARISONS.items():
        sides = _split(text, operator)
        if sides is not None:
            got, expected = sides
            return Form(got, expected, words, _subject(got))
    return Form()


def steps(path: str) -> list[str]:
    """Split ``self.a["b"].c`` into ``["self", "a", "b", "c"]``."""
    head = re.match(r"\w+", path)
    first = head.group() if head else ""
    return [first, *(one or other for one, other in _STEP.findall(path[len(first) :]))]


def _form_of_call(name: str, arguments: list[str]) -> Form:
    match name, arguments:
        case "between", [got, low, high, _]:
            return Form(got, f"[{low}, {high}]", BETWEEN, _subject(got))
        case "near", [got, expected, _]:
            return Form(got, expected, "about ", _subject(got))
        case "same", [got, expected]:
            return Form(got, expected, "", _subject(got))
    subjects = [argument for argument in arguments if _subject(argument)]
    return Form(subject=subjects[-1] if subjects else None)


def _subject(text: str) -> str | None:
    return text if _PATH.fullmatch(text) else None


def _call(text: str) -> tuple[str, list[str]] | None:
    match = re.match(r"(\w+)\(", text)
    if not match or not text.endswith(")"):
        return None
    inner = text[match.end() : -1]
    if any(depth < 0 for _, depth, _ in _scan(inner)):
        return None
    arguments, start = [], 0
    for index, depth, quoted in _scan(inner):
        if inner[index] == "," and depth == 0 and not quoted:
            arguments.append(inner[start:index].strip())
            start = index + 1
    return match.group(1), [*arguments, inner[start:].strip()]


def _split(text: str, operator: str) -> tuple[str, str] | None:
    for index, depth, quoted in _scan(text):
        if depth or quoted or not text.startswith(operator, index):
            continue
        around = text[index - 1 : index] + text[index + len(operator) : index + len(operator) + 1]
        if len(operator) == 1 and set(around) & set("<>=!"):
            continue
        return text[:index].strip(), text[index + len(operator) :].strip()
    return None


def _scan(text: str) -> list[tuple[int, int, bool]]:
    """Give, for each character, its index, the depth of brackets it stands in, and if quoted."""
    marks, depth, quote = [], 0, ""
    for index, character in enumerate(text):
        if quote:
            quote = "" if character == quote and text[index - 1] != "\\" else quote
            marks.append((index, depth, True))
            continue
        if character in "'\"":
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        marks.append((index, depth, bool(quote)))
    return marks
