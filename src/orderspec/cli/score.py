"""`orderspec score`: what share of wrong answers a contract would catch, and which survive."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from orderspec.cli.output import OUTPUT_OPTION, opened
from orderspec.cli.progress import progress_line
from orderspec.contract import catalog
from orderspec.errors import UsageError
from orderspec.fuzz.settings import Settings
from orderspec.report.console import takes_colour
from orderspec.report.json_form import dumps
from orderspec.report.score import saved_form, score_form, score_text
from orderspec.score.recording import Recording, record
from orderspec.score.scoring import Effort, score
from orderspec.scores import SAVED
from orderspec.server.faults import behaviour, names
from orderspec.server.process import running_server

_LONGEST = 300.0


@click.command("score")
@click.argument("provider")
@click.option(
    "--seed",
    default=1,
    show_default=True,
    type=click.IntRange(0),
    help="The same seed makes the same wrong answers.",
)
@click.option(
    "--max-mutants",
    default=8000,
    show_default=True,
    type=click.IntRange(1),
    metavar="N",
    help="Wrong answers to judge.",
)
@click.option(
    "--max-examples",
    default=10,
    show_default=True,
    type=click.IntRange(1),
    metavar="N",
    help="Generated requests for each operation of the campaign that is recorded.",
)
@click.option(
    "--workers",
    default=os.cpu_count() or 1,
    show_default="one a processor",
    type=click.IntRange(1, 64),
    metavar="N",
    help="Processes that judge.",
)
@click.option("--survivors", "every", is_flag=True, help="Name all members and survivors.")
@click.option("--save", is_flag=True, help="Keep the score in short beside the contract.")
@click.option("--format", "form", default="text", type=click.Choice(["text", "json"]))
@OUTPUT_OPTION
def command(
    provider: str,
    *,
    seed: int,
    max_mutants: int,
    max_examples: int,
    workers: int,
    every: bool,
    save: bool,
    form: str,
    output: Path | None,
) -> int:
    """Measure what the contract of PROVIDER catches.

    Records a campaign against the reference server, puts one fault at a time into what it
    answered, and judges each wrong answer by the contract. What survives is a hole in the contract,
    or another right answer; survivors.yaml beside the contract says why. Exit codes: 0 measured,
    2 could not run.
    """
    contract = catalog.load(provider)
    if contract.name not in names():
        message = f"there is no reference server for {contract.name!r}, so nothing to record"
        raise UsageError(message)
    with progress_line() as show:
        recording = _recording(provider, seed, max_examples, show)
        scored = score(
            contract,
            catalog.spec_folder() / contract.name,
            recording,
            Effort(seed, max_mutants, workers),
            lambda judged, of: show(f"{judged} of {of} wrong answers judged"),
        )
    if save:
        kept = catalog.spec_folder() / contract.name / SAVED
        kept.write_text(dumps(saved_form(scored)), "utf-8")
    with opened(output, for_people=form == "text") as write:
        if form == "json":
            write(dumps(score_form(scored)))
        else:
            colour = output is None and takes_colour(sys.stdout)
            write(score_text(scored, every=every, colour=colour))
    return 0


def _recording(
    provider: str, seed: int, max_examples: int, show: Callable[[str], None]
) -> Recording:
    with running_server(provider) as address:
        settings = Settings(
            url=address,
            seed=seed,
            credentials=dict(behaviour(provider).credentials),
            examples_exist=True,
            max_time=_LONGEST,
            max_examples=max_examples,
        )
        return record(
            catalog.load(provider), settings, lambda now: show(f"{now.requests} requests recorded")
        )
