"""Orders and idempotency keys in a database, one transaction a request."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from hashlib import sha256
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Table, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from orderspec import exact_json
from orderspec.server.database import aliases as other_names
from orderspec.server.database import claims, open_database, orders, persistently, shown
from orderspec.server.provider import Claim, Reply

T = TypeVar("T")

_INSERT: Mapping[str, Callable[[Table], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


class ExpiredError(Exception):
    """The client was told that time is up before the transaction could commit."""


class Store:
    """A database that every provider has its own orders and keys in."""

    def __init__(self, address: str) -> None:
        """Open the database.

        Raises:
            UsageError: it does not open.
            InstallError: its driver is not installed.
        """
        self._engine = open_database(address)
        # SQLite has one writer; waiting here is fair and cheap, waiting in SQLite is polling.
        single = self._engine.dialect.name == "sqlite"
        self._turn: AbstractContextManager[Any] = Lock() if single else nullcontext()

    def __str__(self) -> str:
        return shown(self._engine.url)

    def transact(
        self,
        provider: str,
        work: Callable[["StoreTransaction"], tuple[T, bool]],
        may_commit: Callable[[], bool] = lambda: True,
    ) -> T:
        """Do work in a transaction, again where the database asks for it.

        Args:
            provider: whose orders and keys.
            work: gives its result, and whether the writes are to stay; may be called repeatedly.
            may_commit: asked last, before the commit.

        Raises:
            ExpiredError: `may_commit` said no.
            SQLAlchemyError: the database failed for a reason that does not pass.
        """
        return persistently(lambda: self._once(provider, work, may_commit))

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _once(
        self,
        provider: str,
        work: Callable[["StoreTransaction"], tuple[T, bool]],
        may_commit: Callable[[], bool],
    ) -> T:
        with ExitStack() as stack:
            transaction = StoreTransaction(provider, self._engine, self._turn, stack)
            result, keep = work(transaction)
            if keep:
                if not may_commit():
                    raise ExpiredError
                transaction.commit()
            return result


class StoreTransaction:
    """One provider's view of the database; it begins with the first question that is asked."""

    def __init__(
        self,
        provider: str,
        engine: Engine,
        turn: AbstractContextManager[Any],
        stack: ExitStack,
    ) -> None:
        """Get ready.

        Args:
            provider: whose orders and keys.
            engine: the database.
            turn: entered before a connection is taken.
            stack: ends the transaction; what was not committed by then is undone.
        """
        self._provider = provider
        self._engine = engine
        self._turn = turn
        self._stack = stack
        self._connection: Connection | None = None

    def insert_order(
        self, order_id: str, document: Mapping[str, Any], aliases: Sequence[str] = ()
    ) -> None:
        """Store a new order, with other names that `order` finds it by."""
        self._begun.execute(
            insert(orders).values(
                provider=self._provider,
                order_id=_plain(order_id),
                document=exact_json.to_ascii(document),
            )
        )
        for alias in aliases:
            named = {"provider": self._provider, "alias": _plain(alias)}
            self._begun.execute(insert(other_names).values(**named, order_id=_plain(order_id)))

    def order(self, order_id: str) -> dict[str, Any] | None:
        """Read one order by its id or an alias, or None.

        Until the transaction ends, no other one changes it.
        """
        found = self._document(_plain(order_id))
        if found is None:
            named = self._begun.execute(
                select(other_names.c.order_id).where(
                    other_names.c.provider == self._provider,
                    other_names.c.alias == _plain(order_id),
                )
            ).scalar_one_or_none()
            found = None if named is None else self._document(named)
        return None if found is None else exact_json.from_text(found)

    def orders(self, order_ids: Sequence[str]) -> list[dict[str, Any]]:
        """Read the orders that exist, in the order of the ids, each once."""
        wanted = list(dict.fromkeys(_plain(order_id) for order_id in order_ids))
        rows = self._begun.execute(
            select(orders.c.order_id, orders.c.document).where(
                orders.c.provider == self._provider, orders.c.order_id.in_(wanted)
            )
        )
        documents = {row.order_id: row.document for row in rows}
        return [exact_json.from_text(documents[name]) for name in wanted if name in documents]

    def list_orders(self) -> list[dict[str, Any]]:
        """Read every order, oldest first."""
        rows = self._begun.execute(
            select(orders.c.document)
            .where(orders.c.provider == self._provider)
            .order_by(orders.c.sequence)
        ).scalars()
        return [exact_json.from_text(document) for document in rows]

    def replace_order(self, order_id: str, document: Mapping[str, Any]) -> None:
        """Store a new version of an order that exists.

        Raises:
            LookupError: it does not exist.
        """
        changed = self._begun.execute(
            update(orders).where(*self._is(order_id)).values(document=exact_json.to_ascii(document))
        )
        if changed.rowcount == 0:
            raise LookupError(order_id)

    def claim(self, operation: str, key: str, fingerprint: str) -> Claim | None:
        """Take an idempotency key, or learn what the request that took it first left.

        Where another transaction has taken the key and not ended yet, this waits for its end.
        """
        name = {"provider": self._provider, "operation": operation, "key_digest": _digest(key)}
        taken = self._begun.execute(
            _INSERT[self._engine.dialect.name](claims)
            .values(**name, fingerprint=_plain(fingerprint))
            .on_conflict_do_nothing()
        )
        if taken.rowcount == 1:
            return None
        row = self._begun.execute(
            select(claims.c.fingerprint, claims.c.reply).where(*self._claimed(operation, key))
        ).one()
        if row.reply is None:
            return None
        return Claim(_unplain(row.fingerprint), Reply(**exact_json.from_text(row.reply)))

    def answer(self, operation: str, key: str, reply: Reply) -> None:
        """Keep the reply to the request that claimed the key."""
        kept = {"status": reply.status, "body": reply.body, "headers": reply.headers}
        self._begun.execute(
            update(claims)
            .where(*self._claimed(operation, key))
            .values(reply=exact_json.to_ascii(kept))
        )

    def commit(self) -> None:
        """Make what was written last; nothing to do where the database was never asked."""
        if self._connection is not None:
            self._connection.commit()

    @property
    def _begun(self) -> Connection:
        if self._connection is None:
            self._stack.enter_context(self._turn)
            self._connection = self._stack.enter_context(self._engine.connect())
        return self._connection

    def _document(self, stored_id: str) -> str | None:
        document: str | None = self._begun.execute(
            select(orders.c.document)
            .where(orders.c.provider == self._provider, orders.c.order_id == stored_id)
            .with_for_update()
        ).scalar_one_or_none()
        return document

    def _is(self, order_id: str) -> tuple[ColumnElement[bool], ...]:
        return orders.c.provider == self._provider, orders.c.order_id == _plain(order_id)

    def _claimed(self, operation: str, key: str) -> tuple[ColumnElement[bool], ...]:
        return (
            claims.c.provider == self._provider,
            claims.c.operation == operation,
            claims.c.key_digest == _digest(key),
        )


def _plain(text: str) -> str:
    """Escape what a text column refuses (NUL, lone surrogates), one to one."""
    return exact_json.to_ascii(text)[1:-1]


def _unplain(text: str) -> str:
    unescaped: str = exact_json.from_text(f'"{text}"')
    return unescaped


def _digest(key: str) -> str:
    return sha256(exact_json.to_ascii(key).encode("ascii")).hexdigest()
