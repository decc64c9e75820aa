"""A contract may hold any text; in a page it stays text, and in a shell it stays one word."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from orderspec.contract import catalog
from orderspec.docs.site import build
from orderspec.docs.text import prose, web_address
from tests.docs.pages import Page, read

HTML = """<script>alert(1)</script>"><img src=x onerror='alert(1)'></style></pre><svg onload=x>"""
SHELL = "';touch owned;'$(touch owned)`touch owned`\"$(touch owned)\\"
EVIL = f"{HTML} {SHELL} {{{{ 7*7 }}}} {{% raw %}}"


def description(evil: str) -> dict[str, Any]:
    """Put a text wherever a contract has room for one."""
    evidence = {"source": evil, "level": "inferred", "note": evil}
    rule = {"id": f"rule {evil}", "check": "1 == 1", "message": evil, "x-evidence": evidence}
    words = {"description": evil, "x-evidence": evidence}
    value = {
        "type": "string", "pattern": evil, "enum": [evil], "default": evil, "examples": [evil],
        "format": evil, "unknown": evil, "x-names": evil, **words,
    }  # fmt: skip
    link = {"operationId": evil, "parameters": {evil: evil}, "x-rules": [rule], **words}
    answer = {
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
        "headers": {evil: words},
        "links": {evil: link},
        **words,
    }
    operation = {
        "operationId": evil,
        "summary": evil,
        "parameters": [{"name": evil, "in": "query", "schema": value, **words}],
        "requestBody": {
            "content": {
                evil: {"schema": value},
                "application/json": {"schema": value, "example": {evil: evil}},
            }
        },
        "responses": {"200": answer, evil: words},
        **words,
    }
    thing = {
        "title": evil, "type": "object", "properties": {evil: value}, "required": [evil],
        "oneOf": [{"properties": {evil: value}}, {"not": value}], **words,
    }  # fmt: skip
    scheme = {"type": "apiKey", "in": "header", "name": evil, "description": evil}
    return {
        "openapi": "3.1.0",
        "info": {"title": evil, "summary": evil, "version": evil, "description": evil},
        "servers": [{"url": evil, "description": evil}],
        "security": [{evil: []}],
        "paths": {f"/{evil}": {"post": operation}},
        "components": {"schemas": {"Thing": thing, evil: value}, "securitySchemes": {evil: scheme}},
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    content = description(EVIL)
    (folder / "openapi.yaml").write_text(yaml.safe_dump(content), "utf-8")
    source = {"title": EVIL, "address": "javascript:alert(1)", "date": EVIL}
    (folder / "sources.yaml").write_text(yaml.safe_dump({"sources": {EVIL: source}}), "utf-8")
    return folder


@pytest.fixture(scope="module")
def pages(folder: Path) -> list[Page]:
    contract = catalog.load(str(folder / "openapi.yaml"))
    return [read(file) for file in build([(contract, False)], folder / "site")]


def test_hostile_text_becomes_no_element(pages: list[Page]) -> None:
    for page in pages:
        found = {tag for tag, _ in page.tags}
        assert "main" in found
        assert not found & {"img", "image", "use", "foreignObject"}
        assert [a for tag, a in page.tags if tag == "script"] == [{"src": "site.js"}]
        for tag, attributes in page.tags:
            assert not [name for name in attributes if name.startswith("on")], tag
            assert "<" not in "".join(attributes.keys())
    assert pages[1].text.count("<script>alert(1)</script>") > 30
    assert "onload" not in {name for page in pages for _, found in page.tags for name in found}


def test_no_link_runs_a_script(pages: list[Page]) -> None:
    for page in pages:
        for target in page.targets():
            assert "javascript" not in target
            assert target.startswith(
                ("#", "openapi", "index", "glossary", "hostile", "https://cel.dev")
            )


def test_every_link_inside_a_hostile_page_leads_somewhere(pages: list[Page]) -> None:
    index, page, _ = pages
    assert len(page.ids) == len(set(page.ids))
    inside = [target[1:] for target in page.targets() if target.startswith("#")]
    inside += [target.partition("#")[2] for target in index.targets() if "#" in target]
    assert set(inside) <= set(page.ids)
    assert len(inside) > 10


def test_a_command_line_runs_nothing_but_curl(pages: list[Page], tmp_path: Path) -> None:
    commands = [code for code in pages[1].code if code.startswith("curl ")]
    assert commands
    for command in commands:
        script = f'curl() {{ printf "%s\\n" "$@"; }}\n{command}'
        done = subprocess.run(
            ["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert done.stderr == ""
        assert SHELL in done.stdout
    assert not list(tmp_path.iterdir())


DANGEROUS = [
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](JaVaScRiPt:alert(1))",
    "<javascript:alert(1)>",
    "![x](https://elsewhere.example/pixel.png)",
    "<img src='https://elsewhere.example/pixel.png'>",
    "[x]\n\n[x]: javascript:alert(1)",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_markdown_neither_runs_nor_loads(text: str) -> None:
    page = Page()
    page.feed(f"<i id=a>{prose(text)}")
    assert {tag for tag, _ in page.tags} <= {"i", "p", "a"}
    assert [one for one in page.targets() if not one.startswith("https://")] == []


def test_markdown_keeps_its_form() -> None:
    text = "Sells **things**, see [there](https://shop.example/a?b=1&c=2).\n\n- one\n- two"
    assert prose(text) == (
        "<p>Sells <strong>things</strong>, see "
        '<a href="https://shop.example/a?b=1&amp;c=2">there</a>.</p>\n'
        "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"
    )


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:,x", "/doc/page.md", "file:///x"])
def test_only_addresses_of_the_web_are_linked(address: str) -> None:
    assert web_address(address) == ""
    assert web_address("https://shop.example") == "https://shop.example"
