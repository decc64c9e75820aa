"""The keywords of a schema that bind a value by itself, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from orderspec import exact_json

_WORDS = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} elements",
    "maxItems": "at most {} elements",
    "minContains": "at least {} that fit",
    "maxContains": "at most {} that fit",
    "minProperties": "at least {} members",
    "maxProperties": "at most {} members",
    "minimum": "≥ {}",
    "maximum": "≤ {}",
    "exclusiveMinimum": "> {}",
    "exclusiveMaximum": "< {}",
    "multipleOf": "multiple of {}",
    "pattern": "pattern {}",
    "format": "format {}",
    "const": "always {}",
    "default": "default {}",
}
_WAYS = {
    "x-names": "introduces: {}",
    "x-refers-to": "must exist: {}",
    "x-unify": "the same in all of a request: {}",
}
# What a shape shows in another way, or what binds nothing.
_ELSEWHERE = frozenset(
    {
        "$ref", "$defs", "$id", "$schema", "$comment", "$anchor", "type", "enum", "title",
        "description", "properties", "patternProperties", "required", "items", "prefixItems",
        "additionalProperties", "unevaluatedProperties", "propertyNames", "contains", "allOf",
        "anyOf", "oneOf", "not", "if", "then", "else", "readOnly", "writeOnly", "deprecated",
        "example", "examples", "externalDocs", "xml", "discriminator",
    }
)  # fmt: skip


def limits(schema: Mapping[str, Any]) -> Iterator[str]:
    """Say what binds a value; a keyword without words stands as it is written."""
    for keyword, value in schema.items():
        match keyword, value:
            case "uniqueItems", True:
                yield "no element twice"
            case "additionalProperties" | "unevaluatedProperties", False:
                yield "no other members"
            case "discriminator", {"propertyName": name}:
                yield f"told apart by {name}"
            case "items", False:
                yield "no other elements"
            case "required", list():
                known = schema.get("properties", {})
                yield from (f"with {name}" for name in value if name not in known)
            case str(), _ if keyword in _WORDS:
                words = _WORDS[keyword].format(_plain(value))
                yield words.removesuffix("s") if value == 1 else words
            case str(), _ if keyword not in _ELSEWHERE and not keyword.startswith("x-"):
                yield f"{keyword} {exact_json.to_text(value)}"


def ways(schema: Mapping[str, Any]) -> Iterator[str]:
    """Say how a value hangs together with others, and with what a server does."""
    if schema.get("x-fresh") is True:
        yield "new in every request"
    for keyword, words in _WAYS.items():
        if keyword in schema:
            yield words.format(schema[keyword])
    if schema.get("x-refusal") == "allowed":
        yield "a server may accept what breaks it"


def options(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """List the values that are allowed, as JSON but for texts; nothing where all are."""
    return tuple(_plain(value) for value in schema.get("enum", ()))


def example(schema: Mapping[str, Any]) -> str:
    """Give the first example of a value, as JSON but for texts, or nothing."""
    examples = schema.get("examples")
    given = examples[:1] if isinstance(examples, list) else []
    given += [schema["example"]] if "example" in schema else []
    return _plain(given[0]) if given else ""


def _plain(value: Any) -> str:
    return value if isinstance(value, str) and value else exact_json.to_text(value)
