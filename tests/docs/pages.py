"""A page as a browser reads it: its tags, ids, links, and the text below each id."""

from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

# Elements that do not part words.
INLINE = {"a", "b", "code", "dfn", "em", "i", "small", "u"}


@dataclass
class Page(HTMLParser):
    """What was found on a page.

    Attributes:
        size: of the file, in bytes.
        tags: every element: its name and attributes.
        ids: in their order.
        parts: id to the text from there to the next one.
        code: the texts of the <pre> elements.
    """

    size: int = 0
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=lambda: defaultdict(str))
    code: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._in_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag not in INLINE and self.ids:
            self.parts[self.ids[-1]] += " "
        if tag == "pre":
            self._in_code = True
            self.code.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self._in_code = False

    def handle_data(self, data: str) -> None:
        if self.ids:
            self.parts[self.ids[-1]] += data
        if self._in_code:
            self.code[-1] += data

    @property
    def text(self) -> str:
        """All text, with single blanks."""
        return plain("".join(self.parts.values()))

    def targets(self, tag: str = "a") -> list[str]:
        """Where the links lead."""
        return [attributes["href"] for name, attributes in self.tags if name == tag]


def plain(text: str) -> str:
    """Make every run of blanks one blank: layout is no difference."""
    return " ".join(text.split())


def read(path: Path) -> Page:
    """Read a page."""
    page = Page(size=path.stat().st_size)
    page.feed(path.read_text("utf-8"))
    return page
