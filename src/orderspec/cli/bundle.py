"""`orderspec bundle`: a provider's contract as one OpenAPI document in JSON."""

from pathlib import Path

import click

from orderspec.cli.output import OUTPUT_OPTION, opened
from orderspec.contract import catalog
from orderspec.contract.bundle import published
from orderspec.report.json_form import dumps


@click.command("bundle")
@click.argument("provider")
@OUTPUT_OPTION
def command(provider: str, output: Path | None) -> None:
    """Print the OpenAPI document of PROVIDER: a name, or the path of a description."""
    text = dumps(published(catalog.load(provider).document))
    with opened(output) as write:
        write(text)
