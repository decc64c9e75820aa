"""Links lead to operations and parameters that exist, with expressions that can be read."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from orderspec.contract.lint.findings import Flaw
from orderspec.contract.lint.operations import parameters, resolved
from orderspec.contract.lint.subject import Steps, Subject
from orderspec.findings import Finding

_TOKEN = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"  # noqa: S105 (RFC 9110 names it so: no secret)
_EXPRESSION = re.compile(
    rf"\$(?:url|method|statusCode|(?:request|response)\.(?:header\.{_TOKEN}|query\.[^{{}}]+"
    r"|path\.[^{}]+|body(?:#(?:/(?:[^~{}]|~[01])*)?)?))"
)
_EMBEDDED = re.compile(r"\{(\$[^{}]*)\}")


def check_links(subject: Subject) -> Iterator[Finding]:
    """Links lead to an operation, fill parameters that it has, and read what an exchange holds."""
    operations = {
        str(operation.get("operationId")): (steps, operation)
        for steps, operation in subject.operations()
    }
    for steps, link in subject.links():
        for place, text in _texts(steps, link):
            yield from _expressions(subject, place, text)
        target = link.get("operationId")
        if target in operations:
            yield from _arguments(subject, steps, link, *operations[target])
        elif "operationRef" not in link:
            near = get_close_matches(str(target), operations, n=1)
            yield subject.finding(
                (*steps, "operationId"),
                Flaw(
                    "link-operation",
                    f"the link leads to no operation: {target!r}",
                    expected=f"did you mean {near[0]!r}?" if near else "the operationId of one",
                    got=target,
                ),
            )


def _texts(steps: Steps, link: Mapping[str, Any]) -> Iterator[tuple[Steps, str]]:
    for name in ("parameters", "requestBody"):
        yield from _strings((*steps, name), link.get(name))


def _strings(steps: Steps, value: Any) -> Iterator[tuple[Steps, str]]:
    match value:
        case str():
            yield steps, value
        case dict():
            for name, item in value.items():
                yield from _strings((*steps, name), item)
        case list():
            for index, item in enumerate(value):
                yield from _strings((*steps, str(index)), item)


def _expressions(subject: Subject, steps: Steps, text: str) -> Iterator[Finding]:
    expressions = [text] if text.startswith("$") else _EMBEDDED.findall(text)
    for expression in expressions:
        if not _EXPRESSION.fullmatch(expression):
            yield subject.finding(
                steps,
                Flaw(
                    "runtime-expression",
                    f"not a runtime expression: {expression!r}",
                    expected="such as $response.body#/order/id, $request.path.id or $statusCode",
                    got=expression,
                ),
            )


def _arguments(
    subject: Subject,
    steps: Steps,
    link: Mapping[str, Any],
    target: Steps,
    operation: Mapping[str, Any],
) -> Iterator[Finding]:
    known = parameters(subject.document, target)
    names = {str(entry.get("name")) for entry in known}
    names |= {f"{entry.get('in')}.{entry.get('name')}" for entry in known}
    given = link.get("parameters")
    given = given if isinstance(given, dict) else {}
    for name in given.keys() - names:
        near = get_close_matches(name, names, n=1)
        yield subject.finding(
            (*steps, "parameters", name),
            Flaw(
                "link-parameter",
                f"{operation.get('operationId')} has no parameter {name!r}",
                expected=f"did you mean {near[0]!r}?"
                if near
                else "one that the operation declares",
                got=name,
            ),
        )
    for entry in known:
        name = str(entry.get("name"))
        if entry.get("in") == "path" and not given.keys() & {name, f"path.{name}"}:
            yield subject.finding(
                steps,
                Flaw(
                    "link-parameter",
                    f"the link does not fill the path parameter {name!r}",
                    expected=f"parameters: {{{name}: $response.body#/…}}",
                ),
            )
    if "requestBody" in link and not resolved(subject.document, operation.get("requestBody")):
        yield subject.finding(
            (*steps, "requestBody"),
            Flaw(
                "link-body",
                f"{operation.get('operationId')} takes no body",
                expected="no requestBody, or another operation",
            ),
        )
