"""`orderspec fuzz`: a campaign against a running API, or against the reference server."""

import math
import os
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from orderspec.cli.output import opened
from orderspec.contract import catalog
from orderspec.contract.model import Contract
from orderspec.errors import UsageError
from orderspec.findings import CampaignReport, Verdict
from orderspec.fuzz.campaign import run
from orderspec.fuzz.curl import VARIABLE_PREFIX, variable
from orderspec.fuzz.nouns import nouns, nouns_by_place
from orderspec.fuzz.settings import Progress, Settings
from orderspec.report.campaign import campaign_form, campaign_text
from orderspec.report.console import takes_colour
from orderspec.report.html import campaign_page
from orderspec.report.json_form import dumps

_EXIT_CODES = {Verdict.CONFORMS: 0, Verdict.VIOLATIONS: 1, Verdict.INCONCLUSIVE: 3}
_LARGEST_SEED = 2**31 - 1


def _finite(context: click.Context, parameter: click.Parameter, value: float) -> float:
    """Refuse infinity, and what is no number, which no comparison does."""
    if not math.isfinite(value):
        raise click.BadParameter("it is a number of seconds", context, parameter)
    return value


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
    help="Something that exists on the server, such as location=L1; NAME is what it is, or the "
    "member or parameter that refers to it, such as location_id.",
)
@click.option(
    "--max-time",
    default=90.0,
    show_default=True,
    type=click.FloatRange(1),
    callback=_finite,
    metavar="S",
    help="Seconds that the campaign may take.",
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
    callback=_finite,
    metavar="S",
    help="Seconds that an answer may take.",
)
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    metavar="N",
    help="Connections for generated requests; more than one gives up their order.",
)
@click.option("--fault", metavar="NAME", help="Seed a fault in the reference server.")
@click.option(
    "--report",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Leave the report in DIR, as a page, as text and as JSON.",
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
    workers: int,
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
    given = _credentials(contract, credentials, known={} if url is None else os.environ)
    known_values = _values(contract, values)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    with _target(contract, url, fault) as (address, own):
        settings = Settings(
            url=address,
            seed=secrets.randbelow(_LARGEST_SEED) if seed is None else seed,
            credentials=own | given,
            values=known_values,
            examples_exist=url is None,
            max_time=max_time,
            max_examples=max_examples,
            timeout=min(timeout, max_time),
            workers=workers,
        )
        with _progress_line() as show:
            report = run(contract, settings, show)
    _tell(report, contract, folder, form)
    return _EXIT_CODES[report.verdict]


def _tell(report: CampaignReport, contract: Contract, folder: Path | None, form: str) -> None:
    titles = {source.id: source.title for source in contract.sources.values()}
    as_json = dumps(campaign_form(report))
    if folder is not None:
        forms = {
            "json": as_json,
            "txt": campaign_text(report, titles),
            "html": campaign_page(report, titles),
        }
        for suffix, text in forms.items():
            path = folder / f"{report.provider}.{suffix}"
            path.write_text(text, encoding="utf-8", errors="backslashreplace")
    with opened(None, for_people=form == "text") as write:
        if form == "json":
            write(as_json)
            return
        write(campaign_text(report, titles, colour=takes_colour(sys.stdout)))
        if folder is not None:
            write(f"Report: {folder / report.provider}.html, .txt and .json\n")


@contextmanager
def _target(
    contract: Contract, url: str | None, fault: str | None
) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the address to fuzz and the credentials that are known: a given one, or our own."""
    if url is not None:
        yield url, {}
        return
    from orderspec.server.faults import (  # noqa: PLC0415 (an extra that --url does not need)
        behaviour,
        find_fault,
        names,
    )
    from orderspec.server.process import running_server  # noqa: PLC0415 (the same extra)

    if contract.name not in names():
        message = f"there is no reference server for {contract.name!r}"
        raise UsageError(message, "Say where the API runs: --url http://host:port.")
    served = behaviour(contract.name)
    if fault is not None:
        find_fault(fault, {contract.name: served})
    with running_server(contract.name, fault=fault) as address:
        yield address, dict(served.credentials)


def _credentials(
    contract: Contract, given: tuple[str, ...], known: Mapping[str, str]
) -> dict[str, str]:
    """Read credentials from the options, and from the environment where the API is not our own."""
    names = {
        scheme.name
        for operation in contract.operations.values()
        for alternative in operation.security
        for scheme in alternative
    }
    found = {name: known[variable(name)] for name in sorted(names) if known.get(variable(name))}
    for name, secret in _pairs(given, "--credential"):
        if name not in names:
            message = f"--credential {name}: the contract has no security scheme of that name"
            has = ", ".join(sorted(names))
            raise UsageError(message, f"It has {has}." if has else "It wants no credentials.")
        found[name] = secret
    return found


def _values(contract: Contract, given: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """Read values by noun; a noun goes before a member or parameter of the same name."""
    known = nouns(contract)
    by_name = {**nouns_by_place(contract), **{noun: {noun} for noun in known}}
    grouped: dict[str, tuple[str, ...]] = {}
    for name, value in _pairs(given, "--value"):
        if name not in by_name:
            message = f"--value {name}: the contract refers to nothing of that name"
            raise UsageError(message, f"It refers to: {', '.join(sorted(known)) or 'nothing'}.")
        if len(by_name[name]) > 1:
            message = f"--value {name}: it refers to one thing here, to another there"
            raise UsageError(message, f"Say which: {', '.join(sorted(by_name[name]))}.")
        [noun] = by_name[name]
        grouped[noun] = (*grouped.get(noun, ()), value)
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
