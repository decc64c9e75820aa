"""Text on its way into a page: Markdown and CEL as markup, names as anchors."""

from functools import lru_cache
from html import escape
from itertools import groupby
from typing import Any
from urllib.parse import quote

from markdown_it import MarkdownIt
from markupsafe import Markup
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Keyword, Literal, _TokenType

# Only what helps the eye gets a colour: a tag around every word would triple a page.
_TAGS = (
    (Literal.String, Markup("<i>{}</i>")),
    (Literal.Number, Markup("<u>{}</u>")),
    (Keyword, Markup("<b>{}</b>")),
)
_NO_TAG = Markup("{}")
_WEB = ("https://", "http://")
# What an id and a link to it hold as it is; the rest is escaped alike in both.
_PLAIN = "/.-_~[]()"


def anchor(*parts: str) -> str:
    """Make the id of a place in a page; a link to it is ``#`` and the same text."""
    return quote("".join(parts), safe=_PLAIN)


def web_address(text: str) -> str:
    """Give an address that a page may link to, else nothing: a script is an address too."""
    return text if text.lower().startswith(_WEB) else ""


def prose(text: Any) -> Markup:
    """Turn Markdown into markup. HTML in it stays text, and it can load nothing."""
    return Markup(_markdown().render(str(text))) if text else Markup()  # noqa: S704 (html is off)


def cel(source: str) -> Markup:
    """Colour the texts, numbers and words of an expression."""
    return Markup().join(
        tag.format(between_tags("".join(text for _, text in group)))
        for tag, group in groupby(_cel_lexer().get_tokens(source.strip()), _tag)
    )


def _tag(token: tuple[_TokenType, str]) -> Markup:
    kind = token[0]
    return next((tag for parent, tag in _TAGS if kind[: len(parent)] == parent), _NO_TAG)


def between_tags(text: str) -> Markup:
    """Escape text for between tags, where quotes may stay: JSON and CEL are full of them."""
    return Markup(escape(text, quote=False))  # noqa: S704 (escaped here)


@lru_cache
def _cel_lexer() -> Lexer:
    return get_lexer_by_name("cel", stripnl=False, ensurenl=False)


class _Prose(MarkdownIt):
    """Markdown that links to the web only, and loads nothing."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False})
        self.enable("table").disable("image")

    def validateLink(self, url: str) -> bool:  # noqa: N802 (the library's name)
        return bool(web_address(url))


@lru_cache
def _markdown() -> MarkdownIt:
    return _Prose()
