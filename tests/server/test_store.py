"""The store keeps orders and idempotency keys alike on every database."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from orderspec.errors import OrderspecError
from orderspec.server.provider import Claim, Reply, Transaction
from orderspec.server.store import ExpiredError, Store


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """Open a store on an empty database."""
    opened = Store(database)
    yield opened
    opened.close()


def replace(transaction: Transaction, name: str, document: dict[str, str]) -> tuple[None, bool]:
    transaction.replace_order(name, document)
    return None, True


def fill(transaction: Transaction, names: Iterable[str] = "abc") -> tuple[None, bool]:
    for name in names:
        transaction.insert_order(name, {"name": name})
    return None, True


def test_orders_are_listed_oldest_first_and_fetched_in_the_order_asked_for(store: Store) -> None:
    def look(transaction: Transaction) -> tuple[Any, bool]:
        listed = transaction.list_orders()
        fetched = transaction.orders(["c", "missing", "a", "c"])
        return (listed, fetched), False

    store.transact("toys", lambda transaction: fill(transaction, "bca"))
    listed, fetched = store.transact("toys", look)
    assert [order["name"] for order in listed] == ["b", "c", "a"]
    assert [order["name"] for order in fetched] == ["c", "a"]


@pytest.mark.parametrize("name", ["\0", "\ud83d", "\N{BEAR FACE}", "\\u0000", '"', "%_"])
def test_any_text_is_an_identifier(store: Store, name: str) -> None:
    store.transact("toys", lambda one: fill(one, [name]))
    assert store.transact("toys", lambda one: (one.order(name), False)) == {"name": name}
    assert store.transact("toys", lambda one: (one.orders([name]), False)) == [{"name": name}]


def test_each_provider_has_its_own_orders_and_keys(store: Store) -> None:
    store.transact("toys", fill)
    store.transact("toys", lambda one: (one.claim("op", "key", "f"), True))
    assert store.transact("games", lambda one: (one.order("a"), False)) is None
    assert store.transact("games", lambda one: (one.claim("op", "key", "f"), False)) is None
    store.transact("games", fill)


def test_an_order_is_found_by_its_aliases_among_those_of_its_provider(store: Store) -> None:
    def add(transaction: Transaction) -> tuple[None, bool]:
        transaction.insert_order("a", {"name": "a"}, aliases=["short", "\N{BEAR FACE}"])
        return None, True

    def read(transaction: Transaction) -> tuple[Any, bool]:
        return [transaction.order(alias) for alias in ("short", "\N{BEAR FACE}")], False

    store.transact("toys", add)
    assert store.transact("toys", read) == [{"name": "a"}, {"name": "a"}]
    assert store.transact("toys", lambda one: (one.order("shor"), False)) is None
    assert store.transact("games", lambda one: (one.order("short"), False)) is None


def test_a_replaced_order_keeps_its_place_and_a_missing_one_cannot_be_replaced(
    store: Store,
) -> None:
    store.transact("toys", fill)
    store.transact("toys", lambda one: replace(one, "a", {"name": "A"}))
    listed = store.transact("toys", lambda one: (one.list_orders(), False))
    assert [order["name"] for order in listed] == ["A", "b", "c"]
    with pytest.raises(LookupError):
        store.transact("toys", lambda one: replace(one, "x", {}))


def test_a_claimed_key_gives_the_first_fingerprint_and_reply(store: Store) -> None:
    reply = Reply(201, {"total": 2**70, "ok": None}, {"x-a": "b"})

    def first(transaction: Transaction) -> tuple[Claim | None, bool]:
        taken = transaction.claim("op", "k" * 10_000, "print\0")
        transaction.answer("op", "k" * 10_000, reply)
        return taken, True

    assert store.transact("toys", first) is None
    again = store.transact("toys", lambda one: (one.claim("op", "k" * 10_000, "other"), True))
    assert again == Claim("print\0", reply)
    assert store.transact("toys", lambda one: (one.claim("other", "k" * 10_000, ""), True)) is None


def test_work_that_does_not_commit_leaves_nothing(store: Store) -> None:
    def fail(transaction: Transaction) -> tuple[None, bool]:
        fill(transaction)
        raise ZeroDivisionError

    store.transact("toys", lambda one: (fill(one)[0], False))
    with pytest.raises(ZeroDivisionError):
        store.transact("toys", fail)
    with pytest.raises(ExpiredError):
        store.transact("toys", fill, may_commit=lambda: False)
    assert store.transact("toys", lambda one: (one.list_orders(), False)) == []


def test_what_is_committed_is_there_when_the_database_is_opened_again(database: str) -> None:
    first = Store(database)
    first.transact("toys", fill)
    first.close()
    second = Store(database)
    assert len(second.transact("toys", lambda one: (one.list_orders(), False))) == 3
    second.close()


@pytest.mark.parametrize(
    "address",
    [
        "orders.db",
        "mysql://root:secret@127.0.0.1/orders",
        "sqlite:////no/such/folder/orders.db",
        "postgresql://nobody:secret@127.0.0.1:1/none",
    ],
)
def test_a_database_that_does_not_open_is_told_without_its_password(address: str) -> None:
    with pytest.raises(OrderspecError) as caught:
        Store(address)
    assert caught.value.hint
    assert "secret" not in str(caught.value)
