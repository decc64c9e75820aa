"""Text becomes Markdown that says the same: what marks something there marks nothing by chance."""

import pytest
from markdown_it import MarkdownIt

from orderspec.contract import catalog
from orderspec.docs.text import prose, sentence
from orderspec.docs.written import Written, blocks, code, fenced, inline, outward, row, words
from tests.docs.marked import Marked
from tests.docs.pages import plain
from tests.docs.test_hostile import DANGEROUS, EVIL, HTML, SHELL

FENCES = "```\n</pre>\n~~~\n````\n# no heading\n| a | b |\n|---|---|\n- x\n\n    <b>code</b>\n\n***"
TRICKS = f"a | b \\| `c` \\` ``d\n\n{FENCES}\n\n[x](javascript:alert(1)) <!-- no --> &lt;b> {EVIL}"


@pytest.mark.parametrize("text", DANGEROUS)
def test_markdown_of_a_contract_neither_runs_nor_loads(text: str) -> None:
    for written in (blocks(prose(text)), row([prose(text), words(text), sentence(text)])):
        page = Marked(f"{written}\n")
        assert page.raw == []
        assert [one for one in page.targets if not one.startswith("https://")] == []


def test_an_address_that_is_none_of_the_web_is_only_shown() -> None:
    assert outward("x", "javascript:alert(1)") == "x `javascript:alert(1)`"
    assert outward("x|y", "https://a.example/(b)?c=1&d") == (
        "[x&#124;y](https://a.example/\\(b\\)?c=1&d)"
    )


def test_markdown_of_a_contract_stays_markdown() -> None:
    text = "Sells **things**, see [there](https://shop.example/a?b=1&c=2) <b>.\n\n- `a|b`\n- x_y"
    assert blocks(prose(text)) == text.replace("<b>", "&lt;b>")
    assert inline(prose(text)) == (
        "Sells **things**, see [there](https://shop.example/a?b=1&c=2) &lt;b>. • `a|b` • x_y"
    )


MARKDOWN = [
    "a\n# b\n\n## c #d \\#\n\ne\n===\n\n***\n\n> q\n> - r\n>\n>   s\n>   ***",
    "3. a\n\n   ```py x`\n   b\n\n   c\n   ```\n4. d\n   - e\n\n     f\n5. g\n\n- h\n* i",
    "| a | b |\n|:--|--:|\n| `x \\| y` | \\| z |\n| c |",
    "a\\\nb  \nc `` ` `` `  d ` ***e** f* __g__ _h_ i_j_k \\_l_ 2 * 3 * 4",
    '[a `b` *c*](https://d.example/(e)_f "g \\" & | <h>") <https://i.example>',
    "[j][k] and [k]\n\n[k]: https://l.example",
    "\\- a\n\\1. b\n1986\\. c\n\n&copy; &amp;lt; AT&T &lt;i> ~~x~~ !\\[y] \\`z\\`",
    "a\n\n    code\n\n+ \\+\n\n  ```\n  ```",
    FENCES,
    TRICKS,
]


def test_what_is_written_reads_as_what_it_was_made_of() -> None:
    texts = [*MARKDOWN, (catalog.spec_folder() / "README.md").read_text("utf-8")]
    texts += [path.read_text("utf-8") for path in catalog.spec_folder().glob("*/CHANGELOG.md")]
    for text in texts:
        assert prose(blocks(prose(text, 0)), 0) == prose(text, 0)


@pytest.mark.parametrize("text", ["", "`", "``a`", " a ", " ", "a\r\nb", "`` ` ```", "a|b\\|c\\"])
def test_code_is_read_as_it_was(text: str) -> None:
    tokens = MarkdownIt().parseInline(code(text))[0].children or []
    assert [one.content for one in tokens if one.type == "code_inline"] == (
        [text.replace("\r\n", " ")] if text else []
    )
    page = Marked(f"| a | b |\n|---|---|\n{row(['x', code(text)])}\n")
    assert page.tables() == [[2, 2, 2]]
    assert plain(page.parts[""]) == plain(f"a b x {text}")


def test_a_fence_is_longer_than_any_inside() -> None:
    (token,) = MarkdownIt().parse(fenced("a\n`````\n```js", "sh ```\n<b>"))
    assert (token.info, token.content, token.markup) == ("sh", "a\n`````\n```js\n", "``````")


@pytest.mark.parametrize(
    "text",
    ["# a", "- a", "+ a", "> a", "1. a", "2) a", "=== a", "--- a", "a\n\n    b", HTML, SHELL],
)
def test_plain_text_starts_no_block_and_marks_nothing(text: str) -> None:
    tokens = Marked(f"x\n{words(text)}\n\n{words(text)}\n").tokens
    assert {one.type for one in tokens} == {"paragraph_open", "inline", "paragraph_close"}
    said = [one.content for token in tokens for one in token.children or () if one.content]
    assert said == ["x", plain(text), plain(text)]
    assert isinstance(words(text), Written)
