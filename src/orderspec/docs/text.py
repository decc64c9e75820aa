"""Text on its way into a page: Markdown and CEL as markup, names as anchors."""

from collections.abc import MutableMapping
from functools import lru_cache
from html import escape
from itertools import groupby
from typing import Any
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.token import Token
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
_BELOW = "below"
_WEB = ("https://", "http://")
# What an id and a link to it hold as it is; the rest is escaped alike in both.
_PLAIN = "/.-_~[]()"


def anchor(*parts: str) -> str:
    """Make the id of a place in a page; a link to it is ``#`` and the same text."""
    return quote("".join(parts), safe=_PLAIN)


def web_address(text: str) -> str:
    """Give an address that a page may link to, else nothing: a script is an address too."""
    return text if text.lower().startswith(_WEB) else ""


def prose(text: Any, below: int = 3) -> Markup:
    """Turn Markdown into markup. HTML in it stays text, and it can load nothing.

    Args:
        text: the Markdown.
        below: the level of the heading that it stands below.
    """
    if not text:
        return Markup()
    return Markup(_markdown().render(str(text), {_BELOW: below}))  # noqa: S704 (html is off)


def sentence(text: str) -> Markup:
    """Turn Markdown of one line into markup without a paragraph around it."""
    return Markup(_markdown().renderInline(text))  # noqa: S704 (html is off)


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

    def parse(self, src: str, env: MutableMapping[str, Any] | None = None) -> list[Token]:
        """Parse; headings are lowered to where the text stands in the page."""
        tokens = super().parse(src, env)
        for token in tokens:
            if token.type.startswith("heading"):
                token.tag = f"h{min(6, int(token.tag[1:]) + (env or {}).get(_BELOW, 0))}"
        return tokens

    def validateLink(self, url: str) -> bool:  # noqa: N802 (the library's name)
        return bool(web_address(url))


@lru_cache
def _markdown() -> MarkdownIt:
    return _Prose()
