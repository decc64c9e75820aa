"""Which members schemas name, and which of them was meant by a name that is nearly right."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from orderspec import pointer

_NEAR = 0.7
_SAME_PLACE = ("allOf", "anyOf", "oneOf")
# Steps of a schema's path that lead on to another place of the payload, or to another schema.
_STEPS_AWAY = {
    **dict.fromkeys(("$defs", "schemas", "properties", "patternProperties", "prefixItems"), 2),
    **dict.fromkeys(("additionalProperties", "items", "contains", "unevaluatedProperties"), 1),
}
_DEEPEST = 8


def known_names(schema: Any, document: Mapping[str, Any], depth: int = 0) -> set[str]:
    """Gather the members that a schema names, itself and by what it refers to."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return set()
    known = set(schema.get("properties", ()))
    parts = [part for keyword in _SAME_PLACE for part in schema.get(keyword, ())]
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#"):
        parts.append(stands_at(document, pointer.parse(reference)))
    return known.union(*(known_names(part, document, depth + 1) for part in parts))


def names_around(document: Mapping[str, Any], path: tuple[str, ...]) -> set[str]:
    """Gather the members that the schemas around a keyword name for the same place."""
    start = step = 0
    while step < len(path) - 1:
        away = _STEPS_AWAY.get(path[step], 0)
        step += away or 1
        start = step if away else start
    return known_names(stands_at(document, path[:start]), document)


def nearest(name: str, others: Collection[str]) -> str:
    """Give the name that is most like another one, or an empty string."""
    by_lower_case = {other.lower(): other for other in others}
    near = get_close_matches(name.lower(), by_lower_case, n=1, cutoff=_NEAR)
    return by_lower_case[near[0]] if near else ""


def stands_at(document: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """Give what stands at a path of the document, or None."""
    try:
        return pointer.follow(document, path)
    except KeyError:
        return None
