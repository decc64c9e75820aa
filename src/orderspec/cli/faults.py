"""`orderspec faults`: the defects that can be seeded into the reference servers."""

from collections.abc import Iterator, Mapping

import click

from orderspec.cli.output import opened
from orderspec.report.json_form import dumps
from orderspec.server.faults import behaviours
from orderspec.server.provider import Behaviour


@click.command("faults")
@click.argument("provider", required=False)
@click.option(
    "--format", "form", default="text", show_default=True, type=click.Choice(("text", "json"))
)
def command(provider: str | None, form: str) -> None:
    """List the seeded faults of PROVIDER, or of all."""
    found = behaviours((provider,) if provider else ())
    with opened(None, for_people=form == "text") as write:
        if form == "json":
            write(dumps({"format": 1, "providers": _form(found)}))
        else:
            write("".join(f"{line}\n" for line in _lines(found)))


def _form(found: Mapping[str, Behaviour]) -> list[dict[str, object]]:
    return [
        {
            "name": name,
            "faults": [
                {
                    "name": fault.name,
                    "stratum": fault.stratum,
                    "summary": fault.summary,
                    "rare": fault.rare,
                }
                for fault in behaviour.faults
            ],
        }
        for name, behaviour in found.items()
    ]


def _lines(found: Mapping[str, Behaviour]) -> Iterator[str]:
    for name, behaviour in found.items():
        yield f"{name}: {len(behaviour.faults)} faults"
        width = max((len(fault.name) for fault in behaviour.faults), default=0)
        for fault in behaviour.faults:
            rare = f" Rare: {fault.rare}" if fault.rare else ""
            yield f"  {fault.name:{width}}  {fault.stratum:10}  {fault.summary}{rare}"
