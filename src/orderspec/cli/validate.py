"""`orderspec validate`: payloads against the schemas and rules of a contract."""

import sys
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import click

from orderspec.cli.failures import UNABLE, place_of, tell
from orderspec.cli.output import OUTPUT_OPTION, opened
from orderspec.contract import catalog
from orderspec.errors import ReadError
from orderspec.findings import Judged
from orderspec.report.console import finding_text, summary_text, takes_colour
from orderspec.report.github import github
from orderspec.report.json_form import dumps, validation_form
from orderspec.report.junit import junit
from orderspec.report.sarif import sarif_form
from orderspec.report.summary import Summary
from orderspec.validation.bulk import judge_all
from orderspec.validation.engine import Options
from orderspec.validation.reader import STANDARD_INPUT
from orderspec.validation.target import find_target

_FORMS = ("text", "json", "junit", "sarif", "github")


@click.command("validate")
@click.argument("files", nargs=-1, metavar="[FILE|-]...")
@click.option(
    "-s",
    "--schema",
    metavar="SCHEMA",
    help="PROVIDER/Schema, or a path to JSON Schema or OpenAPI (FILE#/components/schemas/X). "
    "Without it the kit tells which schema each payload is of.",
)
@click.option("--strict", is_flag=True, help="An unknown member is an error.")
@click.option("--rules/--no-rules", default=True, help="Evaluate the contract's rules, or not.")
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(min=1),
    help="Processes to spread the files over; one file is never spread.",
)
@click.option("--format", "form", default="text", show_default=True, type=click.Choice(_FORMS))
@OUTPUT_OPTION
def command(
    *,
    files: tuple[str, ...],
    schema: str | None,
    strict: bool,
    rules: bool,
    workers: int,
    form: str,
    output: Path | None,
) -> int:
    """Judge payloads: every FILE, the JSON below every folder, standard input for "-" or no FILE.

    FILE is .json, .jsonl or .ndjson, also with .gz.

    Exit codes: 0 no errors (warnings may be), 1 errors, 2 something could not be read.
    """
    paths = files or (STANDARD_INPUT,)
    stdin = _standard_input(paths, is_asked_for=bool(files))
    titles = _titles(schema)
    results = _told(judge_all(paths, stdin, schema, Options(strict, rules), workers))
    with opened(output, for_people=form == "text") as write:
        if form == "text":
            colour = output is None and takes_colour(sys.stdout)
            summary, unreadable = _write_text(results, write, titles, colour=colour)
        else:
            everything = list(results)
            judged = [one for one in everything if isinstance(one, Judged)]
            refused = [one for one in everything if isinstance(one, ReadError)]
            write(_report(form, judged, refused, detected=schema is None))
            summary, unreadable = Summary.of(judged), len(refused)
    if unreadable:
        return UNABLE
    return 1 if summary.errors else 0


def _standard_input(paths: Iterable[str], *, is_asked_for: bool) -> BinaryIO:
    if STANDARD_INPUT not in paths:
        return BytesIO()
    if sys.stdin is None or (not is_asked_for and sys.stdin.isatty()):
        message = "name a FILE, or give the payload on standard input"
        raise click.UsageError(message, click.get_current_context())
    return sys.stdin.buffer


def _titles(schema: str | None) -> dict[str, str]:
    """Find the titles of all sources that a finding may name; an unknown schema is told here."""
    contracts = (
        [find_target(schema).contract]
        if schema is not None
        else [catalog.load(name) for name in catalog.providers()]
    )
    return {
        source.id: source.title for contract in contracts for source in contract.sources.values()
    }


def _told(results: Iterable[Judged | ReadError]) -> Iterator[Judged | ReadError]:
    """Pass results on; tell on standard error what could not be read, and each new schema taken."""
    taken = None
    for result in results:
        if isinstance(result, ReadError):
            tell(f"{place_of(result)}: {result}".replace("\n", "\n    "))
        elif result.reason and result.schema != taken:
            taken = result.schema
            tell(f"{result.file}: taken for {result.schema} ({result.reason})")
        yield result


def _write_text(
    results: Iterable[Judged | ReadError],
    write: Callable[[str], None],
    titles: dict[str, str],
    *,
    colour: bool,
) -> tuple[Summary, int]:
    summary, unreadable = Summary(), 0
    for result in results:
        if isinstance(result, ReadError):
            unreadable += 1
            continue
        summary = summary.plus(result)
        if result.findings:
            found = (finding_text(one, titles, colour=colour) for one in result.findings)
            write("".join(found))
    write(summary_text(summary, unreadable))
    return summary, unreadable


def _report(form: str, judged: list[Judged], refused: list[ReadError], *, detected: bool) -> str:
    match form:
        case "junit":
            return junit(judged, refused)
        case "sarif":
            return dumps(sarif_form(judged, refused))
        case "github":
            return github(judged, refused)
        case _:
            return dumps(validation_form(judged, refused, detected=detected))
