"""`orderspec list`: the providers, and what the contract of each holds."""

from collections.abc import Collection, Iterable, Iterator, Sequence

import click

from orderspec.cli.output import opened
from orderspec.contract import catalog
from orderspec.contract.model import Contract
from orderspec.report.json_form import dumps
from orderspec.report.text import printable


@click.command("list")
@click.argument("provider", required=False)
@click.option(
    "--format", "form", default="text", show_default=True, type=click.Choice(("text", "json"))
)
def command(provider: str | None, form: str) -> None:
    """List all providers, or the operations, schemas and rules of PROVIDER.

    PROVIDER is a name, or the path of an OpenAPI 3.x description.
    """
    names = [provider] if provider else catalog.providers()
    contracts = [catalog.load(name) for name in names]
    with opened(None, for_people=form == "text") as write:
        if form == "json":
            write(dumps({"format": 1, "providers": [_form(contract) for contract in contracts]}))
        elif provider:
            write("".join(f"{line}\n" for line in _details(contracts[0])))
        else:
            write("".join(f"{line}\n" for line in _overview(contracts)))


def _form(contract: Contract) -> dict[str, object]:
    return {
        "name": contract.name,
        "operations": list(contract.operations),
        "schemas": list(contract.schemas),
        "rules": sorted(contract.rules),
    }


def _overview(contracts: Sequence[Contract]) -> Iterator[str]:
    head = ("PROVIDER", "OPERATIONS", "SCHEMAS", "RULES", "TITLE")
    rows = [
        (
            contract.name,
            str(len(contract.operations)),
            str(len(contract.schemas)),
            str(len(contract.rules)),
            str(contract.document.get("info", {}).get("title", "")),
        )
        for contract in contracts
    ]
    return _table([head, *rows])


def _details(contract: Contract) -> Iterator[str]:
    yield printable(f"{contract.name}: {contract.document.get('info', {}).get('title', '')}")
    yield from ("", f"operations ({len(contract.operations)})")
    yield from _table(
        (f"  {operation.id}", operation.method, operation.path)
        for operation in contract.operations.values()
    )
    yield from ("", f"schemas ({len(contract.schemas)})")
    yield from (printable(f"  {title}") for title in contract.schemas)
    counted_on = {name for name, rule in contract.rules.items() if rule.refusal == "unsure"}
    yield from _rules(contract, "rules", contract.rules.keys() - counted_on)
    if counted_on:
        yield from _rules(contract, "what campaigns count on", counted_on)


def _rules(contract: Contract, title: str, names: Collection[str]) -> Iterator[str]:
    yield from ("", f"{title} ({len(names)})")
    yield from _table((f"  {name}", contract.rules[name].message) for name in sorted(names))


def _table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    shown = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
