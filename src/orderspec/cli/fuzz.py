"""`orderspec fuzz`: a campaign against a running API, or against the reference server."""

import os
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from orderspec.cli.failures import tell
from orderspec.contract import catalog
from orderspec.contract.model import Contract
from orderspec.errors import UsageError
from orderspec.findings import CampaignReport, Verdict
from orderspec.fuzz.campaign import run
from orderspec.fuzz.curl import VARIABLE_PREFIX, variable
from orderspec.fuzz.settings import Progress, Settings
from orderspec.report.campaign import campaign_form, campaign_text
from orderspec.report.console import takes_colour
from orderspec.report.json_form import dumps

_EXIT_CODES = {Verdict.CONFORMS: 0, Verdict.VIOLATIONS: 1, Verdict.INCONCLUSIVE: 3}
_LARGEST_SEED = 2**31 - 1


@click.command("fuzz")
@click.argument("provider")
@click.option("--url", metavar="URL", help="Where the API runs; without it, a reference server.")
@click.option(
    "--credential",
    "credentials",
    multiple=True,
    metavar="NAME=VALUE",
    help=f"A secret, named as its security scheme; {VARIABLE_PREFIX}<NAME> says the same.",
)
@click.option(
    "--value",
    "values",
    multiple=True,
    metavar="NAME=VALUE",
    help="Something that exists on the server, such as location=L1.",
)
@click.option(
    "--max-time", default=60.0, show_default=True, type=click.FloatRange(1), help="Seconds."
)
@click.option(
    "--max-examples",
    default=100,
    show_default=True,
    type=click.IntRange(1),
    help="Generated requests for each operation.",
)
@click.option("--seed", type=click.IntRange(0), help="The same seed makes the same requests.")
@click.option(
    "--timeout",
    default=10.0,
    show_default=True,
    type=click.FloatRange(0.1),
    help="Seconds an answer.",
)
@click.option("--fault", metavar="NAME", help="Seed a fault in the reference server.")
@click.option(
    "--report",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Leave the report in DIR, as text and as JSON.",
)
@click.option("--format", "form", default="text", type=click.Choice(["text", "json"]))
def command(
    provider: str,
    *,
    url: str | None,
    credentials: tuple[str, ...],
    values: tuple[str, ...],
    max_time: float,
    max_examples: int,
    seed: int | None,
    timeout: float,
    fault: str | None,
    folder: Path | None,
    form: str,
) -> int:
    """Hold a running API to the contract of PROVIDER (or of an OpenAPI file).

    Without --url it starts the reference server of the provider and fuzzes that. Exit codes:
    0 conforms, 1 violations, 2 could not run, 3 too little was exercised to say.
    """
    contract = catalog.load(provider)
    if fault and url:
        message = "--fault seeds the reference server, so it goes without --url"
        raise UsageError(message)
    with _target(contract, url, fault) as (address, known_credentials):
        settings = Settings(
            url=address,
            seed=random.randrange(_LARGEST_SEED) if seed is None else seed,  # noqa: S311
            credentials=known_credentials | _credentials(contract, credentials),
            values=_grouped(values),
            examples_exist=url is None,
            max_time=max_time,
            max_examples=max_examples,
            timeout=min(timeout, max_time),
        )
        with _progress_line() as show:
            report = run(contract, settings, show)
    _tell(report, contract, folder, form)
    return _EXIT_CODES[report.verdict]


def _tell(report: CampaignReport, contract: Contract, folder: Path | None, form: str) -> None:
    titles = {source.id: source.title for source in contract.sources.values()}
    as_json = dumps(campaign_form(report))
    if folder is not None:
        _write(folder / f"{report.provider}.json", as_json)
        _write(folder / f"{report.provider}.txt", campaign_text(report, titles))
    if form == "json":
        click.echo(as_json, nl=False)
    else:
        colour = takes_colour(sys.stdout)
        click.echo(campaign_text(report, titles, colour=colour), nl=False, color=colour)
        if folder is not None:
            click.echo(f"Report: {folder / report.provider}.txt and .json")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        tell(f"The report cannot be written to {path}: {problem.strerror}")


@contextmanager
def _target(
    contract: Contract, url: str | None, fault: str | None
) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the address to fuzz and the credentials that are known: a given one, or our own."""
    if url is not None:
        yield url, {}
        return
    from orderspec.server.faults import behaviour  # noqa: PLC0415 (only when we serve ourselves)
    from orderspec.server.process import running_server  # noqa: PLC0415

    credentials = dict(behaviour(contract.name).credentials)
    with running_server(contract.name, fault=fault) as address:
        yield address, credentials


def _credentials(contract: Contract, given: tuple[str, ...]) -> dict[str, str]:
    """Read credentials from the environment and the options; the options win."""
    names = {
        scheme.name
        for operation in contract.operations.values()
        for alternative in operation.security
        for scheme in alternative
    }
    found = {name: os.environ[variable(name)] for name in names if os.environ.get(variable(name))}
    for name, secret in _pairs(given, "--credential"):
        if name not in names:
            message = f"--credential {name}: the contract has no security scheme of that name"
            known = ", ".join(sorted(names))
            raise UsageError(message, f"It has {known}." if known else "It wants no credentials.")
        found[name] = secret
    return found


def _grouped(values: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    grouped: dict[str, tuple[str, ...]] = {}
    for name, value in _pairs(values, "--value"):
        grouped[name] = (*grouped.get(name, ()), value)
    return grouped


def _pairs(given: Iterable[str], option: str) -> Iterator[tuple[str, str]]:
    for text in given:
        name, separator, value = text.partition("=")
        if not separator or not name:
            message = f"{option} takes NAME=VALUE"
            raise UsageError(message)
        yield name, value


@contextmanager
def _progress_line() -> Iterator[Callable[[Progress], None]]:
    """Show one line on a terminal's standard error, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return

    def show(progress: Progress) -> None:
        sys.stderr.write(f"\r\x1b[2K{_progress_text(progress)}")
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r\x1b[2K")
        sys.stderr.flush()


def _progress_text(progress: Progress) -> str:
    return (
        f"{progress.requests} requests, {progress.successes} 2xx, "
        f"{progress.exercised}/{progress.clauses} clauses exercised, "
        f"{progress.findings} findings, {progress.seconds_left:.0f} s left"
    )
