"""Write the pages of contracts into a folder: one each, and one that lists them."""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from orderspec.contract.model import Contract
from orderspec.docs import text
from orderspec.docs.page import Page, page_of
from orderspec.errors import ContractError, UsageError

_INDEX = "index"
# What HTML lets one leave out is a tenth of a page; none of these tags stands in a <pre>.
_BLOCKS = r"</?(?:li|p|ul|dl|dt|dd|h\d|pre|details|div|article|section|header)\b"
_BETWEEN = re.compile(rf"\s+(?={_BLOCKS.replace('pre|', '')})")
_NEEDLESS = re.compile(rf"</li>|</p>(?={_BLOCKS})")


def build(contracts: Sequence[tuple[Contract, bool]], folder: Path) -> list[Path]:
    """Write a page for each contract, and the page that lists them.

    Args:
        contracts: each with whether the fixtures of its name are its own.
        folder: where to write; it is made if it is not there, and other files in it stay.

    Returns:
        The files written, the list first.

    Raises:
        UsageError: two contracts have one name.
        ContractError: a description is not whole.
        ReadError: a file of a contract's fixtures is none.
    """
    _check_names([contract.name for contract, _ in contracts])
    pages = [_page(contract, with_fixtures) for contract, with_fixtures in contracts]
    texts = {_INDEX: _rendered("index.html", pages=pages)}
    texts |= {page.contract.name: _rendered("contract.html", page=page) for page in pages}
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, content in texts.items():
        files.append(folder / f"{name}.html")
        files[-1].write_text(content, "utf-8", errors="backslashreplace")
    return files


def _check_names(names: Sequence[str]) -> None:
    taken = {_INDEX}
    for name in names:
        if name.lower() in taken:
            message = f"two pages would be named {name!r}"
            raise UsageError(message, "Build them into different folders, or rename a file.")
        taken.add(name.lower())


def _page(contract: Contract, with_fixtures: bool) -> Page:  # noqa: FBT001 (one of a pair)
    try:
        return page_of(contract, with_fixtures=with_fixtures)
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        message = f"not a whole OpenAPI description: {type(problem).__name__} {problem}"
        raise ContractError(message, "Run orderspec lint on it.", contract.name) from problem


def _rendered(template: str, **data: object) -> str:
    html = _environment().get_template(template).render(data)
    return _NEEDLESS.sub("", _BETWEEN.sub("", html))


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
        "anchor": text.anchor,
        "cel": text.cel,
        "plain": text.between_tags,
        "web": text.web_address,
        "file": lambda name: quote(f"{name}.html"),
    }
    return environment
