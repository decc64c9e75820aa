"""The files of a site: a page for each contract, what leads to them, and what they load."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from orderspec import exact_json
from orderspec.contract.model import Contract
from orderspec.contract.topics import TOPICS
from orderspec.docs import markdown, text
from orderspec.docs.downloads import json_schema_of, openapi_of
from orderspec.docs.glossary import glossary, manual
from orderspec.docs.page import Page, page_of
from orderspec.docs.search import Entry, entries, terms
from orderspec.docs.trial import Trial, trial_of
from orderspec.errors import ContractError, UsageError
from orderspec.pointer import anchor

_INDEX, _GLOSSARY = "index", "glossary"
_ASSETS = ("site.css", "site.js")
_TRY = "try.js"
# What HTML lets one leave out is a tenth of a page; none of these tags stands in a <pre>.
_BLOCKS = r"</?(?:li|p|ul|dl|dt|dd|h\d|pre|details|div|article|section|header)\b"
_BETWEEN = re.compile(rf"(?<!\s)\s+(?={_BLOCKS.replace('pre|', '')})")
# In a tag every < and > of a value is escaped, so what looks like a tag is one.
_TAG = re.compile(r"<[a-z][^<>]*>")
_QUOTES = re.compile(r'="([\w#./~:()\[\]%-]+)"(?=[ >])')
_NEEDLESS = re.compile(rf"</li>|</p>(?={_BLOCKS})|</d[td]>(?=<d[td]>|</dl>)")
FORMS = {"html": ".html", "markdown": ".md"}
"""The forms that a site can have, each with the suffix of its pages."""


def build(
    contracts: Sequence[tuple[Contract, bool]], folder: Path, form: str = "html"
) -> list[Path]:
    """Write a site into a folder.

    Args:
        contracts: each with whether the fixtures of its name are its own.
        folder: where to write; it is made if it is not there, and other files in it stay.
        form: one of `FORMS`.

    Returns:
        The pages written, the first page first.

    Raises:
        UsageError: two contracts have one name.
        ContractError: a description is not whole.
        ReadError: a file of a contract's fixtures is none.
    """
    made = markdown_site(contracts) if form == "markdown" else site(contracts)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in made if name.endswith(FORMS[form])]


def site(
    contracts: Sequence[tuple[Contract, bool]], trials: Mapping[str, Trial] | None = None
) -> dict[str, bytes]:
    """Make the files of a site.

    Args:
        contracts: each with whether the fixtures of its name are its own.
        trials: by a contract's name, where its operations can be tried; else there is no trying.

    Returns:
        By name; the pages come first, in the order in which a reader meets them.

    Raises:
        UsageError: two contracts have one name.
        ContractError: a description is not whole.
        ReadError: a file of a contract's fixtures is none.
    """
    pages = _pages(contracts)
    words = glossary(pages)
    names = [(page.contract.name, page.contract.name) for page in pages]
    shared: dict[str, Any] = {
        "pages": pages,
        "topics": TOPICS,
        "glossary": words,
        "places": [(_INDEX, "Order APIs"), *names, (_GLOSSARY, "Glossary")],
        "trial": None,
    }
    texts = {_INDEX: _rendered("index.html", **shared, here=_INDEX)}
    for page in pages:
        trial = (trials or {}).get(page.contract.name)
        data = trial_of(page, trial) if trial else None
        own = {"page": page, "trial": data, "here": page.contract.name}
        texts[page.contract.name] = _rendered("contract.html", **{**shared, **own})
    texts[_GLOSSARY] = _rendered("glossary.html", **shared, here=_GLOSSARY, manual=manual())
    made = {f"{name}.html": _encoded(content) for name, content in texts.items()}
    made |= {name: _asset(name) for name in (*_ASSETS, *([_TRY] if trials else []))}
    made["search.js"] = _encoded(_search(pages, terms(words)))
    return made | _downloads(pages)


def markdown_site(contracts: Sequence[tuple[Contract, bool]]) -> dict[str, bytes]:
    """Make the files of a site whose pages are Markdown; arguments and errors are as of `site`."""
    pages = _pages(contracts)
    shared = {"pages": pages, "topics": TOPICS}
    texts = {_INDEX: markdown.rendered("index.md", **shared)}
    for page in pages:
        texts[page.contract.name] = markdown.rendered("contract.md", page=page)
    terms_told = {"glossary": glossary(pages), "manual": manual()}
    texts[_GLOSSARY] = markdown.rendered("glossary.md", **terms_told)
    made = {f"{name}.md": _encoded(content) for name, content in texts.items()}
    return made | _downloads(pages)


def _pages(contracts: Sequence[tuple[Contract, bool]]) -> list[Page]:
    _check_names([contract.name for contract, _ in contracts])
    return [_page(contract, with_fixtures) for contract, with_fixtures in contracts]


def _downloads(pages: Iterable[Page]) -> dict[str, bytes]:
    made = {}
    for page in pages:
        name = page.contract.name
        made[f"{name}.openapi.json"] = exact_json.to_bytes(openapi_of(page.contract))
        made[f"{name}.schema.json"] = exact_json.to_bytes(json_schema_of(page.contract))
    return made


def _search(pages: Iterable[Page], keywords: Iterable[Entry]) -> str:
    """Write what can be found as a script: a page that is opened as a file may read no other."""
    listed: list[tuple[str, str, Iterator[Entry]]] = [
        (page.contract.name, page.title, entries(page)) for page in pages
    ]
    listed.append((_GLOSSARY, "Glossary", iter(keywords)))
    content = [
        {
            "file": quote(f"{name}.html"),
            "title": title,
            "entries": [entry.as_json() for entry in found],
        }
        for name, title, found in listed
    ]
    return f"globalThis.orderspecIndex = {exact_json.to_ascii(content)};\n"


def _check_names(names: Sequence[str]) -> None:
    taken = {_INDEX, _GLOSSARY}
    for name in names:
        if name.lower() in taken:
            message = f"two pages would be named {name!r}"
            raise UsageError(message, "Build them into different folders, or rename a file.")
        taken.add(name.lower())


def _page(contract: Contract, with_fixtures: bool) -> Page:  # noqa: FBT001 (one of a pair)
    try:
        return page_of(contract, with_fixtures=with_fixtures)
    except RecursionError as problem:
        message = "its schemas are nested too deeply to be drawn"
        raise ContractError(message, "Give the inner ones names.", contract.name) from problem
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        message = f"not a whole OpenAPI description: {type(problem).__name__} {problem}"
        raise ContractError(message, "Run orderspec lint on it.", contract.name) from problem


def _asset(name: str) -> bytes:
    return files("orderspec.docs").joinpath("assets", name).read_bytes()


def _encoded(content: str) -> bytes:
    return content.encode("utf-8", errors="backslashreplace")


def _rendered(template: str, **data: object) -> str:
    html = _environment().get_template(template).render(data)
    bare = _NEEDLESS.sub("", _BETWEEN.sub("", html))
    return _TAG.sub(lambda tag: _QUOTES.sub(r"=\1", tag[0]), bare)


@lru_cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("orderspec.docs"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {
        "anchor": anchor,
        "cel": text.cel,
        "plain": text.between_tags,
        "web": text.web_address,
        "file": lambda name: quote(f"{name}.html"),
        "quoted": quote,
    }
    return environment
