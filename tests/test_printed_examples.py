"""Examples that a document prints with mistakes: each is told so that it can be mended.

They are in tests/printed/<provider>/*.yaml: {schema, texts: [{text, tells}]}, where `tells` are
parts of the output of `orderspec validate` for the text, each mended one step further.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from orderspec.cli import main
from orderspec.contract import yaml_file

FOLDER = Path(__file__).parent / "printed"


def printed() -> Iterator[Any]:
    """Give the schema, the text and what is told of it."""
    for path in sorted(FOLDER.glob("*/*.yaml")):
        content: Any = yaml_file.load(path)
        schema = f"{path.parent.name}/{content['schema']}"
        for number, entry in enumerate(content["texts"]):
            name = f"{path.parent.name}-{path.stem}-{number}"
            yield pytest.param(schema, entry["text"], entry["tells"], id=name)


EVERY = list(printed())


def validated(folder: Path, text: str, *options: str) -> Result:
    (folder / "text.json").write_text(text, "utf-8")
    return CliRunner().invoke(main, ["validate", "text.json", *options])


def test_there_is_an_example() -> None:
    assert EVERY


@pytest.mark.parametrize("schema,text,tells", EVERY)
def test_what_is_wrong_with_a_printed_example_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, schema: str, text: str, tells: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    result = validated(tmp_path, text, "--schema", schema)
    assert result.exit_code in (1, 2)
    assert [one for one in tells if one not in result.output] == []


@pytest.mark.parametrize("schema,text,tells", EVERY)
def test_a_printed_example_that_is_json_is_known_without_being_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, schema: str, text: str, tells: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    result = validated(tmp_path, text)
    assert result.exit_code in (1, 2)
    if result.exit_code == 1:
        assert f"text.json: taken for {schema}" in result.output
    assert [one for one in tells if one not in result.output] == []
