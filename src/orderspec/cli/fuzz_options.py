"""The options of a campaign, and what was chosen by them."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import click

from orderspec.fuzz.curl import VARIABLE_PREFIX

CONFIG = "orderspec.toml"
_RATE = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?:/\s*(?P<unit>s|m|h))?")
_SECONDS = {"s": 1, "m": 60, "h": 3600, None: 1}


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen, by the options' names; `rate` is in requests a second."""

    url: str | None
    credentials: tuple[str, ...]
    values: tuple[str, ...]
    max_time: float
    max_examples: int
    seed: int | None
    timeout: float
    workers: int
    rate: float | None
    stop_after: int
    baseline: Path | None
    update_baseline: bool
    config: Path | None
    fault: str | None
    report: Path | None
    form: str


def rate_of(text: str) -> float | None:
    """Read ``20/s``, ``100/m`` or a plain number as requests a second; None where it is no rate."""
    match = _RATE.fullmatch(text.strip())
    if match is None or not float(match["number"]):
        return None
    return float(match["number"]) / _SECONDS[match["unit"]]


def _rate(context: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    rate = None if value is None else rate_of(value)
    if value is not None and rate is None:
        raise click.BadParameter("it is a number such as 20/s or 100/m", context, parameter)
    return rate


def _finite(context: click.Context, parameter: click.Parameter, value: float) -> float:
    """Refuse infinity, and what is no number, which no comparison does."""
    if not math.isfinite(value):
        raise click.BadParameter("it is a number of seconds", context, parameter)
    return value


_FILE = click.Path(dir_okay=False, path_type=Path)
_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--url", metavar="URL", help="Where the API runs; without it, a reference server."
    ),
    click.option(
        "--credential",
        "credentials",
        multiple=True,
        metavar="NAME=VALUE",
        help=f"A secret, named as its security scheme; {VARIABLE_PREFIX}<NAME> says the same, and "
        "keeps it out of the list of processes.",
    ),
    click.option(
        "--value",
        "values",
        multiple=True,
        metavar="NAME=VALUE",
        help="Something that exists on the server, such as location=L1; NAME is what it is, or "
        "the member or parameter that refers to it, such as location_id.",
    ),
    click.option(
        "--max-time",
        default=90.0,
        show_default=True,
        type=click.FloatRange(1),
        callback=_finite,
        metavar="S",
        help="Seconds that the campaign may take.",
    ),
    click.option(
        "--max-examples",
        default=100,
        show_default=True,
        type=click.IntRange(1),
        metavar="N",
        help="Generated requests for each operation.",
    ),
    click.option(
        "--seed",
        type=click.IntRange(0),
        metavar="N",
        help="The same seed makes the same requests; without it, a new one.",
    ),
    click.option(
        "--timeout",
        default=10.0,
        show_default=True,
        type=click.FloatRange(0.1),
        callback=_finite,
        metavar="S",
        help="Seconds that an answer may take.",
    ),
    click.option(
        "--workers",
        default=1,
        show_default=True,
        type=click.IntRange(1, 64),
        metavar="N",
        help="Processes, each with a seed of its own.",
    ),
    click.option(
        "--rate",
        metavar="N/s",
        callback=_rate,
        help="At most so many requests: 20/s, 100/m, or a number for each second.",
    ),
    click.option(
        "--stop-after",
        default=25,
        show_default=True,
        type=click.IntRange(0),
        metavar="N",
        help="End after so many answers of 5xx in a row, if what worked fails too; 0: never.",
    ),
    click.option(
        "--baseline",
        type=_FILE,
        metavar="FILE",
        help="Known findings: they are listed, and only new ones fail.",
    ),
    click.option(
        "--update-baseline",
        is_flag=True,
        help="Write what is found to the baseline: from now on it is known.",
    ),
    click.option(
        "--config",
        type=_FILE,
        metavar="FILE",
        help=f"Settings for [fuzz] and [fuzz.PROVIDER]; without it, {CONFIG} of this folder.",
    ),
    click.option("--fault", metavar="NAME", help="Seed a fault in the reference server."),
    click.option(
        "--report",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="Leave the report in DIR: as a page, text, JSON, JUnit, SARIF, HAR and badge.",
    ),
    click.option(
        "--format",
        "form",
        default="text",
        show_default=True,
        type=click.Choice(["text", "json"]),
        help="What to write to standard output.",
    ),
)


def with_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command all options of a campaign."""
    return reduce(lambda decorated, option: option(decorated), reversed(_OPTIONS), command)
