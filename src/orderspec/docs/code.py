"""A request as a program: Python with httpx, JavaScript with fetch."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from orderspec.docs.excerpt import Rest, laid_out
from orderspec.docs.sent import Secret, Sent
from orderspec.exact_json import to_text as text
from orderspec.exchange import MISSING

_PYTHON_WORDS = {True: Rest("True"), False: Rest("False"), None: Rest("None")}
_WIDTH = 72
# A double carries whole numbers up to here.
_WHOLE = 2**53
_Pairs = Sequence[tuple[str, str | Secret]]
_Expand = Callable[[Secret], str]


def python(sent: Sent) -> str:
    """Write a request as a program for Python and httpx."""
    arguments = [text(sent.method), text(sent.address)]
    if sent.query:
        arguments.append(f"params={_query(sent.query)}")
    if sent.basic:
        arguments.append(f'auth=tuple(os.environ["{sent.basic.variable}"].split(":", 1))')
    headers, body = list(sent.headers), []
    if sent.body is not MISSING and _is_carried(sent.body, whole=False):
        body = [f"json={laid_out(_pythonic(sent.body))}"]
    elif sent.body is not MISSING:
        headers.append(("Content-Type", "application/json"))
        body = [f"content={text(text(sent.body))}"]
    if headers:
        arguments.append(f"headers={{{_joined(_members(headers, _python_secret))}}}")
    arguments += body
    call = f"answer = httpx.request({_joined(arguments)})"
    needs_secret = bool(sent.basic) or any(
        isinstance(value, Secret) for _, value in (*sent.query, *sent.headers)
    )
    lines = ["import os", ""] if needs_secret else []
    return "\n".join([*lines, "import httpx", "", call, "print(answer.status_code, answer.text)"])


def javascript(sent: Sent) -> str:
    """Write a request as a program for Node.js, or any other JavaScript that has fetch."""
    headers = list(sent.headers)
    if sent.body is not MISSING:
        headers.append(("Content-Type", "application/json"))
    written = _members(headers, _javascript_secret)
    if sent.basic:
        written.insert(0, f'"Authorization": "Basic " + btoa(process.env.{sent.basic.variable})')
    options = [f"method: {text(sent.method)}"]
    options += [f"headers: {{{_joined(written)}}}"] if written else []
    if sent.body is not MISSING:
        options.append(f"body: {_javascript_body(sent.body)}")
    call = f"const answer = await fetch({_address(sent)}, {{{_in_lines(options)}}});"
    return f"{call}\nconsole.log(answer.status, await answer.text());"


def _javascript_body(body: Any) -> str:
    if _is_carried(body, whole=True):
        return f"JSON.stringify({laid_out(body)})"
    return text(text(body))


def _is_carried(value: Any, *, whole: bool) -> bool:
    """Tell whether a double carries all numbers, whole ones only if asked; and names are names."""
    match value:
        case dict():
            return "__proto__" not in value and all(
                _is_carried(item, whole=whole) for item in value.values()
            )
        case list():
            return all(_is_carried(item, whole=whole) for item in value)
        case int() if not whole:
            return True
        case int():
            return abs(value) <= _WHOLE
        case Decimal():
            return Decimal(repr(float(value))) == value
        case _:
            return True


def _pythonic(value: Any) -> Any:
    match value:
        case dict():
            return {name: _pythonic(item) for name, item in value.items()}
        case list():
            return [_pythonic(item) for item in value]
        case bool() | None:
            return _PYTHON_WORDS[value]
        case _:
            return value


def _python_secret(secret: Secret) -> str:
    return f'os.environ["{secret.variable}"]'


def _javascript_secret(secret: Secret) -> str:
    return f"process.env.{secret.variable}"


def _value(value: str | Secret, expand: _Expand) -> str:
    if isinstance(value, str):
        return text(value)
    before = f"{text(value.before)} + " if value.before else ""
    return f"{before}{expand(value)}"


def _address(sent: Sent) -> str:
    """Write the address for JavaScript; what is secret is added when the program runs."""
    plain = urlencode([(name, value) for name, value in sent.query if isinstance(value, str)])
    address = sent.address + (f"?{plain}" if plain else "")
    words = [address]
    for name, value in sent.query:
        if isinstance(value, Secret):
            words[-1] += f"{'&' if '?' in address else '?'}{quote(name)}="
            words += [f"encodeURIComponent({_javascript_secret(value)})", ""]
            address += "?"
    written = (text(word) if index % 2 == 0 else word for index, word in enumerate(words))
    return " + ".join(word for word in written if word != '""')


def _query(query: _Pairs) -> str:
    """Write a query for Python: a mapping, or a list of pairs where a name stands twice."""
    names = [name for name, _ in query]
    if len(set(names)) == len(names):
        return f"{{{_joined(_members(query, _python_secret))}}}"
    pairs = (f"({text(name)}, {_value(value, _python_secret)})" for name, value in query)
    return f"[{_joined(list(pairs))}]"


def _members(pairs: _Pairs, expand: _Expand) -> list[str]:
    return [f"{text(name)}: {_value(value, expand)}" for name, value in pairs]


def _joined(items: Sequence[str]) -> str:
    whole = ", ".join(items)
    return whole if len(whole) <= _WIDTH and "\n" not in whole else _in_lines(items)


def _in_lines(items: Sequence[str]) -> str:
    return "\n" + "".join(f"{_indented(item)},\n" for item in items)


def _indented(item: str) -> str:
    return "\n".join(f"  {line}" for line in item.split("\n"))
