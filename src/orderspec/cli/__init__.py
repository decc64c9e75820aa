"""The command line: the only place of the kit that prints and ends the process."""

import gc
import os
from pathlib import Path

import click

from orderspec import __version__
from orderspec.cli.lazy import LazyCommands

# What `orderspec.contract.catalog` reads; importing it for its name would load the YAML parser.
_SPEC_VARIABLE = "ORDERSPEC_SPEC"
# Payloads are trees: looking for circles in them every 700 objects is a fifth of judging them.
_COLLECT_AFTER = 50_000


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--spec",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Take the contracts of DIR/<provider>/; ORDERSPEC_SPEC says the same.",
)
@click.version_option(__version__, prog_name="orderspec", message="%(prog)s %(version)s")
def main(spec: Path | None) -> None:
    """Executable contracts for order-creation APIs.

    Exit codes: 0 conforms, 1 findings of severity error, 2 the kit could not run, 3 too little was
    exercised to say.
    """
    gc.set_threshold(_COLLECT_AFTER)
    if spec:
        os.environ[_SPEC_VARIABLE] = str(spec)
