"""No member of a document goes without its row, and no row lacks anything."""

from functools import lru_cache

import pytest

from orderspec.contract import catalog
from orderspec.coverage import coverage
from orderspec.findings import Coverage

each_provider = pytest.mark.parametrize("provider", catalog.providers())


@lru_cache
def covered(provider: str) -> Coverage:
    return coverage(catalog.load(provider))


@each_provider
def test_the_document_of_a_contract_has_tables(provider: str) -> None:
    """An empty table would let every other test here pass."""
    main = next(iter(catalog.load(provider).sources.values()))
    assert main.tables
    assert {row.source for row in covered(provider).rows} >= {main.id}


@each_provider
def test_every_row_is_whole(provider: str) -> None:
    rows = covered(provider).rows
    assert [f"{row.table}: {row.printed}: {gap}" for row in rows for gap in row.gaps] == []
    for row in rows:
        assert row.file
        assert row.evidence
        assert row.shown
        assert bool(row.broken) is not row.is_open


@each_provider
def test_every_member_of_a_tabled_source_has_a_row(provider: str) -> None:
    assert covered(provider).gaps == ()
