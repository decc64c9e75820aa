"""Databases for the tests: SQLite always, PostgreSQL where one answers."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SERVER = os.environ.get("ORDERSPEC_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/test")


@contextmanager
def postgresql() -> Iterator[str]:
    """Make a database on the server, and drop it in the end; skip where no server answers."""
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
    try:
        administrator = psycopg.connect(SERVER, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as problem:
        reason = str(problem).splitlines()[0]
        pytest.skip(f"no PostgreSQL answers at {SERVER.partition('@')[2]}: {reason}")
    name = f"orderspec_{secrets.token_hex(6)}"
    with administrator:
        administrator.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{SERVER.rpartition('/')[0]}/{name}"
        finally:
            administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of an empty database that outlives a process."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'orders.db'}"
    else:
        with postgresql() as address:
            yield address
