"""From a schema error to words: what was expected, what was found, and the intended branch."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from orderspec import exact_json
from orderspec.validation.names import known_names, names_around, nearest, stands_at

LONGEST = 60
_TYPE_NAMES = {
    "object": "an object",
    "array": "an array",
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}
_BOUNDS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "a multiple of {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} elements",
    "maxItems": "at most {} elements",
    "minProperties": "at least {} members",
    "maxProperties": "at most {} members",
    "pattern": "a text that matches {}",
    "format": "a text in the format {}",
}

_COUNTS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")


@dataclass(frozen=True, slots=True)
class SchemaError:
    """One failed keyword.

    Attributes:
        at: path of the value in the payload.
        keyword: the keyword that failed.
        schema_path: path of the keyword in the contract's document.
        evaluation_path: how the keyword was reached from a reference to the schema of the payload,
            every `$ref` included.
        expected: in words.
        got: in words, short.
        message: one sentence.
    """

    at: tuple[str | int, ...]
    keyword: str
    schema_path: tuple[str, ...]
    expected: str
    got: str
    message: str
    evaluation_path: tuple[str, ...] = ()


def explain(errors: Iterator[Any], document: Mapping[str, Any], payload: Any) -> list[SchemaError]:
    """Explain what a validator reported, each independent failure once.

    Args:
        errors: ``jsonschema_rs`` validation errors.
        document: the contract's document, to look up what a keyword said.
        payload: the value that was judged, to look at the members around an error.
    """
    explained: dict[tuple[Any, ...], SchemaError] = {}
    for error in errors:
        for leaf in _leaves(error, document, payload):
            told = _one(leaf, document, payload)
            one = replace(told, evaluation_path=tuple(map(str, leaf.evaluation_path)))
            explained.setdefault((one.at, one.keyword, one.message), one)
    return list(explained.values())


def _leaves(error: Any, document: Mapping[str, Any], payload: Any) -> Iterator[Any]:
    """Replace a failed oneOf or anyOf by the errors of the branch that was meant."""
    branches = getattr(error.kind, "context", None)
    if error.kind.name not in ("oneOf", "anyOf") or not branches or not all(branches):
        yield error
        return
    if all(len(branch) == 1 and _here(branch[0], error, "required") for branch in branches):
        yield error
        return
    if all(len(branch) == 1 and _here(branch[0], error, "type") for branch in branches):
        yield error
        return
    depth = len(error.instance_path)
    _, value = _place(payload, error.instance_path)
    path = tuple(str(step) for step in error.schema_path)
    schemas = [stands_at(document, (*path, str(index))) for index in range(len(branches))]
    intended, _ = min(
        zip(branches, schemas, strict=True),
        key=lambda pair: _distance(pair[0], depth, _strangers(value, pair[1], document)),
    )
    for inner in intended:
        yield from _leaves(inner, document, payload)


def _here(inner: Any, outer: Any, keyword: str) -> bool:
    return bool(inner.kind.name == keyword and inner.instance_path == outer.instance_path)


def _distance(branch: list[Any], depth: int, strangers: int) -> tuple[int, int, int, int]:
    """Rank a branch: a wrong type or constant right here says that it was not meant.

    Next come the members that it does not know, and those that it misses.
    """
    here = [error for error in branch if len(error.instance_path) == depth]
    not_meant = sum(error.kind.name == "type" for error in here)
    constants = sum(
        error.kind.name in ("const", "enum") and len(error.instance_path) <= depth + 1
        for error in branch
    )
    missing = sum(error.kind.name == "required" for error in here)
    return (not_meant + constants, strangers, missing, len(branch))


def _strangers(value: Any, schema: Any, document: Mapping[str, Any]) -> int:
    """Count the members of an object that a schema does not name."""
    return len(value.keys() - known_names(schema, document)) if isinstance(value, dict) else 0


def _one(error: Any, document: Mapping[str, Any], payload: Any) -> SchemaError:
    at, value = _place(payload, error.instance_path)
    keyword = str(error.kind.name)
    path = tuple(str(step) for step in error.schema_path)
    expected, got = _expected(error, document, path), shown(value)
    if keyword == "required":
        name = error.kind.property
        expected = f"a member {name!r}"
        got = _names(value)
        message = f"the member {name!r} is missing" + _meant([name], value, document, path)
        return SchemaError(at, keyword, path, expected, got, message)
    if keyword in ("additionalProperties", "unevaluatedProperties"):
        names = ", ".join(repr(name) for name in error.kind.unexpected)
        left = names_around(document, path) - value.keys()
        message = f"unknown member {names}" + _misspelt(error.kind.unexpected, left)
        return SchemaError(at, keyword, path, "no other members", names, message)
    if keyword == "oneOf" and _several(error):
        message = f"more than one of its alternatives fits: {expected}"
        return SchemaError(at, keyword, path, expected, got, message)
    if keyword in ("oneOf", "anyOf"):
        choices = [name for branch in stands_at(document, path) for name in _required(branch)]
        got = _names(value) if choices else got
        message = f"expected {expected}, got {got}" + _meant(choices, value, document, path)
        return SchemaError(at, keyword, path, expected, got, message)
    if keyword == "propertyNames":
        message = f"a member's name is not allowed: {error.message}"
        return SchemaError(at, keyword, path, "allowed member names", _names(value), message)
    if keyword == "maxLength" and isinstance(value, str):
        got = counted(len(value), "character")
    if keyword in ("minItems", "maxItems") and isinstance(value, list):
        got = counted(len(value), "element")
    return SchemaError(at, keyword, path, expected, got, f"expected {expected}, got {got}")


def counted(number: int, noun: str) -> str:
    """Write a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _several(error: Any) -> bool:
    context = getattr(error.kind, "context", [])
    return sum(not branch for branch in context) > 1


