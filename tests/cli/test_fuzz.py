"""`orderspec fuzz`: its options, its exit codes, and what it writes where."""

import json
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orderspec.campaigns import CampaignReport
from orderspec.cli import fuzz, given, main
from orderspec.cli.progress import progress_line
from orderspec.contract.model import Contract
from orderspec.fuzz.curl import VARIABLE_PREFIX
from orderspec.fuzz.settings import Progress, Settings
from tests.cli.conftest import Run, Show, nothing_found
from tests.fuzz.kiosk import SPEC, TOKEN, Kiosk, changing, refused, refusing, wanting_shops
from tests.fuzz.servers import Answer, Serve, serving

SOURCES = Path(__file__).parents[2] / "src"
QUICK = ("--max-time", "60", "--max-examples", "3", "--seed", "1")
KEY = ("--credential", f"bearer={TOKEN}")


@pytest.fixture(autouse=True)
def _kiosk(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """Give the command line the kiosk's contract instead of the shop's."""
    del run
    monkeypatch.setenv("ORDERSPEC_SPEC", os.fspath(SPEC))
    monkeypatch.setattr("orderspec.fuzz.generation.SHARE", 0.0)


def at(serve: Serve, *arguments: str, credentials: tuple[str, ...] = KEY) -> Result:
    """Fuzz a server of the test's for a moment."""
    with serving(serve) as (url, _):
        return CliRunner().invoke(
            main, ["fuzz", "kiosk", "--url", url, *QUICK, *credentials, *arguments]
        )


def test_a_server_that_keeps_its_contract_exits_with_0() -> None:
    result = at(Kiosk(), "--value", "shop=S1")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1].startswith("Verdict: conforms (0 errors, 0 warnings")


def test_violations_exit_with_1_and_show_their_proof() -> None:
    result = at(changing(lambda order: order.update(total=-1)))
    assert result.exit_code == 1
    assert "The total of an order is the sum of its lines: expected 0, got -1" in result.stdout
    assert "clause    kiosk.order.total" in result.stdout
    assert "source    Guide to the kiosk, https://kiosk.example/guide (stated)" in result.stdout
    assert "repeat    curl -sS http://127.0.0.1:" in result.stdout
    assert "${ORDERSPEC_CREDENTIAL_BEARER}" in result.stdout
    assert TOKEN not in result.stdout


