"""Text on its way into a Markdown page: what is only text stays text, whatever it holds."""

import re
from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import quote

from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from orderspec.docs.text import Prose, web_address

_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_BREAKS = re.compile(r"\r\n?|\n")
_RUNS = re.compile(r"`+")
# A mark anywhere; but an underscore inside a word, as in names, marks nothing.
_MARKS = re.compile(r"[\\`*~\[\]]|(?<![^\W_])_|_(?![^\W_])|!(?=\[|$)|(?<!\S)#")
# What makes a block of a line that starts with it.
_STARTS = re.compile(r"^( ?)(?=[-+=>:])|^( ?\d{1,9})(?=[.)](?:\s|$))")
# What would be read as a character.
_ENTITY = re.compile(r"&(?=#|[A-Za-z]\w*;|$)")
# What stays as it is in an address; a per cent sign is there on purpose.
_IN_ADDRESS = ";/?:@&=+$,-_.!~*'()#%"
_ALIGNED = {"left": ":---", "right": "---:", "center": ":---:"}
_RULE = "___"


class Written(str):
    """Text that is Markdown already.

    A vertical bar stands in it as it is only inside of code: everywhere else it is an entity.
    """

    __slots__ = ()


def words(text: object, *, starts: bool = True) -> Written:
    """Write plain text, in one line.

    Args:
        text: the text; runs of blanks become one.
        starts: whether it may stand at the start of a line.
    """
    line = _MARKS.sub(r"\\\g<0>", _BLANKS.sub(" ", str(text)))
    if starts:
        line = _STARTS.sub(r"\g<0>\\", line)
    return Written(_ENTITY.sub("&amp;", line).replace("<", "&lt;").replace("|", "&#124;"))


def code(text: object) -> Written:
    """Write code that stands in a line; nothing if it is empty."""
    inside = _BREAKS.sub(" ", str(text))
    mark = "`" * (_longest(inside) + 1)
    is_padded = inside.strip(" ") and inside.startswith(("`", " ")) | inside.endswith(("`", " "))
    pad = " " if is_padded else ""
    return Written(f"{mark}{pad}{inside}{pad}{mark}" if inside else "")


def fenced(text: str, language: str = "") -> Written:
    """Write code as a block; its fence is longer than any that the code holds."""
    fence = "`" * max(3, _longest(text) + 1)
    words_of = re.match(r"[\w+#-]*", language)
    info = words_of[0] if words_of else ""
    content = _BREAKS.sub("\n", text)
    end = "" if content.endswith("\n") or not content else "\n"
    return Written(f"{fence}{info}\n{content}{end}{fence}")


def place(anchor: str) -> Written:
    """Write a place that links can lead to; it is the only element of a page."""
    return Written(f'<a id="{escape(anchor)}"></a>')


def leading(text: object, anchor: str, name: str = "") -> Written:
    """Write a link to a place.

    Args:
        text: of the link.
        anchor: the id of the place, or nothing for the whole page.
        name: of the page, without suffix, if it is another one.
    """
    file = quote(f"{name}.md", safe="") if name else ""
    # The id itself holds per cent signs, so they are escaped once more: readers undo that once.
    fragment = f"#{quote(anchor, safe='/:')}" if anchor else ""
    return Written(f"[{words(text, starts=False)}]({file}{fragment})")


def outward(text: object, address: str) -> Written:
    """Write a link to the web; another address stands beside the text as code."""
    if not web_address(address):
        return Written(f"{words(text)} {code(address)}".strip())
    return Written(f"[{words(text, starts=False)}]({_address(address)})")


def row(cells: Iterable[object]) -> Written:
    """Write a row of a table."""
    written = (inline(one).replace("\n", " ").replace("|", r"\|").strip() for one in cells)
    return Written(f"| {' | '.join(written)} |")


def inline(value: object) -> Written:
    """Write anything into a line: Markdown as it is, blocks one after the other, text as words."""
    match value:
        case Written():
            return value
        case Prose(tokens=tokens) if tokens:
            return Written(" ".join(_flat(SyntaxTreeNode(tokens))))
        case Markup():
            return words(value.striptags())
        case _:
            return words(value)


