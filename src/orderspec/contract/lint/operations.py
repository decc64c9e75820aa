"""Operations: ids, path parameters, bodies, and what requests may be asked for."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from orderspec import pointer
from orderspec.contract.lint.findings import Flaw
from orderspec.contract.lint.subject import Steps, Subject
from orderspec.findings import Finding

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_APPLICATORS = ("allOf", "anyOf", "oneOf")


def check_operations(subject: Subject) -> Iterator[Finding]:
    """Operations have an id of their own, declare their path's parameters, refer to bodies."""
    taken: set[str] = set()
    for steps, operation in subject.operations():
        yield from _identity(subject, steps, operation.get("operationId"), taken)
        yield from _path_parameters(subject, steps, operation)
        if subject.house:
            yield from _bodies(subject, steps, operation)
            yield from _read_only(subject, steps, operation)


def resolved(document: Mapping[str, Any], value: Any) -> Any:
    """Follow a reference object to what it names; a circle ends where it began."""
    met: set[str] = set()
    while isinstance(value, dict) and isinstance(value.get("$ref"), str):
        if value["$ref"] in met:
            return {}
        met.add(value["$ref"])
        value = pointer.follow(document, pointer.parse(value["$ref"]))
    return value


def parameters(document: Mapping[str, Any], steps: Steps) -> list[Mapping[str, Any]]:
    """List the parameters of the operation at a place, those of its path first."""
    item = pointer.follow(document, steps[:-1])
    listed = [*(item.get("parameters") or ()), *(item[steps[-1]].get("parameters") or ())]
    found = (resolved(document, entry) for entry in listed)
    return [entry for entry in found if isinstance(entry, dict)]


def _identity(
    subject: Subject, steps: Steps, identifier: Any, taken: set[str]
) -> Iterator[Finding]:
    if not identifier:
        yield subject.finding(
            steps,
            Flaw(
                "operation-id",
                "the operation has no operationId",
                expected="operationId: its name in links, reports and commands",
                severity=subject.severity,
            ),
        )
    elif str(identifier) in taken:
        yield subject.finding(
            (*steps, "operationId"),
            Flaw(
                "operation-id",
                f"the operationId {identifier!r} is taken already",
                expected="an id of its own",
                got=identifier,
            ),
        )
    taken.add(str(identifier))


def _path_parameters(
    subject: Subject, steps: Steps, operation: Mapping[str, Any]
) -> Iterator[Finding]:
    names = set(_PLACEHOLDER.findall(steps[1]))
    declared = {
        str(entry.get("name"))
        for entry in parameters(subject.document, steps)
        if entry.get("in") == "path"
    }
    at = (*steps, "parameters") if "parameters" in operation else steps
    for name in sorted(names - declared):
        yield subject.finding(
            at,
            Flaw(
                "path-parameter",
                f"the path has {{{name}}}, and no parameter declares it",
                expected=f"a parameter {name!r} in: path",
                got=steps[1],
            ),
        )
    for name in sorted(declared - names):
        yield subject.finding(
            at,
            Flaw(
                "path-parameter",
                f"the path parameter {name!r} has no place in the path",
                expected=f"{{{name}}} in the path, or no such parameter",
                got=steps[1],
            ),
        )


def _bodies(subject: Subject, steps: Steps, operation: Mapping[str, Any]) -> Iterator[Finding]:
    places = [(*steps, "requestBody")] if "requestBody" in operation else []
    places += [(*steps, "responses", status) for status in operation.get("responses") or {}]
    for place in places:
        at, holder = _landing(subject.document, place)
        content = holder.get("content") if isinstance(holder, dict) else None
        for media_type, entry in (content or {}).items():
            schema = entry.get("schema") if isinstance(entry, dict) else None
            if not isinstance(schema, dict) or schema.keys() != {"$ref"}:
                yield subject.finding(
                    (*at, "content", media_type, *(["schema"] if schema is not None else [])),
                    Flaw(
                        "inline-body",
                        "the body is not a reference",
                        expected="schema: {$ref: schemas/<noun>.yaml} and nothing beside it",
                    ),
                )


def _landing(document: Mapping[str, Any], steps: Steps) -> tuple[Steps, Any]:
    value, met = pointer.follow(document, steps), {steps}
    while isinstance(value, dict) and isinstance(value.get("$ref"), str):
        steps = pointer.parse(value["$ref"])
        if steps in met:
            break
        met.add(steps)
        value = pointer.follow(document, steps)
    return steps, value


def _read_only(subject: Subject, steps: Steps, operation: Mapping[str, Any]) -> Iterator[Finding]:
    """Find members that a request must hold and must not send."""
    if "requestBody" not in operation:
        return
    at, body = _landing(subject.document, (*steps, "requestBody"))
    content = body.get("content") if isinstance(body, dict) else None
    todo = [(*at, "content", media_type, "schema") for media_type in content or {}]
    met: set[Steps] = set()
    while todo:
        place = todo.pop()
        if place in met:
            continue
        met.add(place)
        try:
            schema = pointer.follow(subject.document, place)
        except KeyError:
            continue
        if not isinstance(schema, dict):
            continue
        yield from _required_read_only(subject, place, schema)
        todo.extend(_parts(place, schema))


def _required_read_only(
    subject: Subject, place: Steps, schema: Mapping[str, Any]
) -> Iterator[Finding]:
    properties, required = schema.get("properties"), schema.get("required")
    for index, name in enumerate(required if isinstance(required, list) else ()):
        member = properties.get(name) if isinstance(properties, dict) else None
        if isinstance(member, dict) and member.get("readOnly") is True:
            yield subject.finding(
                (*place, "required", str(index)),
                Flaw(
                    "required-read-only",
                    f"a request reaches this schema, which requires the read-only member {name!r}",
                    expected="a member that is sent, or one that is not required",
                    got=name,
                ),
            )


def _parts(place: Steps, schema: Mapping[str, Any]) -> Iterator[Steps]:
    """Give the schemas that a request's value is held against, read-only members left out."""
    if isinstance(schema.get("$ref"), str):
        yield pointer.parse(schema["$ref"])
    for keyword in _APPLICATORS:
        for index in range(len(schema.get(keyword) or ())):
            yield (*place, keyword, str(index))
    for keyword in ("items", "additionalProperties"):
        yield (*place, keyword)
    properties = schema.get("properties")
    for name, member in properties.items() if isinstance(properties, dict) else ():
        if not (isinstance(member, dict) and member.get("readOnly") is True):
            yield (*place, "properties", name)