def test_too_little_exits_with_3_and_tells_what_to_give(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDERSPEC_SPEC", os.fspath(wanting_shops(tmp_path / "tree")))
    result = at(refusing)
    assert result.exit_code == 3
    assert "What must exist on the server can be given: --value shop=…" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("Verdict: inconclusive")


@pytest.mark.parametrize(
    "serve,words",
    [
        (lambda _: Answer(200, b"<h1>Hi</h1>", {"Content-Type": "text/html"}), "HTML page"),
        (lambda _: refused(401, "who?"), "the credentials are refused"),
        (lambda _: Answer(429, b"", {"Retry-After": "0"}), "429"),
        (lambda _: Answer(301, b"", {"Location": "https://a"}), "https://a"),
    ],
)
def test_a_target_that_is_no_api_exits_with_2(serve: Serve, words: str) -> None:
    result = at(serve)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: ")
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 2


def test_nobody_at_the_address_exits_with_2() -> None:
    result = CliRunner().invoke(main, ["fuzz", "kiosk", "--url", "http://127.0.0.1:9", *QUICK])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no API answers at http://127.0.0.1:9" in result.stderr


MEMBERS = {
    "format", "command", "provider", "url", "seed", "verdict", "requests", "responses", "seconds",
    "clauses", "findings",
}  # fmt: skip
OF_A_FINDING = {
    "severity", "clause", "keyword", "at", "message", "expected", "got", "evidence", "file", "line",
    "column", "document", "operation", "curl", "seed", "count", "spec", "proof", "exchanges",
}  # fmt: skip


def test_the_json_form_has_the_members_that_scripts_read() -> None:
    result = at(changing(lambda order: order.update(total=-1)), "--format", "json")
    form = json.loads(result.stdout)
    assert form.keys() >= MEMBERS
    assert (form["format"], form["command"], form["provider"]) == (1, "fuzz", "kiosk")
    assert (form["verdict"], form["seed"]) == ("violations", 1)
    assert sum(form["responses"].values()) == form["requests"]
    assert form["responses"].keys() <= {"1xx", "2xx", "3xx", "4xx", "5xx"}
    for clause in form["clauses"]:
        assert clause.keys() >= {"id", "kind", "exercised", "violations", "status"}
        assert clause["kind"] in {"schema", "status", "rule", "link", "security"}
        assert clause["status"] in {"pass", "fail", "not-exercised"}
    for finding in form["findings"]:
        assert finding.keys() <= OF_A_FINDING
        always = {"severity", "clause", "at", "message", "operation", "curl", "seed"}
        assert finding.keys() >= always
        assert set(finding["evidence"]) <= {"level", "source", "note"}
    [total] = [one for one in form["findings"] if one["clause"] == "kiosk.order.total"]
    assert (total["severity"], total["at"], total["got"]) == ("error", "/total", -1)
    assert total["spec"]["file"].endswith("kiosk/schemas/order.yaml")
    assert total["proof"]["shown"] == total["proof"]["tried"] > 0
    assert total["exchanges"][-1]["response"]["body"]["total"] == -1


def test_a_process_writes_nothing_but_json_to_standard_output() -> None:
    """Schemathesis' part of a campaign included: it must not print either."""
    environment = {**os.environ, "PYTHONPATH": os.fspath(SOURCES)}
    with serving(Kiosk()) as (url, _):
        command = ["-m", "orderspec", "fuzz", "kiosk", "--url", url, *KEY, "--format", "json"]
        done = subprocess.run(
            [sys.executable, *command, "--max-examples", "2", "--seed", "1"],
            env=environment,
            capture_output=True,
            check=False,
            timeout=60,
        )
    assert (done.returncode, done.stderr) == (0, b"")
    form = json.loads(done.stdout)
    assert form["verdict"] == "conforms"
    assert form["requests"] > 100


def test_a_report_is_left_in_every_form(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "reports"
    result = at(Kiosk(), "--report", os.fspath(folder))
    forms = ["har", "html", "json", "junit.xml", "sarif", "svg", "txt"]
    names = [*(f"kiosk.{form}" for form in forms), "index.html", "docs"]
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    assert json.loads((folder / "kiosk.json").read_text("utf-8"))["verdict"] == "conforms"
    text = (folder / "kiosk.txt").read_text("utf-8")
    assert "Verdict: conforms" in text
    assert result.stdout.startswith(text)
    assert f"Report: {folder / 'kiosk'}" in result.stdout


def test_a_report_leaves_standard_output_to_json(tmp_path: Path) -> None:
    result = at(Kiosk(), "--report", os.fspath(tmp_path), "--format", "json")
    assert json.loads(result.stdout) == json.loads((tmp_path / "kiosk.json").read_text("utf-8"))


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with serving(Kiosk()) as (url, calls):
        result = CliRunner().invoke(
            main, ["fuzz", "kiosk", "--url", url, "--report", os.fspath(tmp_path / "file" / "sub")]
        )
    assert (result.exit_code, calls) == (2, [])
    assert os.fspath(tmp_path / "file") in result.stderr


def test_options_reach_the_campaign(settings: list[Settings]) -> None:
    options = ["--max-time", "5", "--max-examples", "7", "--seed", "9", "--timeout", "20"]
    options += ["--rate", "120/m", "--stop-after", "3"]
    values = ["--value", "shop=S1", "--value", "shop=S=2", "--value", "order=o-1", "--workers", "3"]
    result = CliRunner().invoke(main, ["fuzz", "kiosk", "--url", "http://a", *options, *values])
    assert result.exit_code == 0
    assert settings == [
        Settings(
            "http://a",
            seed=9,
            values={"shop": ("S1", "S=2"), "order": ("o-1",)},
            max_time=5,
            max_examples=7,
            timeout=5,
            workers=3,
            rate=2.0,
            most_server_errors=3,
        )
    ]


def test_a_value_is_named_as_what_it_is_or_as_the_place_that_refers_to_it(
    settings: list[Settings],
) -> None:
    values = ["--value", "line_id=n2", "--value", "line=n3", "--value", "id=n1"]
    result = CliRunner().invoke(main, ["fuzz", "stall", "--url", "http://a", *values])
    assert result.exit_code == 0
    assert settings[0].values == {"line": ("n2", "n3"), "order": ("n1",)}


def test_a_value_that_may_be_of_several_things_asks_which(
    settings: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(given, "nouns_by_place", lambda _: {"id": {"order", "shop"}})
    result = CliRunner().invoke(main, ["fuzz", "kiosk", "--url", "http://a", "--value", "id=1"])
    assert (result.exit_code, settings) == (2, [])
    assert "Say which: order, shop." in result.stderr


def test_a_seed_is_chosen_where_none_is_given(settings: list[Settings]) -> None:
    for _ in range(2):
        CliRunner().invoke(main, ["fuzz", "kiosk", "--url", "http://a"])
    assert settings[0].seed != settings[1].seed


def test_credentials_come_from_options_and_from_the_environment(
    settings: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{VARIABLE_PREFIX}BEARER", "from-the-environment")
    for more in ([], ["--credential", "bearer=from=option"]):
        CliRunner().invoke(main, ["fuzz", "kiosk", "--url", "http://a", *more])
    assert [one.credentials["bearer"] for one in settings] == [
        "from-the-environment",
        "from=option",
    ]


@pytest.mark.parametrize(
    "arguments,words",
    [
        (["--credential", "basic=x"], "no security scheme of that name"),
        (["--credential", "bearer"], "--credential takes NAME=VALUE"),
        (["--credential", "=x"], "--credential takes NAME=VALUE"),
        (["--credential", "bearer="], "the secret is empty"),
        (["--value", "location=L1"], "It refers to: order, shop."),
        (["--value", "shop"], "--value takes NAME=VALUE"),
        (["--fault", "any"], "--fault seeds the reference server"),
        (["--max-time", "nan"], "--max-time"),
        (["--max-time", "inf"], "--max-time"),
        (["--max-time", "0"], "--max-time"),
        (["--timeout", "inf"], "--timeout"),
        (["--max-examples", "0"], "--max-examples"),
        (["--workers", "0"], "--workers"),
        (["--rate", "fast"], "20/s or 100/m"),
        (["--rate", "0/s"], "20/s or 100/m"),
        (["--stop-after", "-1"], "--stop-after"),
        (["--seed", "-1"], "--seed"),
        (["--format", "xml"], "--format"),
        (["--url", "ftp://a"], "address"),
        (["--url", "http://me:pass@a"], "--credential"),
        (["--credential", "bearer=a\nb"], "no header carries"),
    ],
)
def test_a_wrong_call_exits_with_2_and_says_what_is_wrong(arguments: list[str], words: str) -> None:
    result = CliRunner().invoke(main, ["fuzz", "kiosk", "--url", "http://127.0.0.1:9", *arguments])
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_a_secret_in_a_wrong_call_is_not_repeated() -> None:
    for wrong in ("wrong=hush-hush", "bearer=hush\nhush", "hush-hush==", "hush-hush"):
        result = CliRunner().invoke(
            main, ["fuzz", "kiosk", "--url", "http://a", "--credential", wrong]
        )
        assert result.exit_code == 2
        assert "hush" not in result.stderr


def test_a_contract_that_nobody_serves_asks_for_an_address() -> None:
    result = CliRunner().invoke(main, ["fuzz", "kiosk"])
    assert result.exit_code == 2
    assert "there is no reference server for 'kiosk'" in result.stderr
    assert "--url" in result.stderr


def test_a_provider_that_is_misspelt_is_corrected() -> None:
    result = CliRunner().invoke(main, ["fuzz", "kiosc"])
    assert result.exit_code == 2
    assert "Did you mean kiosk?" in result.stderr


def test_a_line_on_a_terminal_and_nowhere_else_shows_how_far_a_command_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress_line() as show:
        show("half of it")
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress_line() as show:
        show("half of it")
    shown = capsys.readouterr()
    assert shown.err == "\r\x1b[2Khalf of it\r\x1b[2K"
    assert shown.out == ""


def test_the_line_of_a_campaign_tells_what_was_sent_and_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines: list[str] = []

    def run_some(contract: Contract, some: Settings, show: Show) -> CampaignReport:
        show(Progress(7, 3, 2, 9, 1, 11.6))
        return nothing_found(contract, some)

    monkeypatch.setattr(fuzz, "run", run_some)
    monkeypatch.setattr(fuzz, "progress_line", lambda: nullcontext(lines.append))
    assert CliRunner().invoke(main, ["fuzz", "kiosk", "--url", "http://127.0.0.1:9"]).exit_code == 0
    assert lines == ["7 requests, 3 2xx, 2/9 clauses exercised, 1 findings, 12 s left"]