def blocks(text: Prose) -> Written:
    """Write prose with its paragraphs, lists, tables and code."""
    return Written(_joined(SyntaxTreeNode(text.tokens)) if text.tokens else inline(text))


def _longest(text: str) -> int:
    return max((len(run) for run in _RUNS.findall(text)), default=0)


def _address(address: str) -> str:
    kept = _ENTITY.sub("&amp;", quote(address, safe=_IN_ADDRESS))
    return kept.replace("(", r"\(").replace(")", r"\)")


def _flat(node: SyntaxTreeNode) -> Iterator[str]:
    match node.type:
        case "inline":
            yield _line(node, " ")
        case "fence" | "code_block":
            yield code(node.content.strip())
        case "list_item":
            yield " ".join(["•", *(part for child in node.children for part in _flat(child))])
        case _:
            for child in node.children:
                yield from _flat(child)


def _line(node: SyntaxTreeNode, end: str) -> str:
    """Write what stands in a line; `end` is put where a line ends in the source."""
    written = ""
    for child in node.children:
        match child.type:
            case "text":
                starts = not written.strip() or written.endswith("\n")
                written += words(child.content, starts=starts)
            case "code_inline":
                written += code(child.content)
            case "softbreak":
                written += end
            case "hardbreak":
                written += "\\\n" if end == "\n" else end
            case "em" | "strong":
                written += f"{child.markup}{_line(child, end).strip()}{child.markup}"
            case "link" if not web_address(str(child.attrs["href"])):
                written += _line(child, end)
            case "link":
                title = words(child.attrs.get("title", "")).replace('"', r"\"")
                told = f' "{title}"' if title else ""
                written += f"[{_line(child, end)}]({_address(str(child.attrs['href']))}{told})"
            case _:
                written += words(child.content)
    return written


def _joined(node: SyntaxTreeNode) -> str:
    return "\n\n".join(_block(child) for child in node.children)


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "inline":
            written = _line(node, "\n")
        case "paragraph":
            written = _block(node.children[0])
        case "heading":
            written = f"{'#' * int(node.tag[1:])} {_line(node.children[0], ' ')}"
        case "fence" | "code_block":
            written = fenced(node.content, node.info)
        case "bullet_list" | "ordered_list":
            written = _list(node)
        case "blockquote":
            written = _indented(_joined(node), "> ", "> ")
        case "table":
            written = "\n".join(_table(node))
        case "hr":
            written = _RULE
        case _:
            written = words(node.content)
    return written


def _list(node: SyntaxTreeNode) -> str:
    items = []
    is_tight = True
    first = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, first):
        mark = f"{number}{item.markup}" if node.type == "ordered_list" else item.markup
        inside = ""
        for child in item.children:
            # A list may follow its paragraph at once; anything else might become a part of it.
            is_close = child.type.endswith("_list") and item.children[0].hidden
            inside += ("\n" if is_close else "\n\n") * bool(inside) + _block(child)
            is_tight &= child.type != "paragraph" or child.hidden
        items.append(_indented(inside, f"{mark} ", " " * (len(mark) + 1)).rstrip())
    return ("\n" if is_tight else "\n\n").join(items)


def _indented(text: str, first: str, rest: str) -> str:
    line, *others = text.split("\n")
    return "\n".join([first + line, *(rest + one if one else rest.rstrip() for one in others)])


def _table(node: SyntaxTreeNode) -> Iterator[str]:
    head, *body = (line for part in node.children for line in part.children)
    yield row(_cells(head))
    aligned = (_ALIGNED.get(str(one.attrs.get("class")), "---") for one in head.children)
    yield f"|{'|'.join(aligned)}|"
    for line in body:
        yield row(_cells(line))


def _cells(line: SyntaxTreeNode) -> Iterator[Written]:
    return (Written(_line(one.children[0], " ")) for one in line.children)
