"""What a search can find on a page: names, words, and where they stand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from markupsafe import Markup

from orderspec.docs.glossary import Term
from orderspec.docs.page import Page
from orderspec.docs.places import named
from orderspec.docs.shapes import Shape
from orderspec.pointer import anchor

_LONGEST = 240
# Other words for what a caller shows.
_ACCESS = "authentication, authorization, credentials, token, api key"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to be found: what it is, its name, its id in the page, and words about it."""

    kind: str
    title: str
    anchor: str
    words: str = ""

    def as_json(self) -> list[str]:
        """Give it as the script of the pages reads it."""
        return [self.kind, self.title, self.anchor, self.words]


def entries(page: Page) -> Iterator[Entry]:
    """List what a page holds, in its order."""
    for call in page.calls:
        title = f"{call.operation.method} {call.operation.path}"
        words = f"{call.summary}. {_plain(call.description)} curl, Python, JavaScript"
        yield Entry("operation", title, call.anchor, _cut(words))
        for location, shape in call.parameters:
            words = f"{location} of {call.operation.id}. {_told(shape)}"
            yield Entry("parameter", shape.name, shape.anchor, _cut(words))
        for answer in call.answers:
            title = f"{answer.status} of {call.operation.id}"
            yield Entry("answer", title, answer.anchor, _cut(_plain(answer.description)))
            for one in answer.follows:
                words = f"{call.operation.id}, then {one.target.text}. {_plain(one.description)}"
                yield Entry("link", one.name, one.anchor, _cut(words))
        for clause in call.promises:
            yield Entry("clause", clause.summary, anchor(clause.id), clause.id)
    for rule in page.contract.rules.values():
        note = rule.evidence.note if rule.evidence else ""
        yield Entry("rule", rule.message, anchor(rule.id), _cut(f"{rule.id}. {note}"))
    for schema in page.schemas:
        yield Entry("schema", schema.name, schema.anchor, _cut(_told(schema)))
        yield from _members(schema.every())
    for number, question in enumerate(page.questions, 1):
        place = question.places[0]
        yield Entry("open question", _cut(question.note), f"question:{number}", place.text)
    yield from _around(page)
    for said in page.topics:
        yield Entry(said.topic, said.place.text, said.place.anchor, _cut(_plain(said.words)))


def terms(glossary: Iterable[Term]) -> Iterator[Entry]:
    """List the keywords of a glossary."""
    for term in glossary:
        words = " ".join(_plain(one.why) for one in term.meanings)
        yield Entry("keyword", term.name, anchor(term.name), _cut(words))


def _around(page: Page) -> Iterator[Entry]:
    """List what stands around operations: access, servers, sources, files."""
    for words, description in page.access:
        yield Entry("access", words, "page:facts", _cut(f"{_plain(description)} {_ACCESS}"))
    for address, words in page.servers:
        yield Entry("server", address, "page:facts", f"{words}. address, sandbox, host, url")
    for source in page.contract.sources.values():
        yield Entry("source", source.title, f"source:{anchor(source.id)}", source.address)
    yield Entry("files", "OpenAPI and JSON Schema", "page:facts", "download, bundle, json")


def _members(shapes: Iterable[Shape]) -> Iterator[Entry]:
    for shape in shapes:
        if shape.is_part and shape.name:
            yield Entry("member", named(unquote(shape.anchor)), shape.anchor, _cut(_told(shape)))


def _told(shape: Shape) -> str:
    """Say of a schema what a reader may search for."""
    target = shape.target.text if shape.target else ""
    required = "required" if shape.required else ""
    facts = " ".join(filter(None, (shape.type, target, required, *shape.marks, *shape.options)))
    return f"{_plain(shape.description)} {facts}".strip()


def _plain(markup: Markup) -> str:
    return markup.striptags()


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " …"
