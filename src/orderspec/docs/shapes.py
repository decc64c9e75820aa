"""A schema as a reader sees it: its type in words, its limits, its members, its choices."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from orderspec import pointer
from orderspec.contract.build import EVIDENCE, evidence_at
from orderspec.contract.model import Contract
from orderspec.docs.limits import example, limits, options, ways
from orderspec.docs.text import prose
from orderspec.findings import Evidence
from orderspec.pointer import anchor

_NULL, ANY = "null", "any value"
# Keywords that give a value its form: with one of them beside it, a choice is more than null.
_SHAPING = frozenset(
    {"$ref", "type", "enum", "properties", "items", "prefixItems", "allOf", "anyOf", "oneOf", "if"}
)
_MARKS = {"readOnly": "read-only", "writeOnly": "write-only", "deprecated": "deprecated"}
_COMPONENTS = ("components", "schemas")
_CHOICES = {"oneOf": "exactly one of", "anyOf": "at least one of", "allOf": "all of"}
# Keywords that give schemas names, and how the id of such a one goes on from that of its holder.
_NAMED = {"properties": "/", "patternProperties": "/~", "$defs": "/$"}
_PARTING = re.compile(r"[/~\[\]]")
_PARTS = ("properties", "patternProperties", "prefixItems")
# Keywords that hold one schema for the value, or for something in it.
_ASIDE = {
    "if": "if it is",
    "then": "then it is",
    "else": "otherwise it is",
    "not": "it is not",
    "contains": "some element",
    "propertyNames": "every name",
    "additionalProperties": "any other member",
    "unevaluatedProperties": "any other member",
}


@dataclass(frozen=True, slots=True)
class Link:
    """A place of the page to go to."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Schemas side by side; `word` says how many of them must fit."""

    keyword: str
    word: str
    shapes: "tuple[Shape, ...]"


@dataclass(frozen=True, slots=True)
class Shape:
    """One schema at one place.

    Attributes:
        anchor: its id in the page.
        name: what it is called there: a member's name, a title, or nothing.
        where: its JSON Pointer in the bundle.
        type: the type in words, before the component that `target` links to.
        target: the component that it is, or a list of which it is.
        null: whether null is allowed too.
        required: whether the object above must have it.
        marks: read-only, write-only, deprecated.
        limits: what else binds a value, in words.
        options: the values allowed; empty where all are.
        example: a value, or nothing.
        description: markup.
        evidence: the nearest upwards; None where a description has no evidence at all.
        is_own: whether the evidence stands on this schema itself.
        members: what stands inside: members, elements, definitions, conditions.
        choices: alternatives, and what holds besides.
        ways: how the value hangs together with others, in words.
    """

    anchor: str
    name: str
    where: str
    type: str = ANY
    target: Link | None = None
    null: bool = False
    required: bool = False
    marks: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    example: str = ""
    description: Markup = field(default_factory=Markup)
    evidence: Evidence | None = None
    is_own: bool = False
    members: "tuple[Shape, ...]" = ()
    choices: tuple[Choices, ...] = ()
    ways: tuple[str, ...] = ()

    @property
    def is_part(self) -> bool:
        """Whether a payload can hold it, rather than that it says more of what holds it."""
        *_, keyword, last = ("", *pointer.parse(self.where))
        return keyword in _PARTS or last in ("items", "additionalProperties")

    def every(self) -> "Iterator[Shape]":
        """Give it and all shapes inside it."""
        yield self
        for inner in (*self.members, *(one for some in self.choices for one in some.shapes)):
            yield from inner.every()


