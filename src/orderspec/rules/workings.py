"""How an expected value was reckoned, with the numbers of the payload in it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from orderspec.rules.compiled import FAILURES, evaluator_of
from orderspec.rules.nodes import Binary, Call, Conditional, Literal, Node
from orderspec.rules.syntax import parse
from orderspec.rules.tokens import UnsupportedError
from orderspec.rules.view import to_number

_MOST_TERMS = 8
Value = Callable[[Node], Any]


def workings(
    source: str, variables: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]
) -> str:
    """Write an expression as a sum on paper: ``4500 - 346 + 374``.

    Args:
        source: CEL that was evaluated already.
        variables: as in `Scope`.
        functions: as in `Scope`.

    Returns:
        The sum; nothing where nothing is reckoned, or it is no plain sum.
    """

    def value(node: Node) -> Any:
        return evaluator_of(node)(variables, functions)

    try:
        terms = _terms(parse(source), value)
    except (UnsupportedError, *FAILURES):
        return ""
    text = _joined(terms)
    return text if terms and (len(terms) > 1 or not _is_number(text)) else ""


def _terms(node: Node, value: Value) -> list[tuple[str, str]]:
    """Split into signs and terms; terms that are nothing are left out."""
    match node:
        case Binary("+" | "-" as sign, left, right):
            after = _terms(right, value)
            if sign == "-" and len(after) > 1:
                after = [("-", f"({_joined(after)})")]
            elif sign == "-":
                after = [("-" if one == "+" else "+", term) for one, term in after]
            return [*_terms(left, value), *after]
        case Conditional(condition, then, other):
            return _terms(then if value(condition) else other, value)
        case Call("sum", (elements,)):
            return _summed(value(elements))
        case Call("times", (one, other)) | Binary("*", one, other):
            return [("+", f"{_factor(one, value)} * {_factor(other, value)}")]
        case Call("percent", (amount, share)):
            return [("+", f"{_number(value(share))} % of {_factor(amount, value)}")]
    number = value(node)
    return [] if _is_nothing(number) else [("+", _number(number))]


def _summed(values: Any) -> list[tuple[str, str]]:
    numbers = [_number(one) for one in values if not _is_nothing(one)]
    if len(numbers) > _MOST_TERMS:
        return [("+", f"the sum of {len(values)} numbers")]
    return [("+", number) for number in numbers]


def _factor(node: Node, value: Value) -> str:
    if isinstance(node, Literal):
        return _number(node.value)
    terms = _terms(node, value)
    text = _joined(terms) or "0"
    return text if len(terms) < 2 and " " not in text else f"({text})"  # noqa: PLR2004 (one term)


def _joined(terms: list[tuple[str, str]]) -> str:
    text = ""
    for sign, term in terms:
        if text:
            text += f" {sign} {term}"
        else:
            text = term if sign == "+" else f"-{term}"
    return text


def _number(value: Any) -> str:
    number = to_number(value)
    if number is None:
        raise TypeError("not a number")
    return format(number, "f")


def _is_nothing(value: Any) -> bool:
    return to_number(value) == Decimal(0)


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).lstrip("-").isdecimal()
