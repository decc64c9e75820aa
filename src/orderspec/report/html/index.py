"""A page that leads to the reports of a folder, with the verdict of each."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from orderspec.findings import Verdict
from orderspec.report.badge import Outcome, badge
from orderspec.report.html.markup import asset, head, text

_FORMS = ("txt", "json", "junit.xml", "sarif", "har", "svg")


def index_page(folder: Path) -> str:
    """Write the page.

    Args:
        folder: holds reports of `orderspec fuzz`; what else is there is left out.

    Returns:
        HTML that needs nothing from elsewhere.
    """
    return "\n".join(_page(folder)) + "\n"


def _page(folder: Path) -> Iterator[str]:
    yield head("Reports", asset("style.css"))
    yield "<body><header><h1>Reports</h1></header><main>"
    yield '<table class="reports"><thead><tr><th scope="col">Contract</th>'
    yield '<th scope="col">Verdict</th><th scope="col" class="num">Errors</th>'
    yield '<th scope="col" class="num">Warnings</th><th scope="col" class="num">Requests</th>'
    yield '<th scope="col">Other forms</th></tr></thead><tbody>'
    for path in sorted(folder.glob("*.json")):
        form = _read(path)
        if form is not None:
            yield from _row(folder, path.stem, form)
    yield "</tbody></table></main></body></html>"


def _read(path: Path) -> Mapping[str, Any] | None:
    """Read a report; None for what is none, such as a file of somebody else."""
    try:
        form = json.loads(path.read_bytes())
        is_report = form["format"] == 1 and form["command"] == "fuzz"
        Verdict(form["verdict"])
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return form if is_report else None


def _row(folder: Path, name: str, form: Mapping[str, Any]) -> Iterator[str]:
    clauses, severities = form["clauses"], [one["severity"] for one in form["findings"]]
    exercised = sum(one["exercised"] > 0 for one in clauses)
    excused = sum(int(one["findings"]) for one in form.get("left_out", ()))
    counts = exercised, len(clauses), len(form.get("known", ())), excused
    shown = badge(str(form["provider"]), Outcome(Verdict(form["verdict"]), *counts))
    address = quote(name)
    yield f'<tr><td><a href="{address}.html">{text(name)}</a></td><td>{shown}</td>'
    for label, number in (
        ("errors", severities.count("error")),
        ("warnings", severities.count("warning")),
        ("requests", form["requests"]),
    ):
        yield f'<td class="num" data-label="{label}">{int(number)}</td>'
    links = (
        f'<a href="{address}.{suffix}">{suffix}</a>'
        for suffix in _FORMS
        if (folder / f"{name}.{suffix}").is_file()
    )
    yield f"<td>{' '.join(links)}</td></tr>"
