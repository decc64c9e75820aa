"""Every keyword is known, stands where it counts, and has a value that it can have."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

import jsonschema_rs

from orderspec.contract.build import REFUSAL
from orderspec.contract.lint.findings import Flaw
from orderspec.contract.lint.subject import SCHEMAS, Steps, Subject
from orderspec.contract.lint.vocabulary import (
    EVERYWHERE,
    FORMATS,
    ON_BUNDLED_FILES,
    ON_RULED_OBJECTS,
    ON_SCHEMAS,
    STANDARD,
)
from orderspec.contract.topics import KEYWORD as TOPICS_KEYWORD
from orderspec.contract.topics import TOPICS
from orderspec.findings import Finding

_TEXT = frozenset({"x-refers-to", "x-names", "x-unify"})


def check_schemas(subject: Subject) -> Iterator[Finding]:
    """Schemas use keywords that mean something, with values that they can have."""
    for steps, root in subject.roots():
        yield from _metaschema(subject, steps, root)
    for steps, schema in subject.schemas():
        yield from _unknown(subject, steps, schema)
        yield from _format(subject, steps, schema)
        if subject.house:
            yield from _own(subject, steps, schema)
            yield from _required(subject, steps, schema)


def check_extensions(subject: Subject) -> Iterator[Finding]:
    """Outside of schemas, an x- keyword is one that the kit reads at that place."""
    if not subject.house:
        return
    ruled = {steps for steps, _ in subject.operations()} | {steps for steps, _ in subject.links()}
    for steps, members in subject.objects():
        allowed = EVERYWHERE | (ON_RULED_OBJECTS if steps in ruled else {})
        allowed |= {} if steps else ON_BUNDLED_FILES
        yield from _topics(subject, steps, members)
        for name in members:
            if name.startswith("x-") and name not in allowed:
                misplaced = name in ON_SCHEMAS
                yield subject.finding(
                    (*steps, name),
                    Flaw(
                        "misplaced-keyword" if misplaced else "unknown-keyword",
                        f"{name!r} means nothing here"
                        if misplaced
                        else f"unknown keyword {name!r}",
                        expected=_expected(name, allowed),
                        got=name,
                    ),
                )


def _metaschema(subject: Subject, steps: Steps, root: Any) -> Iterator[Finding]:
    for error in _judge().iter_errors(root):
        at = (*steps, *(str(step) for step in error.instance_path))
        keyword = next((step for step in reversed(at) if step in STANDARD), at[-1])
        yield subject.finding(
            at,
            Flaw(
                "metaschema",
                f"{keyword!r} cannot have this value: {error.message}",
                expected=f"a value that JSON Schema 2020-12 allows for {keyword!r}",
                got=error.instance,
            ),
        )


@cache
def _judge() -> jsonschema_rs.Draft202012Validator:
    metaschema = {"$ref": "https://json-schema.org/draft/2020-12/schema"}
    return jsonschema_rs.Draft202012Validator(metaschema, validate_formats=True, offline=True)


def _unknown(subject: Subject, steps: Steps, schema: Mapping[str, Any]) -> Iterator[Finding]:
    allowed = STANDARD | EVERYWHERE.keys() | ON_SCHEMAS.keys()
    if steps[:-1] == SCHEMAS:
        allowed |= ON_BUNDLED_FILES.keys()
    for keyword in schema:
        if keyword in allowed or (keyword.startswith("x-") and not subject.house):
            continue
        yield subject.finding(
            (*steps, keyword),
            Flaw(
                "unknown-keyword",
                f"unknown keyword {keyword!r}: every validator passes over it",
                expected=_expected(keyword, allowed),
                got=keyword,
                severity=subject.severity,
            ),
        )


def _format(subject: Subject, steps: Steps, schema: Mapping[str, Any]) -> Iterator[Finding]:
    name = schema.get("format")
    if isinstance(name, str) and name not in FORMATS:
        yield subject.finding(
            (*steps, "format"),
            Flaw(
                "unknown-format",
                f"unknown format {name!r}: nothing checks it",
                expected=_expected(name, FORMATS),
                got=name,
                severity=subject.severity,
            ),
        )


def _own(subject: Subject, steps: Steps, schema: Mapping[str, Any]) -> Iterator[Finding]:
    for keyword in _TEXT & schema.keys():
        if not isinstance(schema[keyword], str) or not schema[keyword].strip():
            yield _wrong_value(subject, (*steps, keyword), "a noun, such as location")
    yield from _topics(subject, steps, schema)
    if schema.get("x-fresh", True) is not True:
        yield _wrong_value(subject, (*steps, "x-fresh"), "true, or no x-fresh at all")
    if schema.get(REFUSAL, "allowed") != "allowed":
        yield _wrong_value(subject, (*steps, REFUSAL), "allowed, or no x-refusal at all")


def _topics(subject: Subject, steps: Steps, members: Mapping[str, Any]) -> Iterator[Finding]:
    said = members.get(TOPICS_KEYWORD, {})
    if not isinstance(said, dict):
        yield _wrong_value(subject, (*steps, TOPICS_KEYWORD), "topics, each with words on it")
        return
    for topic, words in said.items():
        at = (*steps, TOPICS_KEYWORD, topic)
        if topic not in TOPICS:
            yield _wrong_value(subject, at, f"a topic: {', '.join(TOPICS)}")
        elif not isinstance(words, str) or not words.strip():
            yield _wrong_value(subject, at, "a few words on the topic")


def _wrong_value(subject: Subject, steps: Steps, expected: str) -> Finding:
    return subject.finding(
        steps, Flaw("keyword-value", f"{steps[-1]!r} cannot have this value", expected=expected)
    )


def _required(subject: Subject, steps: Steps, schema: Mapping[str, Any]) -> Iterator[Finding]:
    properties, required = schema.get("properties"), schema.get("required")
    if not isinstance(properties, dict) or not isinstance(required, list):
        return
    if schema.keys() & {"$ref", "allOf", "anyOf", "oneOf"}:
        return
    for index, name in enumerate(required):
        if isinstance(name, str) and name not in properties:
            yield subject.finding(
                (*steps, "required", str(index)),
                Flaw(
                    "unknown-required",
                    f"requires {name!r}, which is no property here",
                    expected=_expected(name, properties),
                    got=name,
                ),
            )


def _expected(name: str, known: Mapping[str, Any] | frozenset[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    return "one that is known here, or none (spec/README.md lists them)"
