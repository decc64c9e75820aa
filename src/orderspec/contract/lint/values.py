"""Values that a contract itself holds: examples, defaults and enumerated values are valid."""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

from orderspec import pointer
from orderspec.contract.lint.findings import Flaw
from orderspec.contract.lint.subject import Steps, Subject
from orderspec.findings import Finding


def check_values(subject: Subject) -> Iterator[Finding]:
    """Examples, defaults and enumerated values are valid against the schema they illustrate."""
    for steps, schema in subject.schemas():
        yield from _enumerated(subject, steps, schema)
        listed = schema.get("examples")
        values = [
            ((*steps, "examples", str(index)), value)
            for index, value in enumerate(listed if isinstance(listed, list) else ())
        ]
        values += [
            ((*steps, name), schema[name]) for name in ("default", "example") & schema.keys()
        ]
        yield from _illustrations(subject, steps, values)
    for steps, members in subject.objects():
        if "schema" in members:
            values = [((*steps, "example"), members["example"])] if "example" in members else []
            named = members.get("examples")
            for name, entry in named.items() if isinstance(named, dict) else ():
                if isinstance(entry, dict) and "value" in entry:
                    values.append(((*steps, "examples", name, "value"), entry["value"]))
            yield from _illustrations(subject, (*steps, "schema"), values)


def _illustrations(
    subject: Subject, steps: Steps, values: list[tuple[Steps, Any]]
) -> Iterator[Finding]:
    if not values:
        return
    kept = {
        name: subject.document[name] for name in ("paths", "components") & subject.document.keys()
    }
    judge = _validator({**kept, "$ref": pointer.fragment(steps)})
    for at, value in values:
        for error in judge.iter_errors(value) if judge else ():
            place = (*at, *(str(step) for step in error.instance_path))
            yield subject.finding(
                place,
                Flaw(
                    "example",
                    f"the value is not valid against its own schema: {error.message}",
                    expected="a value that the schema allows, or a schema that allows the value",
                    got=error.instance,
                    severity=subject.severity,
                ),
            )


def _enumerated(subject: Subject, steps: Steps, schema: Mapping[str, Any]) -> Iterator[Finding]:
    if "type" not in schema:
        return
    judge = _validator({"type": schema["type"]})
    listed = schema.get("enum")
    values = [
        ((*steps, "enum", str(index)), value)
        for index, value in enumerate(listed if isinstance(listed, list) else ())
    ]
    values += [((*steps, "const"), schema["const"])] if "const" in schema else []
    for at, value in values:
        if judge and not judge.is_valid(value):
            yield subject.finding(
                at,
                Flaw(
                    "enum-type",
                    f"{value!r} is not of the type beside it",
                    expected=f"a value of type {schema['type']!r}; quote what is to be text",
                    got=value,
                ),
            )


def _validator(schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator | None:
    """Compile a schema; None where it is broken, which the metaschema check tells."""
    try:
        return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)
    except (ValueError, jsonschema_rs.ReferencingError):
        return None
