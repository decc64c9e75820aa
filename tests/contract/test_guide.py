"""The guide of the spec tree names every word that a contract may use."""

import re

import pytest

from orderspec.contract.catalog import spec_folder
from orderspec.contract.lint.vocabulary import (
    EVERYWHERE,
    FORMATS,
    ON_BUNDLED_FILES,
    ON_RULED_OBJECTS,
    ON_SCHEMAS,
)
from orderspec.rules.functions import NAMES

KEYWORDS = EVERYWHERE | ON_SCHEMAS | ON_BUNDLED_FILES | ON_RULED_OBJECTS
GUIDE = (spec_folder() / "README.md").read_text("utf-8")


@pytest.mark.parametrize("keyword", sorted(KEYWORDS))
def test_every_keyword_has_a_row(keyword: str) -> None:
    assert f"\n| `{keyword}` |" in GUIDE


def test_every_row_is_a_keyword_that_lint_knows() -> None:
    rows = set(re.findall(r"^\| `(x-[a-z-]+)` \|", GUIDE, re.MULTILINE))
    assert rows == KEYWORDS.keys()


@pytest.mark.parametrize("function", sorted(NAMES))
def test_every_function_has_a_row(function: str) -> None:
    assert re.search(rf"^\|[^|]*`{function}\(", GUIDE, re.MULTILINE)


@pytest.mark.parametrize("reason", [*KEYWORDS.values(), *FORMATS.values()])
def test_every_word_beyond_json_schema_has_a_reason(reason: str) -> None:
    assert reason.strip()
