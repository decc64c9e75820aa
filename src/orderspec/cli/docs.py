"""`orderspec docs`: pages to read, made of what contracts say."""

from pathlib import Path

import click

from orderspec.cli.output import opened
from orderspec.contract import catalog
from orderspec.docs.site import FORMS, build
from orderspec.errors import UsageError


@click.command("docs")
@click.argument("providers", nargs=-1, metavar="[PROVIDER]...")
@click.option(
    "-o",
    "--output",
    "folder",
    default=Path("site"),
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the pages to DIR; it is made if it is not there.",
)
@click.option(
    "--format",
    "form",
    default="html",
    show_default=True,
    type=click.Choice(list(FORMS)),
    help="Write pages for a browser, or Markdown for a repository and for tools.",
)
def command(providers: tuple[str, ...], folder: Path, form: str) -> None:
    """Write a page for each PROVIDER, or for all, and a page that lists them.

    PROVIDER is a name, or the path of an OpenAPI 3.x description, which has no fixtures to show.
    The pages need no server, script or network: open DIR/index.html, or DIR/index.md.
    """
    known = catalog.providers()
    names = dict.fromkeys(providers or known)
    if not names:
        message = f"there is no contract in {catalog.spec_folder()}"
        raise UsageError(message, "A contract is <provider>/openapi.yaml in there.")
    files = build([(catalog.load(name), name in known) for name in names], folder, form)
    with opened(None, for_people=True) as write:
        write("".join(f"{file}\n" for file in files))