@dataclass(frozen=True, slots=True)
class Shapes:
    """Draws the schemas of one contract; references end a shape, so that none goes on for ever."""

    contract: Contract

    def component(self, title: str) -> Shape:
        """Draw a component."""
        return self.at((*_COMPONENTS, title), self.place(title), title)

    def place(self, title: str) -> str:
        """Give the id of a component."""
        return anchor(title)

    def link(self, reference: str) -> Link | None:
        """Link to a component, or to the one that a reference leads into."""
        root, kind, *titles = pointer.parse(reference)
        if (root, kind) != _COMPONENTS or not titles:
            return None
        title, *inner = titles
        pairs = list(zip(inner[::2], inner[1::2], strict=False))
        if not all(keyword in _NAMED for keyword, _ in pairs):
            return Link(title, self.place(title))
        place = self.place(title) + "".join(_NAMED[key] + _step(name) for key, name in pairs)
        return Link(".".join((title, *inner[1::2])), place)

    def at(
        self, steps: tuple[str, ...], place: str, name: str = "", *, required: bool = False
    ) -> Shape:
        """Draw the schema at a place of the document.

        Args:
            steps: of its JSON Pointer.
            place: the id to give it.
            name: what it is called there.
            required: whether it must be there.
        """
        schema = self._follow(steps)
        if not isinstance(schema, dict):
            words = "no value" if schema is False else ANY
            return Shape(place, name, pointer.join(steps), words, required=required)
        core, core_steps, null = self._core(schema, steps)
        words, target = self._type(core)
        document = self.contract.document
        return Shape(
            anchor=place,
            name=name,
            where=pointer.join(steps),
            type=words,
            target=target,
            null=null,
            required=required,
            marks=tuple(
                word for key, word in _MARKS.items() if True in (schema.get(key), core.get(key))
            ),
            limits=tuple(dict.fromkeys((*limits(schema), *limits(core)))),
            options=options(core),
            example=example(schema) or example(core),
            description=prose(schema.get("description") or core.get("description")),
            evidence=evidence_at(document, core_steps if EVIDENCE in core else steps),
            is_own=EVIDENCE in schema or EVIDENCE in core,
            members=tuple(self._members(core, core_steps, place)),
            choices=tuple(self._choices(core, core_steps, place)),
            ways=tuple(ways({**core, **schema})),
        )

    def _follow(self, steps: tuple[str, ...]) -> Any:
        return pointer.follow(self.contract.document, steps)

    def _core(
        self, schema: dict[str, Any], steps: tuple[str, ...]
    ) -> tuple[dict[str, Any], tuple[str, ...], bool]:
        """Look through what only adds null: ``anyOf: [X, {type: 'null'}]`` is X or null."""
        for keyword in ("anyOf", "oneOf"):
            branches = schema.get(keyword, ())
            others = [index for index, one in enumerate(branches) if one != {"type": _NULL}]
            is_alone = not (schema.keys() - {keyword}) & _SHAPING
            if len(branches) == len(others) + 1 == 2 and is_alone:  # noqa: PLR2004 (X and null)
                (index,) = others
                if isinstance(branches[index], dict):
                    return branches[index], (*steps, keyword, str(index)), True
        types = schema.get("type")
        return schema, steps, isinstance(types, list) and _NULL in types

    def _type(self, schema: Mapping[str, Any]) -> tuple[str, Link | None]:
        reference = schema.get("$ref")
        if isinstance(reference, str):
            return self._scalar(reference) or _listed(_names(schema)), self.link(reference)
        items = schema.get("items")
        if isinstance(items, dict) and _names(schema) <= {"array"}:
            core, _, _ = self._core(items, ())
            words, target = self._type(core)
            return f"list of {words}".rstrip() if words or target else "list", target
        words = _listed(_names(schema)) or self._chosen(schema) or _implied(schema)
        return words, None

    def _chosen(self, schema: Mapping[str, Any]) -> str:
        """Name the types of alternatives if each has one, else those that all must have."""
        for keyword in ("oneOf", "anyOf", "allOf"):
            branches = [one for one in schema.get(keyword, ()) if isinstance(one, dict)]
            found = [self._type(one) for one in branches]
            named = dict.fromkeys(
                f"{words} {target.text if target else ''}".strip() for words, target in found
            )
            typed = [words for words in named if words not in ("", ANY)]
            if keyword == "allOf":
                return " and ".join(typed)
            if typed and len(typed) == len(named):
                return " or ".join(typed)
        return ""

    def _scalar(self, reference: str) -> str:
        """Name the JSON type of a component that is no object: it is short to say."""
        schema = self._follow(pointer.parse(reference))
        names = _names(schema) if isinstance(schema, dict) else set()
        return _listed(names - {"object", "array"})

    def _members(
        self, schema: Mapping[str, Any], steps: tuple[str, ...], place: str
    ) -> Iterator[Shape]:
        required = schema.get("required", ())
        for name in schema.get("properties", {}):
            inner = (*steps, "properties", name)
            yield self.at(inner, f"{place}/{_step(name)}", name, required=name in required)
        yield from self._inner(schema, steps, place)

    def _inner(
        self, schema: Mapping[str, Any], steps: tuple[str, ...], place: str
    ) -> Iterator[Shape]:
        """Draw what stands inside besides named members."""
        for keyword, label in (("patternProperties", "members like "), ("$defs", "")):
            for name in schema.get(keyword, {}):
                below = f"{place}{_NAMED[keyword]}{_step(name)}"
                yield self.at((*steps, keyword, name), below, label + name)
        for index, _ in enumerate(schema.get("prefixItems", ())):
            inner = (*steps, "prefixItems", str(index))
            yield self.at(inner, f"{place}[{index}]", f"element {index + 1}")
        items = schema.get("items")
        if isinstance(items, dict) and items.keys() - {"$ref", "type"}:
            yield self.at((*steps, "items"), f"{place}[]", "each element")
        for keyword, words in _ASIDE.items():
            if isinstance(schema.get(keyword), dict):
                yield self.at((*steps, keyword), f"{place}~{keyword}", words)

    def _choices(
        self, schema: Mapping[str, Any], steps: tuple[str, ...], place: str
    ) -> Iterator[Choices]:
        for keyword, word in _CHOICES.items():
            branches = schema.get(keyword, ())
            if branches:
                shapes = (
                    self.at((*steps, keyword, str(index)), f"{place}~{keyword}-{index}")
                    for index in range(len(branches))
                )
                yield Choices(keyword, word, tuple(shapes))


def _step(name: str) -> str:
    """Write a name as a part of an id, in which some signs part names."""
    return _PARTING.sub(lambda sign: f"%{ord(sign[0]):02X}", anchor(name))


def _names(schema: Mapping[str, Any]) -> set[str]:
    types = schema.get("type", ())
    return {str(name) for name in ([types] if isinstance(types, str) else types)} - {_NULL}


def _listed(names: set[str]) -> str:
    return " or ".join("list" if name == "array" else name for name in sorted(names))


def _implied(schema: Mapping[str, Any]) -> str:
    """Say what a schema without a type is about."""
    if schema.get("type") in (_NULL, [_NULL]):
        return _NULL
    if "properties" in schema:
        return "object"
    return "" if any(keyword in schema for keyword in ("enum", "const", *_CHOICES)) else ANY
