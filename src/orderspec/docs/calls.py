"""An operation as a reader sees it: what it takes, what it answers, what can follow."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from orderspec import exact_json, pointer
from orderspec.contract.build import EVIDENCE, landing
from orderspec.contract.clauses import promises
from orderspec.contract.model import Contract, Operation, ResponseSpec, Rule
from orderspec.contract.model import Link as Next
from orderspec.docs.examples import Example, Valid, examples
from orderspec.docs.shapes import Link, Shape, Shapes
from orderspec.docs.text import prose
from orderspec.docs.tree import Branch, Trees
from orderspec.findings import Clause, Evidence
from orderspec.pointer import anchor


@dataclass(frozen=True, slots=True)
class Body:
    """A body.

    Attributes:
        media: its media types.
        shape: its schema, which links to the component if it has a name; None if it isn't JSON.
        tree: what opens below it, if it has a name.
    """

    media: tuple[str, ...]
    shape: Shape | None
    tree: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Follow:
    """What can be called next: the operation, what it is given, what must hold then."""

    anchor: str
    name: str
    where: str
    target: Link
    description: Markup
    given: tuple[tuple[str, str], ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a status says; headers are names with descriptions."""

    anchor: str
    where: str
    status: str
    description: Markup
    body: Body
    headers: tuple[tuple[str, Markup], ...]
    follows: tuple[Follow, ...]
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Call:
    """An operation.

    Attributes:
        operation: as the contract has it.
        anchor: its id in the page.
        where: its JSON Pointer in the bundle.
        summary: a few words.
        description: markup.
        deprecated: whether it should no longer be called.
        access: alternatives, each the names of what must be shown together.
        parameters: with the location of each.
        body: of the request, or None.
        answers: by status.
        examples: requests and their answers.
        promises: what else a server is held to, beyond schemas and rules.
    """

    operation: Operation
    anchor: str
    where: str
    summary: str
    description: Markup
    deprecated: bool
    access: tuple[str, ...]
    parameters: tuple[tuple[str, Shape], ...]
    body: Body | None
    answers: tuple[Answer, ...]
    examples: tuple[Example, ...]
    promises: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Calls:
    """Reads the operations of one contract."""

    contract: Contract
    shapes: Shapes
    trees: Trees
    fixtures: Valid

    def all(self) -> tuple[Call, ...]:
        """Read every operation, in the contract's order."""
        return tuple(self._call(one) for one in self.contract.operations.values())

    def _call(self, operation: Operation) -> Call:
        steps = ("paths", operation.path, operation.method.lower())
        spec = self._follow(steps)
        place = self._place(operation.id)
        answers = zip(spec.get("responses", {}), operation.responses.values(), strict=True)
        return Call(
            operation=operation,
            anchor=place,
            where=pointer.join(steps),
            summary=str(spec.get("summary", "")),
            description=prose(spec.get("description")),
            deprecated=spec.get("deprecated") is True,
            access=tuple(
                " and ".join(one.name for one in alternative) or "nothing"
                for alternative in operation.security
            ),
            parameters=tuple(self._parameters(steps, place)),
            body=self._body(operation.body, (*steps, "requestBody"), f"{place}.request")
            if "requestBody" in spec
            else None,
            answers=tuple(
                self._answer(operation, answer, (*steps, "responses", status))
                for status, answer in answers
            ),
            examples=examples(self.contract, operation, self.fixtures),
            promises=tuple(promises(self.contract, operation)),
        )

    def _follow(self, steps: tuple[str, ...]) -> Any:
        return pointer.follow(self.contract.document, steps)

    def _landing(self, *steps: str) -> tuple[str, ...]:
        return landing(self.contract.document, steps)

    def _place(self, *parts: str) -> str:
        """Give the id of what is a clause: ``acme.CreateOrder``."""
        return anchor(".".join((self.contract.name, *parts)))

    def _parameters(self, steps: tuple[str, ...], place: str) -> Iterator[tuple[str, Shape]]:
        """Read the parameters of the path and of the operation, which come last and win."""
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for holder in (steps[:-1], steps):
            for index, _ in enumerate(self._follow(holder).get("parameters", ())):
                at = self._landing(*holder, "parameters", str(index))
                spec = self._follow(at)
                found[spec["in"], spec["name"]] = at
        for (location, name), at in found.items():
            spec = self._follow(at)
            inner, required = f"{place}.{location}.{anchor(name)}", spec.get("required") is True
            shape = Shape(inner, name, pointer.join(at), required=required)
            if "schema" in spec:
                shape = self.shapes.at((*at, "schema"), inner, name, required=required)
            words = prose(spec.get("description"))
            is_own = shape.is_own or EVIDENCE in spec
            yield location, replace(shape, description=words or shape.description, is_own=is_own)

    def _body(
        self, reference: str | None, steps: tuple[str, ...], place: str, trees: Trees | None = None
    ) -> Body:
        media = tuple(self._follow(self._landing(*steps)).get("content", {}))
        if reference is None:
            return Body(media, None)
        target = self.shapes.link(reference)
        if target is None:
            return Body(media, self.shapes.at(pointer.parse(reference), place))
        shape = Shape(place, "", reference.removeprefix("#"), "", target)
        return Body(media, shape, (trees or self.trees).below(shape))

    def _answer(
        self, operation: Operation, response: ResponseSpec, steps: tuple[str, ...]
    ) -> Answer:
        at = self._landing(*steps)
        spec = self._follow(at)
        place = self._place(operation.id, "response", response.status)
        trees = self.trees if response.status.startswith("2") else self.trees.anew()
        return Answer(
            anchor=place,
            where=pointer.join(at),
            status=response.status,
            description=prose(spec.get("description")),
            body=self._body(response.schema, steps, f"{place}.body", trees),
            headers=tuple(
                (name, prose(self._follow(self._landing(*at, "headers", name)).get("description")))
                for name in spec.get("headers", {})
            ),
            follows=tuple(
                self._next(
                    one, f"{place}.{anchor(one.name)}", self._landing(*at, "links", one.name)
                )
                for one in response.links
            ),
            evidence=response.evidence,
        )

    def _next(self, link: Next, place: str, at: tuple[str, ...]) -> Follow:
        given = {name: _written(value) for name, value in link.parameters.items()}
        if link.request_body is not None:
            given["body"] = _written(link.request_body)
        return Follow(
            anchor=place,
            name=link.name,
            where=pointer.join(at),
            target=Link(link.target, self._place(link.target)),
            description=prose(self._follow(at).get("description")),
            given=tuple(given.items()),
            rules=link.rules,
        )


def _written(value: Any) -> str:
    return value if isinstance(value, str) else exact_json.to_text(value)
