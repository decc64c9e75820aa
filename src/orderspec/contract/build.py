"""Build the model of a contract from its bundled document."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from orderspec import pointer
from orderspec.contract.model import (
    Contract,
    Link,
    Operation,
    Parameter,
    ResponseSpec,
    Rule,
    SecurityScheme,
    Source,
)
from orderspec.errors import ContractError
from orderspec.findings import ClauseKind, Evidence, Level

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
RULES = "x-rules"
EVIDENCE = "x-evidence"
REFUSAL = "x-refusal"


def build(name: str, document: Mapping[str, Any], sources: Mapping[str, Source]) -> Contract:
    """Build the model.

    Args:
        name: the provider.
        document: a bundle: every `$ref` points into it.
        sources: the documents that it rests on.

    Raises:
        ContractError: an operation, link or rule is not whole.
    """
    operations = {operation.id: operation for operation in _operations(document)}
    for operation in operations.values():
        for link in operation.links:
            if link.target not in operations:
                message = f"link {link.name!r} of {operation.id} leads to no operation"
                raise ContractError(message, where=f"{name}: {link.target}")
            if link.after and operation.before(link) is None:
                message = f"link {link.name!r} of {operation.id} comes after none of its links"
                raise ContractError(message, where=f"{name}: {link.after}")
    schemas = document.get("components", {}).get("schemas", {})
    rules: dict[str, Rule] = {}
    for rule in _all_rules(document, operations):
        if rule.id in rules and rules[rule.id].where != rule.where:
            message = f"the rule id {rule.id!r} is taken twice: ids are permanent and unique"
            raise ContractError(message, where=rule.where)
        rules[rule.id] = rule
    return Contract(
        name=name,
        document=document,
        operations=operations,
        schemas={
            title: f"#/components/schemas/{pointer.escape(title)}" for title in sorted(schemas)
        },
        rules=rules,
        sources=sources,
    )


def evidence_at(document: Mapping[str, Any], steps: tuple[str, ...]) -> Evidence | None:
    """Find the nearest evidence upwards from a place in the document."""
    found: Evidence | None = None
    value: Any = document
    for step in (None, *steps):
        if step is not None:
            value = _child(value, step)
        if isinstance(value, dict) and EVIDENCE in value:
            found = evidence_of(value[EVIDENCE], pointer.join(steps))
    return found


def may_be_refused(document: Mapping[str, Any], reference: str, path: Iterable[str]) -> bool:
    """Tell whether a server need not refuse what breaks a keyword.

    Args:
        document: the contract's document.
        reference: JSON Pointer of the schema of the payload.
        path: how the keyword was reached from a reference to that schema, every `$ref` included.
    """
    value: Any = {"$ref": reference}
    for step in path:
        value = _child(value, step)
        if step == "$ref":
            value = pointer.follow(document, pointer.parse(str(value)))
        if isinstance(value, dict) and value.get(REFUSAL) == "allowed":
            return True
    return False


def evidence_of(value: Any, where: str) -> Evidence:
    """Read an ``x-evidence`` value.

    Raises:
        ContractError: it has no source, or no known level.
    """
    try:
        return Evidence(str(value["source"]), Level(value["level"]), str(value.get("note", "")))
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        message = "evidence needs a source and a level: stated, shown or inferred"
        raise ContractError(message, where=where) from problem


def rules_at(
    document: Mapping[str, Any], steps: tuple[str, ...], kind: ClauseKind = ClauseKind.RULE
) -> tuple[Rule, ...]:
    """Read the rules that stand at a place in the document."""
    holder = pointer.follow(document, steps)
    nearest = evidence_at(document, steps)
    rules = []
    for index, entry in enumerate(holder.get(RULES, ())):
        where = pointer.join((*steps, RULES, index))
        try:
            rule = Rule(
                id=entry["id"],
                check=entry["check"],
                message=entry["message"],
                when=entry.get("when"),
                each=entry.get("each"),
                refusal=entry.get("refusal", "required"),
                reachable=entry.get("reachable", True),
                kind=kind,
                evidence=nearest,
                where=where,
            )
        except (KeyError, TypeError, AttributeError) as problem:
            message = f"a rule needs id, check and message; missing: {problem}"
            raise ContractError(message, where=where) from problem
        if EVIDENCE in entry:
            rule = replace(rule, evidence=evidence_of(entry[EVIDENCE], where))
        rules.append(rule)
    return tuple(rules)


def _all_rules(document: Mapping[str, Any], operations: Mapping[str, Operation]) -> Iterator[Rule]:
    for operation in operations.values():
        yield from operation.rules
        for link in operation.links:
            yield from link.rules
    todo: list[tuple[Any, tuple[str, ...]]] = [
        (document.get("components", {}).get("schemas", {}), ("components", "schemas"))
    ]
    while todo:
        value, steps = todo.pop()
        if isinstance(value, list):
            todo.extend((item, (*steps, str(index))) for index, item in enumerate(value))
        elif isinstance(value, dict):
            if RULES in value:
                yield from rules_at(document, steps)
            todo.extend((item, (*steps, name)) for name, item in value.items() if name != RULES)


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield _operation(document, path, method, item)


def _operation(
    document: Mapping[str, Any], path: str, method: str, item: Mapping[str, Any]
) -> Operation:
    spec = item[method]
    steps = ("paths", path, method)
    identifier = spec.get("operationId") or f"{method.upper()} {path}"
    parameters = {}
    for entry in (*item.get("parameters", ()), *spec.get("parameters", ())):
        parameter = _parameter(document, _resolved(document, entry))
        parameters[parameter.location, parameter.name] = parameter
    body = _resolved(document, spec.get("requestBody", {}))
    responses = [
        _response(document, identifier, str(status), (*steps, "responses", status))
        for status in spec.get("responses", {})
    ]
    return Operation(
        id=identifier,
        method=method.upper(),
        path=path,
        parameters=tuple(parameters.values()),
        body=_body_schema(document, (*steps, "requestBody")) if body else None,
        body_required=bool(body.get("required")),
        responses={response.status: response for response in responses},
        security=_security(document, spec),
        rules=rules_at(document, steps),
        evidence=evidence_at(document, steps),
        offered=spec.get(REFUSAL) != "allowed",
    )


def _parameter(document: Mapping[str, Any], entry: Mapping[str, Any]) -> Parameter:
    """Read a parameter; its schema is whole, with the keywords of a schema that it refers to."""
    schema: dict[str, Any] = dict(entry.get("schema", {}))
    steps: tuple[str, ...] = ()
    met: set[tuple[str, ...]] = set()
    while "$ref" in schema:
        steps = _next(steps, schema.pop("$ref"), met)
        schema = {**pointer.follow(document, steps), **schema}
    return Parameter(entry["name"], entry["in"], bool(entry.get("required")), schema)


def _response(
    document: Mapping[str, Any], operation: str, status: str, steps: tuple[str, ...]
) -> ResponseSpec:
    place = landing(document, steps)
    spec = pointer.follow(document, place)
    links = tuple(
        _link(document, operation, name, landing(document, (*place, "links", name)))
        for name in spec.get("links", {})
    )
    return ResponseSpec(
        status.upper() if status != "default" else status,
        _body_schema(document, place),
        links,
        evidence_at(document, steps),
        frozenset(name.lower() for name in spec.get("content", {}) if "json" not in name),
    )


def _link(document: Mapping[str, Any], source: str, name: str, place: tuple[str, ...]) -> Link:
    spec = pointer.follow(document, place)
    return Link(
        name=name,
        source=source,
        target=spec.get("operationId", ""),
        parameters=spec.get("parameters", {}),
        request_body=spec.get("requestBody"),
        known=spec.get("x-known", {}),
        after=spec.get("x-after", ""),
        rules=rules_at(document, place, ClauseKind.LINK),
    )


def _body_schema(document: Mapping[str, Any], steps: tuple[str, ...]) -> str | None:
    """Give the pointer of a body's schema: the component where it is but a reference."""
    place = landing(document, steps)
    content = pointer.follow(document, place).get("content", {})
    for media_type, entry in content.items():
        if "json" in media_type and "schema" in entry:
            schema = entry["schema"]
            if isinstance(schema, dict) and set(schema) == {"$ref"}:
                return str(schema["$ref"])
            return pointer.fragment((*place, "content", media_type, "schema"))
    return None


