"""The pages of a site as Markdown: the same data as in HTML, written for repositories and tools."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from orderspec import pointer
from orderspec.docs.page import Page
from orderspec.docs.proofs import Proof
from orderspec.docs.shapes import ANY, Shape
from orderspec.docs.tree import Branch
from orderspec.docs.written import (
    Written,
    blocks,
    code,
    fenced,
    inline,
    leading,
    outward,
    place,
    row,
    words,
)
from orderspec.findings import Evidence
from orderspec.pointer import anchor

_BETWEEN = " · "
_FEW = 6


@dataclass(frozen=True, slots=True)
class Row:
    """A schema as a row of a table.

    Attributes:
        path: dotted names from the schema that the table is about; empty for that one itself.
        under: which choices and conditions lead there, in words.
        shape: the schema.
    """

    path: str
    under: tuple[str, ...]
    shape: Shape


def rendered(template: str, **data: object) -> str:
    """Write a page."""
    return _environment().get_template(template).render(data).strip() + "\n"


def rows(shape: Shape, path: str = "", under: tuple[str, ...] = ()) -> Iterator[Row]:
    """List everything inside a schema, at any depth."""
    for one in shape.members:
        step = one.anchor.removeprefix(shape.anchor)
        if pointer.parse(one.where)[-2:] == ("properties", one.name):
            inner = Row(f"{path}.{one.name}" if path else one.name, under, one)
        elif step.startswith("["):
            inner = Row(path + step, under, one)
        else:
            inner = Row(path, (*under, one.name), one)
        yield inner
        yield from rows(one, inner.path, inner.under)
    for some in shape.choices:
        for number, one in enumerate(some.shapes, 1):
            inner = Row(path, (*under, f"{some.word}, {number}"), one)
            yield inner
            yield from rows(one, inner.path, inner.under)


def parameter_rows(shape: Shape) -> Iterator[Row]:
    """List a parameter, and everything inside it."""
    yield Row(shape.name, (), shape)
    yield from rows(shape, shape.name)


def label(one: Row) -> Written:
    """Name a row, with the place that links lead to."""
    under = f"({words('; '.join(one.under))})" if one.under else ""
    return Written(place(one.shape.anchor) + " ".join(filter(None, (code(one.path), under))))


def kind(shape: Shape) -> Written:
    """Say of what type a schema is, with a link to what it refers to."""
    parts = [words(_type(shape))] if _type(shape) else []
    parts += [leading(shape.target.text, shape.target.anchor)] if shape.target else []
    return Written(" ".join([*parts, *(["or null"] if shape.null else [])]))


def facts(shape: Shape) -> Written:
    """Say what else binds a value: marks, limits, the values allowed; and give an example."""
    said = [words(one) for one in (*shape.marks, *shape.limits, *shape.ways)]
    if shape.options:
        said.append(Written("one of " + ", ".join(code(one) for one in shape.options)))
    if shape.example:
        said.append(Written(f"such as {code(shape.example)}"))
    return Written(_BETWEEN.join(said))


def evidence(
    found: Evidence | None, page: Page, *, whole: bool = True, named: bool = False
) -> Written:
    """Say what a clause rests on.

    Args:
        found: its evidence.
        page: where it is told.
        whole: whether more than the level is told,
        named: and the source, even if it is the one that most clauses have.
    """
    if found is None:
        return Written("")
    said = str(words(found.level.value))
    if whole and (named or found.source != page.usual_source):
        source = page.contract.sources.get(found.source)
        where = leading(source.title, source_id(source.id)) if source else words(found.source)
        said += f", {where}"
    return Written(f"{said}: {words(found.note)}" if whole and found.note else said)


def source_id(name: str) -> str:
    """Give the id of a source."""
    return f"source:{anchor(name)}"


def topic_head(pages: Iterable[Page]) -> Written:
    """Head the comparison: a column for each contract."""
    names = [page.contract.name for page in pages]
    return row(["", *(leading(name, "", name) for name in names)])


def topic_row(pages: Iterable[Page], topic: str, title: str) -> Written:
    """Lay side by side what contracts say of a topic, each with the place that proves it."""
    return row([title, *(_said(page, topic) for page in pages)])


def tree(branches: Iterable[Branch], depth: int = 0) -> str:
    """Write what a body holds as plain lines, indented by depth."""
    return "\n".join(_lines(branches, depth))


def difference(proof: Proof) -> Written:
    """Show what keeps a rule beside what breaks it."""
    return fenced("\n".join(f"{sign} {line}" for sign, line in proof.lines), "diff")


def _said(page: Page, topic: str) -> Written:
    name = page.contract.name
    said = [
        f"{inline(one.words)} {leading(one.place.text, one.place.anchor, name)}"
        for one in page.topics
        if one.topic == topic
    ]
    return Written("; ".join(said) or "Nothing is said.")


def _type(shape: Shape) -> str:
    is_bare = shape.type == ANY and (shape.limits or shape.members or shape.choices)
    return "" if is_bare else shape.type


def _lines(branches: Iterable[Branch], depth: int) -> Iterator[str]:
    for branch in branches:
        shape = branch.shape
        target = shape.target.text if shape.target else ""
        options = [*shape.options[:_FEW], *(["…"] if len(shape.options) > _FEW else [])]
        told = [
            " ".join(filter(None, (_type(shape), target, "or null" if shape.null else ""))),
            "required" if shape.required else "",
            *shape.marks,
            *shape.limits,
            " | ".join(options),
        ]
        name = " ".join(filter(None, (branch.label, shape.name)))
        line = f"{name}: {', '.join(filter(None, told))}".removesuffix(": ")
        yield "  " * depth + " ".join(line.split())
        yield from _lines(branch.below, depth + 1)


@lru_cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("orderspec.docs"),
        # Escaping for HTML would spoil Markdown; `finalize` escapes whatever is not Written.
        autoescape=False,  # noqa: S701 (`finalize` escapes, as Markdown)
        finalize=inline,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {
        "anchor": anchor,
        "blocks": blocks,
        "code": code,
        "diff": difference,
        "evidence": evidence,
        "facts": facts,
        "fenced": fenced,
        "file": lambda name: Written(quote(name, safe="")),
        "id": place,
        "kind": kind,
        "label": label,
        "parameter_rows": parameter_rows,
        "row": row,
        "rows": rows,
        "source_id": source_id,
        "to": leading,
        "topic_head": topic_head,
        "topic_row": topic_row,
        "tree": tree,
        "web": outward,
        # For what a macro wrote: each of its parts is escaped already.
        "written": Written,
    }
    return environment
