"""A contract as the data of its page."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup

from orderspec import fixtures, pointer
from orderspec.contract.build import EVIDENCE, landing
from orderspec.contract.catalog import spec_folder
from orderspec.contract.model import Contract, Rule
from orderspec.docs.calls import Call, Calls
from orderspec.docs.examples import Valid
from orderspec.docs.outline import answer_of, outline
from orderspec.docs.picture import Picture, flow
from orderspec.docs.places import (
    Answered,
    Question,
    named,
    nearest,
    places_of,
    questions_of,
    topics_of,
)
from orderspec.docs.proofs import Fixture, Proof, proofs_of
from orderspec.docs.reads import Reads
from orderspec.docs.shapes import Link, Shape, Shapes
from orderspec.docs.text import prose
from orderspec.docs.tree import Trees
from orderspec.scores import SAVED, Summary, read

_CHANGES = "CHANGELOG.md"
_OFTEN = 4


@dataclass(frozen=True, slots=True)
class Group:
    """The rules that stand at one place; `words` say what they bind there."""

    words: str
    holder: Link
    rules: tuple[Rule, ...]

    @property
    def source(self) -> str:
        """The id of the source that most of its rules have."""
        cited = Counter(rule.evidence.source for rule in self.rules if rule.evidence)
        return cited.most_common(1)[0][0] if cited else ""


@dataclass(frozen=True)  # without slots: it keeps what it computed
class Page:
    """All that the page of a contract shows.

    Attributes:
        contract: the contract.
        title: of its description.
        summary: of its description, a few words.
        version: of its description.
        description: markup.
        servers: address and description.
        access: what callers show, in words, and a description.
        calls: the operations.
        groups: every rule, by where it stands.
        schemas: every component.
        places: where each place of the bundle stands in the page, by its JSON Pointer.
        questions: what the documents leave open.
        topics: what the contract says of the topics by which APIs are compared.
        flow: the operations as a picture.
        outline: the shape of an answer as a picture; None where no answer has one.
        changes: what changed in the contract, newest first, as markup; empty where unknown.
        proofs: what fixtures show of the rules, by id.
        about: the members that each rule reads, by the rule's id.
        usual_source: the id of the source that most clauses have; empty where there is none.
        score: what share of wrong answers the contract catches, where that was measured.
    """

    contract: Contract
    title: str
    summary: str
    version: str
    description: Markup
    servers: tuple[tuple[str, str], ...]
    access: tuple[tuple[str, Markup], ...]
    calls: tuple[Call, ...]
    groups: tuple[Group, ...]
    schemas: tuple[Shape, ...]
    places: Mapping[str, Link]
    questions: tuple[Question, ...]
    topics: tuple[Answered, ...]
    flow: Picture
    outline: Picture | None
    changes: Markup
    proofs: Mapping[str, Proof]
    about: Mapping[str, tuple[Link, ...]]
    usual_source: str
    score: Summary | None

    @cached_property
    def rules_of(self) -> dict[str, list[str]]:
        """The ids of the rules that read a member, by the member's id."""
        found: dict[str, list[str]] = {}
        for rule, members in self.about.items():
            for member in members:
                found.setdefault(member.anchor, []).append(rule)
        return found

    @cached_property
    def repeated(self) -> dict[str, int]:
        """Notes of operations and schemas that stand often, with a number each."""
        shapes = [one for schema in self.schemas for one in schema.every() if one.is_own]
        found = [one.evidence for one in shapes] + [call.operation.evidence for call in self.calls]
        found += [shape.evidence for call in self.calls for _, shape in call.parameters]
        notes = Counter(one.note for one in found if one and one.note)
        often = [note for note, times in notes.items() if times >= _OFTEN]
        return {note: number for number, note in enumerate(often, 1)}

    def rules_at(self, place: str) -> tuple[Rule, ...]:
        """Give the rules that stand at a place of the page."""
        return next((group.rules for group in self.groups if group.holder.anchor == place), ())

    def place(self, steps: tuple[str, ...]) -> Link:
        """Find where a place of the bundle stands in the page, or what holds it."""
        return nearest(self.contract.document, steps, self.places)


