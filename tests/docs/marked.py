"""A Markdown page as its reader sees it: places, links, code, tables, and what is raw HTML."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PLACE = re.compile(r'<a id="([^"<>]+)">')
_BAR = re.compile(r"(?<!\\)\|")


@dataclass
class Marked:
    """What was found on a page; HTML is on, so that whatever is HTML shows.

    Attributes:
        source: the Markdown.
        ids: of the places, in their order.
        parts: id to the text from there to the next one.
        code: language and text of the fenced blocks, by the id that they stand below.
        targets: where links lead.
        raw: whatever is neither text nor a place.
    """

    source: str
    ids: list[str] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=lambda: defaultdict(str))
    code: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    targets: list[str] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for token in self.tokens:
            self._read(token)

    @cached_property
    def tokens(self) -> list[Token]:
        """The parsed blocks."""
        return MarkdownIt("commonmark", {"html": True}).enable("table").parse(self.source)

    @property
    def text(self) -> str:
        """All text, with single blanks."""
        return " ".join(" ".join(self.parts.values()).split())

    @property
    def all_code(self) -> list[tuple[str, str]]:
        """Every fenced block."""
        return [one for some in self.code.values() for one in some]

    def tables(self) -> list[list[int]]:
        """Count the cells of each line of each table, as they stand in the source."""
        lines = self.source.split("\n")
        return [
            [len(_BAR.findall(line)) - 1 for line in lines[token.map[0] : token.map[1]]]
            for token in self.tokens
            if token.type == "table_open" and token.map
        ]

    def fences(self) -> list[tuple[str, str]]:
        """Give of each fenced block the mark that opens it, and the line that ends it."""
        lines = self.source.split("\n")
        return [
            (token.markup, lines[token.map[1] - 1].strip())
            for token in self.tokens
            if token.type == "fence" and token.map
        ]

    def _say(self, text: str) -> None:
        self.parts[self.ids[-1] if self.ids else ""] += text

    def _read(self, token: Token) -> None:
        match token.type:
            case "inline":
                self._say(" ")
                for child in token.children or ():
                    self._read(child)
                self._say(" ")
            case "text" | "code_inline":
                self._say(token.content)
            case "softbreak" | "hardbreak":
                self._say(" ")
            case "fence" | "code_block":
                self._say(f" {token.content} ")
                self.code[self.ids[-1] if self.ids else ""].append(
                    (token.info, token.content.removesuffix("\n"))
                )
            case "link_open":
                self.targets.append(str(token.attrs["href"]))
            case "html_inline" if found := _PLACE.fullmatch(token.content):
                self.ids.append(found[1])
            case "html_inline" if token.content == "</a>":
                pass
            case "html_inline" | "html_block" | "image":
                self.raw.append(token.content)
