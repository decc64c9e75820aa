"""`orderspec serve`: the reference server of one provider, several or all."""

import logging
import sys
from collections.abc import Mapping

import click

from orderspec.contract import catalog
from orderspec.contract.model import Contract
from orderspec.server.app import DEFAULT_LIMITS, create_app
from orderspec.server.faults import behaviours, find_fault
from orderspec.server.listening import address_of, listen, serve
from orderspec.server.pages import Pages
from orderspec.server.provider import Behaviour
from orderspec.server.store import Store

_LEVELS = ("critical", "error", "warning", "info", "debug")


@click.command("serve")
@click.argument("providers", nargs=-1, metavar="[PROVIDER]...")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port",
    default=8080,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="0 takes a free one.",
)
@click.option(
    "--database",
    default="sqlite:///orderspec.db",
    show_default=True,
    metavar="URL",
    help="sqlite:///FILE, sqlite:// (in memory) or postgresql+psycopg://...",
)
@click.option("--fault", metavar="NAME", help="Seed a fault; `orderspec faults` lists them.")
@click.option(
    "--log-level",
    default="error",
    show_default=True,
    type=click.Choice(_LEVELS),
    help="What to log to standard error.",
)
def command(
    providers: tuple[str, ...],
    *,
    host: str,
    port: int,
    database: str,
    fault: str | None,
    log_level: str,
) -> None:
    """Serve one PROVIDER at its real paths, or several below /PROVIDER; without any, all.

    Their pages, on which each operation can be tried, are at /docs if the extra docs is installed.
    """
    logging.basicConfig(stream=sys.stderr, level=log_level.upper())
    chosen = behaviours(providers)
    seeded = find_fault(fault, chosen) if fault else None
    mounts = {
        "" if len(chosen) == 1 else f"/{name}": (catalog.load(name), behaviour)
        for name, behaviour in chosen.items()
    }
    listener = listen(host, port)
    store = Store(database)
    app = create_app(mounts, store, fault=seeded, pages=Pages(lambda: _pages(mounts)))
    notes = [
        *(_credential(prefix, one.credentials) for prefix, (_, one) in mounts.items()),
        f"database: {store}",
        *([f"fault: {fault}"] if fault else []),
    ]
    line = f"Serving {', '.join(chosen)} at {address_of(listener, host)} ({', '.join(notes)})"
    try:
        serve(app, listener, DEFAULT_LIMITS, lambda: click.echo(line))
    finally:
        store.close()


def _pages(mounts: Mapping[str, tuple[Contract, Behaviour]]) -> Mapping[str, bytes]:
    """Make the pages of what is served; none where the extra that makes them is missing."""
    try:
        from orderspec.docs.site import site  # noqa: PLC0415 (an extra, and only pages need it)
        from orderspec.docs.trial import Trial  # noqa: PLC0415 (the same extra)
    except ModuleNotFoundError:
        return {}
    contracts = [(contract, True) for contract, _ in mounts.values()]
    trials = {
        contract.name: Trial(base=prefix, credentials=behaviour.credentials)
        for prefix, (contract, behaviour) in mounts.items()
    }
    return site(contracts, trials)


def _credential(prefix: str, credentials: Mapping[str, str]) -> str:
    pairs = " ".join(f"{name}={value}" for name, value in credentials.items()) or "none"
    return f"{prefix} credential: {pairs}".lstrip()