def _security(
    document: Mapping[str, Any], spec: Mapping[str, Any]
) -> tuple[tuple[SecurityScheme, ...], ...]:
    schemes = document.get("components", {}).get("securitySchemes", {})
    alternatives = []
    for requirement in spec.get("security", document.get("security", ())):
        missing = [name for name in requirement if name not in schemes]
        if missing:
            message = f"security names the unknown scheme {missing[0]!r}"
            raise ContractError(message, where="#/components/securitySchemes")
        alternatives.append(
            tuple(_scheme(name, _resolved(document, schemes[name])) for name in requirement)
        )
    return tuple(alternatives)


def _scheme(name: str, spec: Mapping[str, Any]) -> SecurityScheme:
    if spec.get("type") == "apiKey":
        return SecurityScheme(name, "apiKey", "", spec["in"], spec["name"])
    scheme = str(spec.get("scheme", "bearer")).lower()
    return SecurityScheme(name, "http", scheme)


def _resolved(document: Mapping[str, Any], entry: Mapping[str, Any]) -> Mapping[str, Any]:
    steps: tuple[str, ...] = ()
    met: set[tuple[str, ...]] = set()
    while "$ref" in entry:
        steps = _next(steps, entry["$ref"], met)
        entry = pointer.follow(document, steps)
    return entry


def landing(document: Mapping[str, Any], steps: tuple[str, ...]) -> tuple[str, ...]:
    """Follow references from a place until something stands there itself.

    Raises:
        ContractError: they lead in a circle.
    """
    value = pointer.follow(document, steps)
    met: set[tuple[str, ...]] = set()
    while isinstance(value, dict) and "$ref" in value:
        steps = _next(steps, value["$ref"], met)
        value = pointer.follow(document, steps)
    return steps


def _next(steps: tuple[str, ...], reference: str, met: set[tuple[str, ...]]) -> tuple[str, ...]:
    target = pointer.parse(reference)
    if target in met:
        message = f"the reference {reference!r} leads back to itself"
        raise ContractError(message, where=pointer.join(steps))
    met.add(target)
    return target


def _child(value: Any, step: str) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and step.isdigit() and int(step) < len(value):
        return value[int(step)]
    return None
