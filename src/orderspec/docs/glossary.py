"""The words of contracts beyond the standards: what each means, and where it is used."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from orderspec.contract.catalog import spec_folder
from orderspec.contract.lint.vocabulary import (
    EVERYWHERE,
    ON_BUNDLED_FILES,
    ON_RULED_OBJECTS,
    ON_SCHEMAS,
)
from orderspec.docs.page import Page
from orderspec.docs.shapes import Link
from orderspec.docs.text import prose, sentence

_GUIDE = "README.md"
_WHERE = (
    ("anywhere", EVERYWHERE),
    ("schemas", ON_SCHEMAS),
    ("operations and links", ON_RULED_OBJECTS),
    ("bundles", ON_BUNDLED_FILES),
)
_ROW = re.compile(r"^\| `(x-[a-z-]+)` \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a keyword means at a kind of place, as markup; `value` is empty where unknown."""

    where: Markup
    value: Markup
    why: Markup


@dataclass(frozen=True, slots=True)
class Term:
    """A keyword.

    Attributes:
        name: the keyword.
        meanings: one for each kind of place.
        uses: how often a contract has it, and the first place, by the contract's name.
    """

    name: str
    meanings: tuple[Meaning, ...]
    uses: Mapping[str, tuple[int, Link]]


def glossary(pages: Sequence[Page]) -> tuple[Term, ...]:
    """Explain every keyword of ours, by the guide to writing contracts if that is at hand."""
    rows = _ROW.findall(_guide()) or [
        (name, where, "", why) for where, words in _WHERE for name, why in words.items()
    ]
    meanings: dict[str, list[Meaning]] = {}
    for name, *told in rows:
        meanings.setdefault(name, []).append(Meaning(*map(sentence, told)))
    return tuple(Term(name, tuple(some), _uses_of(name, pages)) for name, some in meanings.items())


def manual() -> Markup:
    """Give the guide to writing contracts; empty where the tree of contracts has none."""
    return prose(_guide(), 2)


def _uses_of(name: str, pages: Sequence[Page]) -> dict[str, tuple[int, Link]]:
    """Count a keyword in the contract of each page, and find its first place there."""
    found = {}
    for page in pages:
        places = list(_holders(page.contract.document, name, ()))
        if places:
            found[page.contract.name] = (len(places), page.place(places[0]))
    return found


def _holders(node: Any, name: str, steps: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(node, dict):
        if name in node:
            yield steps
        for key, inner in node.items():
            yield from _holders(inner, name, (*steps, str(key)))
    elif isinstance(node, list):
        for index, inner in enumerate(node):
            yield from _holders(inner, name, (*steps, str(index)))


def _guide() -> str:
    path = spec_folder() / _GUIDE
    return path.read_text("utf-8") if path.is_file() else ""
