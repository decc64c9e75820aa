"""Where a place of the bundle stands in a page; what is said at such places."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from markupsafe import Markup

from orderspec import pointer
from orderspec.contract.build import EVIDENCE, RULES, evidence_of
from orderspec.contract.model import Contract
from orderspec.contract.topics import remarks
from orderspec.docs.calls import Call
from orderspec.docs.shapes import Link, Shape
from orderspec.docs.text import sentence
from orderspec.findings import Evidence, Level
from orderspec.pointer import anchor

TOP = "page:top"


@dataclass(frozen=True, slots=True)
class Question:
    """Something that the documents leave open: our note on it, and where it counts."""

    note: str
    source: str
    places: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """What a contract says of a topic: markup, and the place that proves it."""

    topic: str
    words: Markup
    place: Link


def places_of(calls: Iterable[Call], schemas: Iterable[Shape]) -> dict[str, Link]:
    """Map JSON Pointers of the bundle to the places of the page that show them."""
    places = {}
    for schema in schemas:
        for shape in schema.every():
            places[shape.where] = Link(named(shape.anchor), shape.anchor)
    for call in calls:
        name = call.operation.id
        places[call.where] = Link(name, call.anchor)
        for _, shape in call.parameters:
            where = shape.where.removesuffix("/schema")
            places.setdefault(where, Link(f"{name}, {shape.name}", shape.anchor))
        for answer in call.answers:
            places.setdefault(answer.where, Link(f"{name}, {answer.status}", answer.anchor))
            for one in answer.follows:
                places.setdefault(one.where, Link(f"{name}, {one.name}", one.anchor))
    return places


def named(place: str) -> str:
    """Name a place of a schema as people do: ``Order.lines``, without the choice it is told in."""
    return re.sub(r"~[A-Za-z]+(-[0-9]+)?", "", unquote(place)).replace("/", ".")


def questions_of(contract: Contract, places: Mapping[str, Link]) -> tuple[Question, ...]:
    """Collect the notes of what is only inferred; one note may count in many places."""
    found: dict[tuple[str, str], list[Link]] = {}
    for steps, evidence in _evidence(contract.document, ()):
        if evidence.level is Level.INFERRED:
            place = nearest(contract.document, steps, places)
            found.setdefault((evidence.note, evidence.source), []).append(place)
    return tuple(Question(*key, tuple(dict.fromkeys(links))) for key, links in found.items())


def _evidence(value: Any, steps: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Evidence]]:
    if isinstance(value, dict):
        if EVIDENCE in value:
            yield steps, evidence_of(value[EVIDENCE], pointer.join(steps))
        for name, item in value.items():
            yield from _evidence(item, (*steps, str(name)))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _evidence(item, (*steps, str(index)))


def nearest(
    document: Mapping[str, Any], steps: tuple[str, ...], places: Mapping[str, Link]
) -> Link:
    """Find the nearest place of the page upwards; the description itself is its top."""
    if steps[-2:-1] == (RULES,):
        name = str(pointer.follow(document, steps)["id"])
        return Link(name, anchor(name))
    while steps:
        if pointer.join(steps) in places:
            return places[pointer.join(steps)]
        steps = steps[:-1]
    return Link("the whole description", TOP)


def topics_of(contract: Contract, places: Mapping[str, Link]) -> tuple[Answered, ...]:
    """Collect what the contract says of the topics by which APIs are compared."""
    return tuple(
        Answered(one.topic, sentence(one.words), nearest(contract.document, one.steps, places))
        for one in remarks(contract.document)
    )
