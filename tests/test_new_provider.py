"""What CONTRIBUTING.md says of a new provider is true: its files work as they stand there."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from orderspec import exact_json
from orderspec.cli import main
from orderspec.contract import catalog
from tests.fuzz.servers import Answer, Call, Serve, serving

GUIDE = Path(__file__).resolve().parent.parent / "CONTRIBUTING.md"
FILE = re.compile(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Write the guide's files into an empty folder, and run commands there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(catalog.SPEC_VARIABLE, "")  # what --spec sets is taken back by this
    files = FILE.findall(GUIDE.read_text("utf-8"))
    assert len(files) == 5
    for name, text in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return lambda *words: CliRunner().invoke(main, ["--spec", "spec", *words])


def teahouse(total: Callable[[int], int]) -> Serve:
    """Keep orders of tea; the total of an order is made of what it is by right."""
    orders: dict[str, Any] = {}

    def serve(call: Call) -> Answer:
        if call.method == "GET":
            order = orders.get(call.target.removeprefix("/orders/"))
            return Answer(200, exact_json.to_bytes(order)) if order else Answer(404)
        if (call.method, call.target) != ("POST", "/orders"):
            return Answer(404)
        sent = wanted(call.body)
        if sent is None:
            return Answer(400)
        identifier = f"tea-{len(orders) + 1}"
        right = sent["cups"] * sent["price"]
        orders[identifier] = {**sent, "id": identifier, "total": total(right)}
        return Answer(201, exact_json.to_bytes(orders[identifier]))

    return serve


def wanted(body: bytes) -> dict[str, Any] | None:
    """Read an order, or None where something is wrong with it."""
    try:
        sent = json.loads(body)
        names = {name: sent[name] for name in ("tea", "cups", "price")}
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    whole = [type(names[name]) is int for name in ("cups", "price")]
    if not (all(whole) and isinstance(names["tea"], str) and names["tea"]):
        return None
    return names if 1 <= names["cups"] <= 99 and 0 <= names["price"] <= 100_000 else None


def test_the_contract_of_the_guide_is_clean(run: Run) -> None:
    done = run("lint", "tea")
    assert done.exit_code == 0, done.output
    assert "0 errors, 0 warnings" in done.output


@pytest.mark.parametrize("total,exit_code", [(700, 0), (701, 1)])
def test_payloads_of_the_guide_are_validated_with_its_rules(
    run: Run, tmp_path: Path, total: int, exit_code: int
) -> None:
    order = {"id": "tea-1", "tea": "Assam", "cups": 2, "price": 350, "total": total}
    (tmp_path / "order.json").write_text(json.dumps(order), "utf-8")
    done = run("validate", "order.json", "-s", "tea/Order")
    assert done.exit_code == exit_code, done.output
    assert ("expected 700, got 701" in done.output) is bool(exit_code)


@pytest.mark.parametrize("wrong_by,verdict", [(0, "conforms"), (1, "violations")])
def test_a_campaign_judges_any_server_by_the_guides_contract(
    run: Run, wrong_by: int, verdict: str
) -> None:
    with serving(teahouse(lambda right: right + wrong_by)) as (url, _):
        done = run("fuzz", "tea", "--url", url, "--max-time", "12", "--format", "json")
    report = json.loads(done.stdout)
    assert report["verdict"] == verdict, report["findings"]
    assert {one["clause"] for one in report["findings"]} == (
        {"tea.order.total"} if wrong_by else set()
    )


def test_the_coverage_table_tells_what_no_fixture_shows_yet(run: Run) -> None:
    done = run("coverage", "tea")
    assert done.exit_code == 1
    assert "total" in done.output


def test_the_docs_of_the_guides_contract_hold_its_rules(run: Run, tmp_path: Path) -> None:
    done = run("docs", "tea", "-o", "site")
    assert done.exit_code == 0, done.output
    pages = "".join(path.read_text("utf-8") for path in (tmp_path / "site").rglob("*.html"))
    assert "The total is the price of a cup times the cups" in pages
