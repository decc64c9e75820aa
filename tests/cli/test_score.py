"""`orderspec score` measures what the reference server's answers allow it to."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from orderspec.cli.score import command
from orderspec.errors import UsageError
from tests.fuzz.kiosk import SPEC, TOKEN, Kiosk
from tests.fuzz.servers import serving


@pytest.fixture
def _kiosk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the kiosk of the tests be a reference server."""

    class Behaviour:
        credentials = {"bearer": TOKEN}  # noqa: RUF012 (nothing changes it)

    @contextmanager
    def running(_: str) -> Iterator[str]:
        with serving(Kiosk()) as (url, _calls):
            yield url

    monkeypatch.setenv("ORDERSPEC_SPEC", os.fspath(SPEC))
    monkeypatch.setattr("orderspec.fuzz.generation.SHARE", 0.0)
    monkeypatch.setattr("orderspec.cli.score.names", lambda: ["kiosk"])
    monkeypatch.setattr("orderspec.cli.score.behaviour", lambda _: Behaviour())
    monkeypatch.setattr("orderspec.cli.score.running_server", running)


def run(*arguments: str) -> str:
    done = CliRunner().invoke(
        command,
        ["kiosk", "--max-mutants", "150", "--max-examples", "1", "--workers", "1", *arguments],
        standalone_mode=False,
    )
    assert done.exception is None
    assert done.return_value == 0
    return done.output


@pytest.mark.usefixtures("_kiosk")
def test_a_contract_is_measured_and_told_as_text_or_as_json(tmp_path: Path) -> None:
    assert run("--survivors").startswith("kiosk: ")
    form = json.loads(run("--format", "json"))
    assert (form["command"], form["mutants"]) == ("score", 150)
    assert run("--format", "json", "-o", str(tmp_path / "score.json")) == ""
    written = json.loads((tmp_path / "score.json").read_text("utf-8"))
    assert written["survivors"] == form["survivors"]


def test_a_contract_without_a_reference_server_cannot_be_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ORDERSPEC_SPEC", os.fspath(SPEC))
    done = CliRunner().invoke(command, ["kiosk"], standalone_mode=False)
    assert isinstance(done.exception, UsageError)
    assert "no reference server" in str(done.exception)