def _expected(error: Any, document: Mapping[str, Any], path: tuple[str, ...]) -> str:
    keyword = str(error.kind.name)
    said = stands_at(document, path)
    if keyword in _BOUNDS:
        words = _BOUNDS[keyword].format(said)
        return words.removesuffix("s") if said == 1 and keyword in _COUNTS else words
    match keyword, said:
        case "type", list() | str():
            types = said if isinstance(said, list) else [said]
            words = _either([_TYPE_NAMES.get(str(name), str(name)) for name in types])
        case "enum", list():
            words = "one of " + ", ".join(shown(option) for option in said)
        case "const", _:
            words = shown(said)
        case "oneOf" | "anyOf", list():
            lead = "exactly one of " if keyword == "oneOf" else "one of "
            words = lead + ", ".join(_branch(branch) for branch in said)
        case "uniqueItems", _:
            words = "no element twice"
        case _:
            words = f"a value that {keyword} allows"
    return words


def _branch(branch: Any) -> str:
    """Name an alternative by what sets it apart."""
    if not isinstance(branch, dict):
        return shown(branch)
    if "title" in branch:
        return str(branch["title"])
    if "$ref" in branch:
        return str(branch["$ref"]).rsplit("/", 1)[-1]
    if "required" in branch:
        return " and ".join(repr(name) for name in branch["required"])
    kind = branch.get("type")
    return _TYPE_NAMES.get(kind, kind) if isinstance(kind, str) else shown(branch)


def _required(branch: Any) -> list[str]:
    return list(branch.get("required", ())) if isinstance(branch, dict) else []


def _meant(
    missing: list[str], value: Any, document: Mapping[str, Any], path: tuple[str, ...]
) -> str:
    """Point at a member that is there under nearly the name of a missing one."""
    if not isinstance(value, dict):
        return ""
    strangers = value.keys() - names_around(document, path)
    for name in missing:
        near = nearest(name, strangers)
        if near:
            return f"; {near!r} is there: did you mean {name!r}?"
    return ""


def _misspelt(unknown: Iterable[str], left: Collection[str]) -> str:
    """Point at the members that were perhaps meant by unknown ones, of those left to be given."""
    meant = (nearest(name, left) for name in unknown)
    near = ", ".join(repr(name) for name in meant if name)
    return f": did you mean {near}?" if near else ""


def _names(value: Any) -> str:
    if not isinstance(value, dict):
        return shown(value)
    return "an object without members" if not value else "only " + ", ".join(map(repr, value))


def _either(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " or " + names[-1]


def _place(payload: Any, steps: Iterable[str | int]) -> tuple[tuple[str | int, ...], Any]:
    """Follow a path; the validator writes a member whose name is a number as an index."""
    value, at = payload, []
    for step in steps:
        typed = str(step) if isinstance(value, dict) else step
        at.append(typed)
        value = value[typed]
    return tuple(at), value


def shown(value: Any) -> str:
    """Write a value as JSON, cut to one short line."""
    try:
        text = exact_json.to_text(value)
    except TypeError:
        text = str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
