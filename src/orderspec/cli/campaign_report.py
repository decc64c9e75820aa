"""Leave a campaign's report in a folder, and tell it on standard output."""

import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from urllib.parse import quote

from orderspec.campaigns import CampaignReport
from orderspec.cli.output import opened
from orderspec.contract.model import Contract, Source
from orderspec.errors import UsageError
from orderspec.report.badge import Outcome, badge
from orderspec.report.campaign import campaign_form
from orderspec.report.campaign_junit import campaign_junit
from orderspec.report.campaign_sarif import campaign_sarif
from orderspec.report.campaign_text import campaign_text
from orderspec.report.console import takes_colour
from orderspec.report.har import har
from orderspec.report.html import campaign_page
from orderspec.report.html.index import index_page
from orderspec.report.json_form import dumps

Titles = Mapping[str, str]
_DOCS = "docs"

WRITERS: Mapping[str, Callable[[CampaignReport, Titles], str]] = {
    "html": campaign_page,
    "txt": campaign_text,
    "json": lambda report, _: dumps(campaign_form(report)),
    "junit.xml": campaign_junit,
    "sarif": lambda report, titles: dumps(campaign_sarif(report, titles)),
    "har": lambda report, _: dumps(har(report)),
    "svg": lambda report, _: _badge(report),
}


def tell_campaign(
    report: CampaignReport,
    contract: Contract,
    folder: Path | None,
    form: str,
    *,
    with_fixtures: bool,
) -> None:
    """Write every form of the report into a folder, and one to standard output.

    Args:
        report: the campaign.
        contract: the contract that it held a deployment to.
        folder: an existing folder, or None for no files.
        form: what standard output gets: ``text`` or ``json``.
        with_fixtures: whether the fixtures of the contract's name are its own.

    Raises:
        UsageError: standard output is closed, or a file could not be written; all that could be
            written is there.
    """
    titles = {source.id: _named(source) for source in contract.sources.values()}
    failures = (
        [] if folder is None else list(_leave(report, (contract, with_fixtures), folder, titles))
    )
    with opened(None, for_people=form == "text") as write:
        if form == "json":
            write(dumps(campaign_form(report)))
        else:
            write(campaign_text(report, titles, colour=takes_colour(sys.stdout)))
            if folder is not None:
                write(f"Report: {folder / report.provider}.html, and beside it {_others()}\n")
    if failures:
        raise UsageError("\n".join(failures))


def _named(source: Source) -> str:
    """Name a document, and where it is on the web: another place is nobody else's."""
    is_on_web = source.address.startswith(("https://", "http://"))
    return f"{source.title}, {source.address}" if is_on_web else source.title


def _leave(
    report: CampaignReport, contract: tuple[Contract, bool], folder: Path, titles: Titles
) -> Iterator[str]:
    """Write the files; give what failed, in words, for a form that fails must not lose others."""
    writers: dict[str, Callable[[], str]] = {
        f"{report.provider}.{suffix}": partial(write, report, titles)
        for suffix, write in WRITERS.items()
    }
    try:
        address = _docs(contract, folder)
    except Exception as problem:  # noqa: BLE001 (the report matters more than what explains it)
        yield f"{folder / _DOCS} could not be written: {type(problem).__name__} {problem}"
    else:
        writers[f"{report.provider}.html"] = partial(campaign_page, report, titles, address)
    writers["index.html"] = partial(index_page, folder)
    for name, write in writers.items():
        path = folder / name
        try:
            path.write_text(write(), encoding="utf-8", errors="backslashreplace")
        except Exception as problem:  # noqa: BLE001 (whatever it is, the other forms go on)
            yield f"{path} could not be written: {type(problem).__name__} {problem}"


def _docs(contract: tuple[Contract, bool], folder: Path) -> str:
    """Leave the pages of the contract, and give the address of its own; empty without the extra."""
    try:
        from orderspec.docs.site import build  # noqa: PLC0415 (an extra that reports do not need)
    except ModuleNotFoundError:
        return ""
    name = contract[0].name
    build([contract], folder / _DOCS / name)
    return quote(f"{_DOCS}/{name}/{name}.html")


def _badge(report: CampaignReport) -> str:
    exercised = sum(result.exercised > 0 for result in report.clauses)
    counts = exercised, len(report.clauses), len(report.known), report.excused
    return badge(report.provider, Outcome(report.verdict, *counts))


def _others() -> str:
    *some, last = (f".{suffix}" for suffix in WRITERS if suffix != "html")
    return f"{', '.join(some)} and {last}"
