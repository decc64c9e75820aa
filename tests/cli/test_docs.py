"""`orderspec docs` writes pages; a sixth provider needs nothing but its folders."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import SPEC, Run
from tests.docs.pages import plain, read

PLAIN = SPEC.parents[1] / "docs" / "plain.yaml"


def test_without_a_name_every_contract_gets_a_page(run: Run, tmp_path: Path) -> None:
    result = run("docs")
    assert (result.exit_code, result.stdout) == (
        0,
        "site/index.html\nsite/shop.html\nsite/glossary.html\n",
    )
    made = sorted(path.name for path in (tmp_path / "site").iterdir())
    assert made == [
        *("glossary.html", "index.html", "search.js", "shop.html"),
        *("shop.openapi.json", "shop.schema.json", "site.css", "site.js"),
    ]
    assert "A basket holds something" in (tmp_path / "site" / "shop.html").read_text("utf-8")


def test_the_pages_can_be_markdown(run: Run, tmp_path: Path) -> None:
    result = run("docs", "--format", "markdown", "-o", "notes")
    assert (result.exit_code, result.stdout) == (
        0,
        "notes/index.md\nnotes/shop.md\nnotes/glossary.md\n",
    )
    made = sorted(path.name for path in (tmp_path / "notes").iterdir())
    assert made == ["glossary.md", "index.md", "shop.md", "shop.openapi.json", "shop.schema.json"]
    assert "A basket holds something" in (tmp_path / "notes" / "shop.md").read_text("utf-8")


def test_a_form_that_no_page_can_have_is_refused(run: Run, tmp_path: Path) -> None:
    result = run("docs", "--format", "word")
    assert result.exit_code == 2
    assert "'html', 'markdown'" in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_description_given_by_path_gets_a_page(run: Run, tmp_path: Path) -> None:
    result = run("docs", "shop", str(PLAIN), "-o", "a/b")
    assert result.exit_code == 0
    index = (tmp_path / "a" / "b" / "index.html").read_text("utf-8")
    assert "href=plain.html" in index
    assert "href=shop.html" in index


def test_another_spec_tree_brings_its_contracts_and_fixtures(run: Run, tmp_path: Path) -> None:
    shutil.copytree(SPEC, tmp_path / "tree" / "spec")
    folder = tmp_path / "tree" / "fixtures" / "shop" / "CreateBasketRequest"
    (folder / "valid").mkdir(parents=True)
    (folder / "invalid").mkdir()
    right = {"buyer": "b", "pieces": 2}
    violates = [{"at": "/pieces", "clause": "shop.basket.pieces"}]
    wrong = {"violates": violates, "payload": right | {"pieces": 0}}
    (folder / "valid" / "two.json").write_text(json.dumps(right), "utf-8")
    (folder / "invalid" / "none.json").write_text(json.dumps(wrong), "utf-8")
    assert run("--spec", "tree/spec", "docs").exit_code == 0
    page = plain(read(tmp_path / "site" / "shop.html").parts["shop.basket.pieces"])
    assert "Example: expected at least 1, got 0" in page
    assert "CreateBasketRequest/ + valid/two - invalid/none, at /pieces" in page
    assert '+ {"pieces": 2, …} - {"pieces": 0, …}' in page


def test_an_unknown_provider_writes_nothing(run: Run, tmp_path: Path) -> None:
    result = run("docs", "shopp")
    assert result.exit_code == 2
    assert "Did you mean shop?" in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_file_is_no_folder_to_write_to(run: Run, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", "utf-8")
    result = run("docs", "-o", "taken")
    assert result.exit_code == 2
    assert "taken" in result.stderr


def test_a_fixture_that_is_no_json_is_told_with_its_file(run: Run, tmp_path: Path) -> None:
    shutil.copytree(SPEC, tmp_path / "tree" / "spec")
    folder = tmp_path / "tree" / "fixtures" / "shop" / "Basket" / "valid"
    folder.mkdir(parents=True)
    (folder / "odd.json").write_text("{", "utf-8")
    result = run("--spec", "tree/spec", "docs")
    assert result.exit_code == 2
    assert "odd.json" in result.stderr
    by_path = run("--spec", "tree/spec", "docs", "tree/spec/shop/openapi.yaml")
    assert by_path.exit_code == 0, "a description given by path has no fixtures"


def test_the_extra_to_install_is_named_where_the_templates_cannot_be_read(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['jinja2'] = None; sys.argv = ['orderspec', 'docs']\n"
        "from orderspec.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "ORDERSPEC_SPEC": str(SPEC)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "pip install 'orderspec[docs]'" in done.stderr
