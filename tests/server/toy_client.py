"""A client of the toy server, in the same process."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.testclient import TestClient

from orderspec.server.app import create_app
from orderspec.server.faults import find_fault
from orderspec.server.store import Store
from tests.server import toy


@contextmanager
def toy_client(
    database: str = "sqlite://", *, fault: str | None = None, **options: Any
) -> Iterator[TestClient]:
    """Open a client with a credential; our own broken promises raise unless told otherwise."""
    seeded = find_fault(fault, {"toys": toy.BEHAVIOUR}) if fault else None
    options.setdefault("strict_self_check", True)
    store = Store(database)
    mounts = {"": (toy.contract(), toy.BEHAVIOUR)}
    app = create_app(mounts, store, fault=seeded, **options)
    client = TestClient(app, headers=toy.BEARER)
    try:
        yield client
    finally:
        client.close()
        store.close()
