"""Text on its way into a page: Markdown and CEL as markup."""

from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from html import escape
from itertools import groupby
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Keyword, Literal, _TokenType

# Only what helps the eye gets a colour: a tag around every word would triple a page.
_TAGS = (
    (Literal.String, Markup("<i>{}</i>")),
    (Keyword, Markup("<b>{}</b>")),
)
_NO_TAG = Markup("{}")
_BELOW = "below"
_WEB = ("https://", "http://")


class Prose(Markup):
    """Markup that remembers the Markdown that it was made of.

    Attributes:
        tokens: the Markdown, parsed: headings are lowered, and only what is safe is left.
    """

    tokens: Sequence[Token] = ()


def web_address(text: str) -> str:
    """Give an address that a page may link to, else nothing: a script is an address too."""
    return text if text.lower().startswith(_WEB) else ""


def prose(text: Any, below: int = 3) -> Prose:
    """Turn Markdown into markup. HTML in it stays text, and it can load nothing.

    Args:
        text: the Markdown.
        below: the level of the heading that it stands below.
    """
    if not text:
        return Prose()
    return _made(_markdown().parse(str(text), {_BELOW: below}))


def sentence(text: str) -> Prose:
    """Turn Markdown of one line into markup without a paragraph around it."""
    return _made(_markdown().parseInline(text))


def _made(tokens: Sequence[Token]) -> Prose:
    parser = _markdown()
    made = Prose(parser.renderer.render(tokens, parser.options, {}))
    made.tokens = tokens
    return made


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
        """Parse; headings are lowered to where the text stands, and no style stands in a tag."""
        tokens = super().parse(src, env)
        for token in tokens:
            style = str(token.attrs.pop("style", ""))
            if style:
                token.attrSet("class", style.removeprefix("text-align:"))
            if token.type.startswith("heading"):
                token.tag = f"h{min(6, int(token.tag[1:]) + (env or {}).get(_BELOW, 0))}"
        return tokens

    def validateLink(self, url: str) -> bool:  # noqa: N802 (the library's name)
        return bool(web_address(url))


@lru_cache
def _markdown() -> MarkdownIt:
    return _Prose()
