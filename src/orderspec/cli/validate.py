"""`orderspec validate`: payloads against the schemas and rules of a contract."""

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import click

from orderspec.cli.failures import INTERRUPTED, UNABLE, place_of, tell
from orderspec.cli.output import OUTPUT_OPTION, opened
from orderspec.cli.progress import progress_line
from orderspec.cli.validation_report import (
    LineReport,
    Report,
    TextReport,
    WholeReport,
    Write,
    is_whole,
    progress_text,
    shows_progress,
)
from orderspec.contract import catalog
from orderspec.errors import ReadError
from orderspec.findings import Judged
from orderspec.interrupts import Interrupt
from orderspec.report.console import takes_colour
from orderspec.report.tally import Tally
from orderspec.validation.batches import Batch
from orderspec.validation.bulk import Inputs, judge_all
from orderspec.validation.engine import Options
from orderspec.validation.reader import STANDARD_INPUT
from orderspec.validation.target import find_contract, find_target

_FORMS = ("text", "json", "jsonl", "junit", "sarif", "github")
_SECONDS_BETWEEN = 0.2


@click.command("validate")
@click.argument("files", nargs=-1, metavar="[FILE|-]...")
@click.option(
    "-s",
    "--schema",
    metavar="SCHEMA",
    help="PROVIDER/Schema, or a path to JSON Schema or OpenAPI (FILE#/components/schemas/X). "
    "Without it, or with PROVIDER alone, the kit tells which schema each payload is of.",
)
@click.option("--strict", is_flag=True, help="An unknown member is an error.")
@click.option("--rules/--no-rules", default=True, help="Evaluate the contract's rules, or not.")
@click.option(
    "--fail-on",
    default="error",
    show_default=True,
    type=click.Choice(["error", "warning"]),
    help="The least that makes the exit code 1.",
)
@click.option(
    "--max-findings",
    metavar="N",
    type=click.IntRange(min=1),
    help="Stop after N findings.",
)
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(min=1),
    help="Processes to spread the documents over.",
)
@click.option("--format", "form", default="text", show_default=True, type=click.Choice(_FORMS))
@OUTPUT_OPTION
def command(
    *,
    files: tuple[str, ...],
    schema: str | None,
    strict: bool,
    rules: bool,
    fail_on: str,
    max_findings: int | None,
    workers: int,
    form: str,
    output: Path | None,
) -> int:
    """Judge payloads: every FILE, the JSON below every folder, standard input for "-" or no FILE.

    FILE is .json, .jsonl or .ndjson, also with .gz or .zst, or a pattern such as "in/**/*.json".
    Of .har each exchange is judged against its operation.
    An interrupt (Ctrl-C) ends it with the report of what was judged.

    Exit codes: 0 no errors (warnings may be), 1 errors, 2 something could not be read,
    130 interrupted.
    """
    paths = files or (STANDARD_INPUT,)
    inputs = Inputs(paths, _standard_input(paths, is_asked_for=bool(files)))
    titles = _titles(schema)
    tally, interrupt = Tally(keeps=is_whole(form)), Interrupt()
    with opened(output, for_people=form == "text") as write, interrupt.heeded():
        report = _report(form, write, titles, colour=output is None, detected=schema is None)
        options = Options(strict, rules)
        batches = judge_all(inputs, schema, options, workers, interrupt)
        is_stopped = _followed(batches, inputs, tally, report, max_findings)
        report.ended(tally)
    if is_stopped:
        tell(f"Stopped after {max_findings} findings.")
    if interrupt.is_wanted:
        tell(f"Interrupted after {tally.summary.documents} documents.")
        return INTERRUPTED
    if tally.unreadable_count:
        return UNABLE
    fails = tally.summary.errors or (fail_on == "warning" and tally.summary.warnings)
    return 1 if fails else 0


def _standard_input(paths: Iterable[str], *, is_asked_for: bool) -> BinaryIO:
    if STANDARD_INPUT not in paths:
        return BytesIO()
    if sys.stdin is None or (not is_asked_for and sys.stdin.isatty()):
        message = "name a FILE, or give the payload on standard input"
        raise click.UsageError(message, click.get_current_context())
    return sys.stdin.buffer


def _titles(schema: str | None) -> dict[str, str]:
    """Find the titles of all sources that a finding may name; an unknown schema is told here."""
    if schema is None:
        contracts = [catalog.load(name) for name in catalog.providers()]
    else:
        contracts = [find_contract(schema) or find_target(schema).contract]
    return {
        source.id: source.title for contract in contracts for source in contract.sources.values()
    }


def _report(
    form: str, write: Write, titles: dict[str, str], *, colour: bool, detected: bool
) -> Report:
    if form == "text":
        return TextReport(write, titles, colour=colour and takes_colour(sys.stdout))
    if is_whole(form):
        return WholeReport(write, form, detected=detected)
    return LineReport(write, form)


def _followed(
    batches: Iterator[Batch],
    inputs: Inputs,
    tally: Tally,
    report: Report,
    most: int | None,
) -> bool:
    """Pass on what comes of the documents; tell whether it was stopped for its findings."""
    total = inputs.size() if shows_progress() else None
    taken, size, started = "", 0, time.monotonic()
    shown = started
    with progress_line() as show:
        for batch in batches:
            left = None if most is None else most - tally.clauses.total()
            results = batch.results if left is None else _first(batch.results, left)
            dropped = sum(isinstance(one, Judged) for one in batch.results[len(results) :])
            tally.add(results, batch.judged - dropped, (batch.file, batch.schema))
            if results:
                show("")
                taken = _told_aside(results, taken)
                report.told(results)
            size += batch.size
            if most is not None and tally.clauses.total() >= most:
                return True
            now = time.monotonic()
            if now - shown > _SECONDS_BETWEEN:
                shown = now
                show(progress_text(tally, now - started, size / total if total else None))
    return False


def _first(results: tuple[Judged | ReadError, ...], most: int) -> tuple[Judged | ReadError, ...]:
    """Cut results after so many findings."""
    kept: list[Judged | ReadError] = []
    for result in results:
        if isinstance(result, Judged):
            if most <= 0:
                break
            kept.append(replace(result, findings=result.findings[:most]))
            most -= len(result.findings)
        else:
            kept.append(result)
    return tuple(kept)


def _told_aside(results: Iterable[Judged | ReadError], taken: str) -> str:
    """Tell on standard error what could not be read, and each new schema taken; give the last."""
    for result in results:
        if isinstance(result, ReadError):
            tell(f"{place_of(result)}: {result}".replace("\n", "\n    "))
        elif result.reason and result.schema != taken:
            taken = result.schema
            tell(f"{result.file}: taken for {result.schema} ({result.reason})")
    return taken
