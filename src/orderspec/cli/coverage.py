"""`orderspec coverage`: what defines, shows and breaks each member of a document."""

import sys
from pathlib import Path

import click

from orderspec.cli.output import OUTPUT_OPTION, opened
from orderspec.contract import catalog
from orderspec.coverage import coverage
from orderspec.errors import UsageError
from orderspec.report.console import takes_colour
from orderspec.report.coverage import coverage_form, coverage_markdown, coverage_text
from orderspec.report.json_form import dumps


@click.command("coverage")
@click.argument("providers", metavar="[PROVIDER]...", nargs=-1)
@click.option(
    "--format",
    "form",
    default="text",
    show_default=True,
    type=click.Choice(("text", "json", "markdown")),
)
@OUTPUT_OPTION
def command(providers: tuple[str, ...], form: str, output: Path | None) -> int:
    """Show for each member of the documents' tables what defines, shows and breaks it.

    The tables stand in the sources.yaml of each PROVIDER; without PROVIDER, of all. Exit codes:
    0 every row is whole, 1 something is missing, and the report says what to write, 2 something
    could not be read.
    """
    names = providers or tuple(catalog.providers())
    if not names:
        message = f"there is no contract in {catalog.spec_folder()}"
        raise UsageError(message, "A contract is <provider>/openapi.yaml in there.")
    contracts = [catalog.load(name) for name in names]
    titles = {one.id: one.title for contract in contracts for one in contract.sources.values()}
    reports = [coverage(contract) for contract in contracts]
    with opened(output, for_people=form == "text") as write:
        if form == "json":
            write(dumps(coverage_form(reports)))
        elif form == "markdown":
            write(coverage_markdown(reports, titles))
        else:
            colour = output is None and takes_colour(sys.stdout)
            write(coverage_text(reports, titles, colour=colour))
    return int(any(report.gaps or any(row.gaps for row in report.rows) for report in reports))
