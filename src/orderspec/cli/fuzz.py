"""`orderspec fuzz`: a campaign against a running API, or against the reference server."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import click
from click.core import ParameterSource

from orderspec.cli.campaign_inputs import credentials, judged, known_findings, left_out, values
from orderspec.cli.campaign_report import tell_campaign
from orderspec.cli.config import Config, read_config
from orderspec.cli.failures import tell
from orderspec.cli.fuzz_options import Choices, with_options
from orderspec.cli.progress import progress_line
from orderspec.contract import catalog
from orderspec.contract.model import Contract
from orderspec.errors import UsageError
from orderspec.findings import Verdict
from orderspec.fuzz.settings import Progress, Settings
from orderspec.fuzz.workers import run

_EXIT_CODES = {Verdict.CONFORMS: 0, Verdict.VIOLATIONS: 1, Verdict.INCONCLUSIVE: 3}
_LARGEST_SEED = 2**31 - 1


@click.command("fuzz")
@click.argument("provider")
@with_options
@click.pass_context
def command(context: click.Context, /, provider: str, **chosen: Any) -> int:
    """Hold a running API to the contract of PROVIDER (or of an OpenAPI file).

    Without --url it starts the reference server of the provider and fuzzes that. What the command
    line says goes before the environment, and that before orderspec.toml. Exit codes: 0 conforms,
    1 violations, 2 could not run, 3 too little was exercised to say.
    """
    contract = catalog.load(provider)
    config = read_config(chosen["config"], provider)
    choices = _overlaid(context, Choices(**chosen), config)
    if choices.fault and choices.url:
        message = "--fault seeds the reference server, so it goes without --url"
        raise UsageError(message)
    given = credentials(contract, choices, config)
    known_values = values(contract, choices, config)
    ignored = left_out(contract, config)
    known = known_findings(contract, choices)
    if choices.report is not None:
        choices.report.mkdir(parents=True, exist_ok=True)
    if config.file is not None:
        tell(f"Settings from {config.file}")
    with _target(contract, choices) as (address, own):
        settings = Settings(
            url=address,
            seed=secrets.randbelow(_LARGEST_SEED) if choices.seed is None else choices.seed,
            credentials=own | given,
            values=known_values,
            examples_exist=choices.url is None,
            max_time=choices.max_time,
            max_examples=choices.max_examples,
            timeout=min(choices.timeout, choices.max_time),
            workers=choices.workers,
            rate=choices.rate,
            most_server_errors=choices.stop_after,
            keep=choices.report is not None,
        )
        with progress_line() as show:
            report = run(contract, settings, lambda now: show(_told(now)))
    report = judged(report, ignored, known, choices)
    is_own = provider in catalog.providers()
    tell_campaign(report, contract, choices.report, choices.form, with_fixtures=is_own)
    return _EXIT_CODES[report.verdict]


def _told(progress: Progress) -> str:
    return (
        f"{progress.requests} requests, {progress.successes} 2xx, "
        f"{progress.exercised}/{progress.clauses} clauses exercised, "
        f"{progress.findings} findings, {progress.seconds_left:.0f} s left"
    )


def _overlaid(context: click.Context, choices: Choices, config: Config) -> Choices:
    """Put what the file says where the command line says nothing."""
    unsaid = {
        name: value
        for name, value in config.options.items()
        if context.get_parameter_source(name) is ParameterSource.DEFAULT
    }
    if choices.fault is not None:
        unsaid.pop("url", None)
    return replace(choices, **unsaid)


@contextmanager
def _target(contract: Contract, choices: Choices) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the address to fuzz and the credentials that are known: a given one, or our own."""
    if choices.url is not None:
        yield choices.url, {}
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
    if choices.fault is not None:
        find_fault(choices.fault, {contract.name: served})
    with running_server(contract.name, fault=choices.fault) as address:
        yield address, dict(served.credentials)
