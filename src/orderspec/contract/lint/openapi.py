"""The document as OpenAPI: valid as a whole, every component in use."""

import re
from collections.abc import Iterator
from typing import Any

from orderspec import pointer
from orderspec.contract.bundle import FILE_KEYWORD, published
from orderspec.contract.lint.files import references
from orderspec.contract.lint.findings import Flaw
from orderspec.contract.lint.subject import SCHEMAS, Steps, Subject
from orderspec.contract.lint.tables import table_references
from orderspec.errors import ContractError
from orderspec.findings import Finding

_UNEXPECTED = re.compile(r"\('([^']+)' was unexpected\)")
_OURS = frozenset({"DuplicateOperationIDError", "UnresolvableParameterError"})


def check_openapi(subject: Subject) -> tuple[list[Finding], list[Finding]]:
    """The bundle is valid as openapi-spec-validator sees it.

    Returns:
        What it finds at a place of the document, and what it finds without one: the latter
        repeats a finding about a schema, unless it is the only voice.

    Raises:
        ContractError: the document is so far from OpenAPI that the validator gives up.
    """
    placed: list[Finding] = []
    placeless: list[Finding] = []
    try:
        for error in _errors(subject):
            steps = tuple(str(step) for step in getattr(error, "absolute_path", ()))
            found = bool(steps) and _exists(subject.bundled, steps)
            finding = _finding(subject, steps if found else (), str(error.message))
            (placed if found else placeless).append(finding)
    except (AssertionError, AttributeError, KeyError, TypeError) as problem:
        if not placed:
            message = f"no OpenAPI description that can be checked: {type(problem).__name__}"
            raise ContractError(message, where=str(subject.description)) from problem
    return placed, placeless


def _finding(subject: Subject, steps: Steps, message: str) -> Finding:
    first = message.splitlines()[0]
    unexpected = _UNEXPECTED.search(first)
    at = (*steps, unexpected.group(1)) if steps and unexpected else steps
    return subject.finding(
        at, Flaw("openapi", first, expected="what the OpenAPI specification has at this place")
    )


def _errors(subject: Subject) -> Iterator[Any]:
    from openapi_spec_validator import (  # noqa: PLC0415 (half a second that only lint needs)
        OpenAPIV30SpecValidator,
        OpenAPIV31SpecValidator,
        OpenAPIV32SpecValidator,
    )

    validators: dict[str, Any] = {"3.0": OpenAPIV30SpecValidator, "3.1": OpenAPIV31SpecValidator}
    version = str(subject.bundled["openapi"])[:3]
    validator = validators.get(version, OpenAPIV32SpecValidator)
    for error in validator(published(subject.bundled)).iter_errors():
        if type(error).__name__ not in _OURS:
            yield error


def _exists(document: Any, steps: Steps) -> bool:
    try:
        pointer.follow(document, steps)
    except KeyError:
        return False
    return True


def check_reach(subject: Subject) -> Iterator[Finding]:
    """Every schema file and every component is reached from an operation or a document's table."""
    if not subject.house:
        return
    document = subject.document
    components = document.get("components", {})
    outside = {name: item for name, item in document.items() if name != "components"}
    todo: list[Any] = [outside, *table_references(subject)]
    reached: set[Steps] = set()
    while todo:
        for _, reference in references(todo.pop()):
            target = pointer.parse(reference)[:3]
            if target not in reached and target[:1] == ("components",):
                reached.add(target)
                todo.append(pointer.follow(document, target))
    for kind, items in components.items():
        if kind == "securitySchemes" or not isinstance(items, dict):
            continue
        for name, item in items.items():
            if ("components", kind, name) not in reached:
                yield _unreached(subject, (*SCHEMAS[:1], kind, name), item)


def _unreached(subject: Subject, steps: Steps, item: Any) -> Finding:
    in_file = isinstance(item, dict) and FILE_KEYWORD in item
    noun = "schema file" if in_file else "component"
    return subject.finding(
        steps,
        Flaw(
            "unreachable",
            f"no operation and no table reaches this {noun}: {steps[-1]}",
            expected="a $ref that leads here, a table of it in sources.yaml, or nothing here",
        ),
    )
