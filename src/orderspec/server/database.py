"""Open the database: SQLite, a file or memory, or PostgreSQL."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from orderspec.errors import InstallError, UsageError

T = TypeVar("T")

ATTEMPTS = 6
LOCK_SECONDS = 10
_SQLITE_BUSY_OR_LOCKED = {5, 6}
_POSTGRESQL_TRANSIENT = {
    "40001",  # serialization failure
    "40P01",  # deadlock
    "55P03",  # lock not available in time
}
_CREATING = 7_067_322  # any number that all servers on one database agree on will do

metadata = MetaData()

orders = Table(
    "orders",
    metadata,
    Column(
        "sequence",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        comment="grows with each order: the order of listing",
    ),
    Column("provider", String(255), nullable=False),
    Column("order_id", Text, nullable=False),
    Column("document", Text, nullable=False),
    UniqueConstraint("provider", "order_id"),
)

aliases = Table(
    "aliases",
    metadata,
    Column("provider", String(255), primary_key=True),
    Column("alias", String(255), primary_key=True),
    Column("order_id", Text, nullable=False),
)

claims = Table(
    "claims",
    metadata,
    Column("provider", String(255), primary_key=True),
    Column("operation", String(255), primary_key=True),
    Column("key_digest", String(64), primary_key=True, comment="a key may be of any length"),
    Column("fingerprint", Text, nullable=False),
    Column("reply", Text, comment="null until the claimed request is answered"),
)


def open_database(address: str) -> Engine:
    """Open a database and make the tables that are not there.

    Args:
        address: ``sqlite://`` (memory), ``sqlite:///FILE`` or ``postgresql+psycopg://…``.

    Raises:
        UsageError: the address is none of these, or the database does not open.
        InstallError: the driver is not installed.
    """
    url = _url(address)
    try:
        engine = _engine(url)
        persistently(lambda: _make_tables(engine))
    except ModuleNotFoundError as missing:
        message = f"the driver for {shown(url)} is not installed"
        raise InstallError(message, "Run: pip install 'orderspec[postgres]'") from missing
    except SQLAlchemyError as problem:
        cause = str(problem.orig if isinstance(problem, DBAPIError) else problem).strip()
        message = f"the database {shown(url)} does not open: {cause.splitlines()[0]}"
        hint = "Check that the folder, or the server and its database, is there and may be written."
        raise UsageError(message, hint) from problem
    return engine


def shown(url: URL) -> str:
    """Write an address for people, without its password."""
    return "in memory" if is_memory(url) else url.render_as_string(hide_password=True)


def is_memory(url: URL) -> bool:
    """Tell whether the database vanishes with the process."""
    return url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}


def persistently(work: Callable[[], T]) -> T:
    """Do database work, again where it failed for a reason that passes: a lock, a conflict.

    Raises:
        SQLAlchemyError: the reason did not pass, or is of another kind.
    """
    for attempt in range(1, ATTEMPTS):
        try:
            return work()
        except DBAPIError as problem:
            if not is_transient(problem):
                raise
        time.sleep(0.01 * 2**attempt)
    return work()


def is_transient(problem: Exception) -> bool:
    """Tell whether the database failed such that the same work may succeed a moment later."""
    cause = problem.orig if isinstance(problem, DBAPIError) else None
    extended: int = getattr(cause, "sqlite_errorcode", 0)
    return (
        extended & 0xFF in _SQLITE_BUSY_OR_LOCKED
        or getattr(cause, "sqlstate", None) in _POSTGRESQL_TRANSIENT
    )


def _url(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError:
        url = None
    if url is not None and url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    if url is None or url.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
        named = shown(url) if url is not None else repr(address)
        hint = "Name one as sqlite:///orders.db or postgresql+psycopg://user:password@host/name."
        raise UsageError(f"{named} is not the address of a database that is known here", hint)
    return url


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        # One shared connection is what keeps a database in memory the same for every thread.
        options: dict[str, Any] = {"poolclass": StaticPool} if is_memory(url) else {}
        engine = create_engine(
            url,
            connect_args={"check_same_thread": False, "timeout": LOCK_SECONDS},
            **options,
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(url, isolation_level="READ COMMITTED", pool_pre_ping=True)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transactions begin too late to lock; ours begin in _begin_sqlite.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")


def _make_tables(engine: Engine) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CREATING})")
        metadata.create_all(connection)