def page_of(contract: Contract, *, with_fixtures: bool) -> Page:
    """Gather what the page of a contract shows.

    Args:
        contract: the contract.
        with_fixtures: whether the fixtures of its name are its own.

    Raises:
        ContractError: its evidence is not whole, or references lead in a circle.
        ReadError: a file of its fixtures is none.
    """
    document, info = contract.document, contract.document.get("info", {})
    every: list[Fixture] = []
    if with_fixtures:
        every = [*fixtures.payloads(contract), *fixtures.exchanges(contract)]
    shapes = Shapes(contract)
    schemas = tuple(shapes.component(title) for title in contract.schemas)
    trees = Trees({shape.anchor: shape for shape in schemas})
    calls = Calls(contract, shapes, trees, Valid.of(every)).all()
    places = places_of(calls, schemas)
    return Page(
        contract=contract,
        title=str(info.get("title") or contract.name),
        summary=str(info.get("summary", "")),
        version=str(info.get("version", "")),
        description=prose(info.get("description")),
        servers=tuple(
            (str(one.get("url", "")), str(one.get("description", "")))
            for one in document.get("servers", ())
        ),
        access=tuple(_access(document)),
        calls=calls,
        groups=tuple(_groups(contract, calls, shapes)),
        schemas=schemas,
        places=places,
        questions=questions_of(contract, places),
        topics=topics_of(contract, places),
        flow=flow(calls),
        outline=outline(answer_of(calls), {shape.anchor: shape for shape in schemas}),
        changes=_changes(contract.name) if with_fixtures else Markup(),
        proofs=proofs_of(contract, every),
        about=_about(contract, calls, {shape.anchor: shape for shape in schemas}),
        usual_source=_usual_source(document),
        score=read(spec_folder() / contract.name / SAVED) if with_fixtures else None,
    )


def _about(
    contract: Contract, calls: tuple[Call, ...], components: Mapping[str, Shape]
) -> dict[str, tuple[Link, ...]]:
    read = Reads.of(components).all(contract, calls)
    return {
        rule: tuple(Link(named(place), place) for place in places) for rule, places in read.items()
    }


def _changes(name: str) -> Markup:
    """Read the changelog of a contract, without its title: the page has one of its own."""
    path = spec_folder() / name / _CHANGES
    text = path.read_text("utf-8") if path.is_file() else ""
    return prose("\n".join(line for line in text.splitlines() if not line.startswith("# ")), 1)


def _usual_source(document: Any) -> str:
    cited = Counter(_cited(document))
    return cited.most_common(1)[0][0] if cited else ""


def _cited(node: Any) -> Iterator[str]:
    if isinstance(node, dict) and isinstance(evidence := node.get(EVIDENCE), dict):
        yield str(evidence.get("source", ""))
    below = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for inner in below:
        yield from _cited(inner)


def _access(document: Mapping[str, Any]) -> Iterator[tuple[str, Markup]]:
    """Say in words what a caller shows, as the description declares it."""
    for name in document.get("components", {}).get("securitySchemes", {}):
        at = landing(document, ("components", "securitySchemes", name))
        spec = pointer.follow(document, at)
        words = str(spec.get("scheme") or spec.get("type", "")).capitalize()
        if spec.get("type") == "apiKey":
            words = f"{spec.get('name', '')} in the {spec.get('in', '')}"
        yield f"{name}: {words}", prose(spec.get("description"))


def _groups(contract: Contract, calls: Iterable[Call], shapes: Shapes) -> Iterator[Group]:
    """Sort the rules: those of an exchange, those between two, those of a payload."""
    held: set[str] = set()
    for call in calls:
        name = call.operation.id
        here = [Group("Request and answer of", Link(name, call.anchor), call.operation.rules)]
        for answer in call.answers:
            for one in answer.follows:
                words = f"{name}, then"
                here.append(
                    Group(words, Link(f"{one.name} → {one.target.text}", one.anchor), one.rules)
                )
        yield from (group for group in here if group.rules)
        held.update(rule.id for group in here for rule in group.rules)
    by_title: dict[str, list[Rule]] = defaultdict(list)
    for rule in contract.rules.values():
        if rule.id not in held:
            by_title[pointer.parse(rule.where)[2]].append(rule)
    for title, rules in sorted(by_title.items()):
        in_order = sorted(rules, key=lambda rule: [(len(s), s) for s in pointer.parse(rule.where)])
        yield Group("Every", Link(title, shapes.place(title)), tuple(in_order))
