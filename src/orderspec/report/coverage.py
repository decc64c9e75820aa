"""The coverage table for people, for pages of Markdown, and for machines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from orderspec.findings import Coverage, Proof, Row
from orderspec.report.console import BOLD, DIM, painted
from orderspec.report.json_form import evidence_form
from orderspec.report.text import printable

_OPEN = "open: any value is right"
_NOTHING = "nothing"


def coverage_text(
    reports: Sequence[Coverage], titles: Mapping[str, str], *, colour: bool = False
) -> str:
    """Write the tables as aligned lines, then what is missing, then the counts.

    Args:
        reports: one for each provider.
        titles: the id of each source to its title.
        colour: use the terminal's colours.
    """
    lines: list[str] = []
    for provider, source, tables in _documents(reports):
        title = printable(f"{provider}: {titles.get(source, source)}")
        lines += [painted(title, BOLD, colour=colour), ""]
        for table, rows in tables:
            name = painted(printable(table), BOLD, colour=colour)
            lines += [f"  {name}", *_block(rows, colour=colour), ""]
    missing = [printable(gap) for report in reports for gap in _gaps(report)]
    lines += [*missing, ""] if missing else []
    lines += (printable(_summary(report)) for report in reports)
    return "".join(f"{line}\n" for line in lines)


def coverage_markdown(reports: Sequence[Coverage], titles: Mapping[str, str]) -> str:
    """Write the tables as Markdown: a section for each document, in it one for each table."""
    lines = ["# Coverage", "", *(f"- {_plain(_summary(report))}" for report in reports)]
    missing = [f"- {_plain(gap)}" for report in reports for gap in _gaps(report)]
    lines += ["", "## Missing", "", *missing] if missing else []
    for provider, source, tables in _documents(reports):
        lines += ["", f"## {_plain(provider)}: {_plain(titles.get(source, source))}"]
        for table, rows in tables:
            lines += ["", f"### {_plain(table)}", "", *_markdown_table(rows)]
    return "".join(f"{printable(line)}\n" for line in lines)


def coverage_form(reports: Sequence[Coverage]) -> dict[str, Any]:
    """Give the JSON form: what does not apply is absent."""
    providers = [
        {
            "name": report.provider,
            "summary": _counts(report),
            "rows": [_row_form(row) for row in report.rows],
            "gaps": list(report.gaps),
        }
        for report in reports
    ]
    return {"format": 1, "command": "coverage", "providers": providers}


def _documents(
    reports: Sequence[Coverage],
) -> Iterator[tuple[str, str, list[tuple[str, list[Row]]]]]:
    """Give provider, source and the rows of each table, in the order of the rows."""
    for report in reports:
        for source, rows in groupby(report.rows, lambda row: row.source):
            by_table = groupby(rows, lambda row: row.table)
            yield report.provider, source, [(table, list(members)) for table, members in by_table]


def _block(rows: Sequence[Row], *, colour: bool) -> Iterator[str]:
    width = max(len(printable(_name(row))) for row in rows)
    for row in rows:
        yield f"    {printable(_name(row)):{width}}  {printable(_evidence(row))}".rstrip()
        facts = {"defined": _definition(row), "shown": _proof(row.shown), "broken": _broken(row)}
        for label, text in facts.items():
            yield f"      {painted(f'{label:7}', DIM, colour=colour)}  {printable(text)}"


def _name(row: Row) -> str:
    return row.printed if row.printed == row.member else f"{row.printed} = {row.member}"


def _evidence(row: Row) -> str:
    return f"{row.evidence.level} by {row.evidence.source}" if row.evidence else ""


def _definition(row: Row) -> str:
    return f"{row.file}#{row.pointer}" if row.file else _NOTHING


def _broken(row: Row) -> str:
    return _OPEN if row.is_open else _proof(row.broken)


def _proof(proof: Proof | None) -> str:
    if proof is None:
        return _NOTHING
    clause = f"  {proof.clause}" if proof.clause else ""
    return f"{proof.file}#{proof.at}{clause}"


def _gaps(report: Coverage) -> Iterator[str]:
    for row in report.rows:
        for gap in row.gaps:
            yield f"{report.provider}: {row.table}: {_name(row)}: {gap}"
    for gap in report.gaps:
        yield f"{report.provider}: {gap}"


def _counts(report: Coverage) -> dict[str, int]:
    rows = report.rows
    return {
        "tables": len({(row.source, row.table) for row in rows}),
        "members": len(rows),
        "shown": sum(row.shown is not None for row in rows),
        "broken": sum(row.broken is not None for row in rows),
        "open": sum(row.is_open for row in rows),
        "gaps": len(list(_gaps(report))),
    }


def _summary(report: Coverage) -> str:
    counts = _counts(report)
    members, tables, gaps = (
        f"{counts[noun]} {noun.removesuffix('s') if counts[noun] == 1 else noun}"
        for noun in ("members", "tables", "gaps")
    )
    return (
        f"{report.provider}: {members} in {tables}, {counts['shown']} shown,"
        f" {counts['broken']} broken, {counts['open']} open to any value: {gaps}"
    )


def _markdown_table(rows: Iterable[Row]) -> Iterator[str]:
    yield "| Member | Defined at | Evidence | Shown by | Broken by |"
    yield "| --- | --- | --- | --- | --- |"
    for row in rows:
        cells = (_name(row), _definition(row), _evidence(row), _proof(row.shown), _broken(row))
        yield f"| {' | '.join(map(_code, cells))} |"


def _code(text: str) -> str:
    """Write a code span for a cell of a table; there a pipe is escaped even inside the span."""
    if not text:
        return ""
    fence = "``" if "`" in text else "`"
    pad = " " if "`" in text else ""
    escaped = text.replace("|", "\\|")
    return f"{fence}{pad}{escaped}{pad}{fence}"


def _plain(text: str) -> str:
    return text.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")


def _row_form(row: Row) -> dict[str, Any]:
    form: dict[str, Any] = {
        "source": row.source,
        "table": row.table,
        "printed": row.printed,
        "member": row.member,
        "file": row.file or None,
        "pointer": row.pointer or None,
        "evidence": evidence_form(row.evidence) if row.evidence else None,
        "shown": _proof_form(row.shown),
        "broken": _proof_form(row.broken),
        "open": row.is_open or None,
        "gaps": list(row.gaps) or None,
    }
    return {name: value for name, value in form.items() if value is not None}


def _proof_form(proof: Proof | None) -> dict[str, str] | None:
    if proof is None:
        return None
    form = {"file": proof.file, "at": proof.at}
    return {**form, "clause": proof.clause} if proof.clause else form
