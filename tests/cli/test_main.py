"""The command line as a whole: help, versions, mistakes, failures and exit codes."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import click
import pytest
from packaging.requirements import Requirement

from orderspec import __version__
from orderspec.cli import failures, main
from orderspec.errors import ContractError, ReadError, UsageError
from orderspec.report.text import printable
from tests.cli.conftest import SPEC, Run

ROOT = Path(__file__).parents[2]
CONTEXT = click.Context(main)


def command_names() -> list[str]:
    return main.list_commands(CONTEXT)


def code_and_words(problem: BaseException, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """What a failure becomes: its exit code and what it says."""

    def fail() -> NoReturn:
        raise problem

    code = failures.exit_code_of(fail)
    captured = capsys.readouterr()
    assert not captured.out
    assert "Traceback" not in captured.err
    return code, captured.err


def failing_to_write(stdout: int) -> tuple[int, bytes]:
    """Start a command of its own on an output: its exit code and what it says."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "ORDERSPEC_SPEC": str(SPEC)}
    command = [sys.executable, "-m", "orderspec", "list"]
    done = subprocess.run(
        command, env=environment, stdout=stdout, stderr=subprocess.PIPE, check=False
    )
    return done.returncode, done.stderr


def test_there_are_commands() -> None:
    assert {"bundle", "list", "validate"} <= set(command_names())


@pytest.mark.parametrize("name", command_names())
def test_every_command_that_a_file_announces_can_be_called(name: str) -> None:
    command = main.get_command(CONTEXT, name)
    assert command is not None
    assert command.name == name
    assert command.help


@pytest.mark.parametrize("name", command_names())
def test_help_lists_every_command_with_what_it_does(run: Run, name: str) -> None:
    line = next(line for line in run("--help").stdout.splitlines() if line.startswith(f"  {name} "))
    assert len(line.split()) > 3


@pytest.mark.parametrize("name", command_names())
def test_every_command_has_help_of_its_own(run: Run, name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: orderspec {name}") or f" {name} " in result.stdout


def test_the_version_is_that_of_the_package(run: Run) -> None:
    assert run("--version").stdout == f"orderspec {__version__}\n"


def test_a_misspelt_command_names_the_nearest(run: Run) -> None:
    result = run("valdate")
    assert result.exit_code == 2
    assert "no command 'valdate'. Did you mean validate?" in result.stderr


def test_a_command_like_none_is_answered_with_all_of_them(run: Run) -> None:
    result = run("qqq")
    assert result.exit_code == 2
    assert ", ".join(command_names()) in result.stderr


def test_an_unknown_option_is_a_usage_error(run: Run) -> None:
    result = run("list", "--formt", "json")
    assert result.exit_code == 2
    assert "--formt" in result.stderr


def test_the_option_spec_chooses_the_tree(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERSPEC_SPEC", "nowhere")
    assert run("list").exit_code == 2
    assert "shop" in run("--spec", str(SPEC), "list").stdout


def test_a_spec_tree_that_is_not_there_is_a_usage_error(run: Run) -> None:
    result = run("--spec", "nowhere", "list")
    assert result.exit_code == 2
    assert "nowhere" in result.stderr


def test_a_failure_of_the_kit_tells_what_and_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    problem = UsageError("there is no such thing", "Take another.")
    assert code_and_words(problem, capsys) == (2, "Error: there is no such thing\nTake another.\n")


def test_a_failure_names_its_place_first(capsys: pytest.CaptureFixture[str]) -> None:
    broken = ContractError("is broken", where="openapi.yaml:3:1")
    assert code_and_words(broken, capsys) == (2, "Error: openapi.yaml:3:1: is broken\n")
    unread = ReadError("is empty", file="a.json", line=1, column=2)
    assert code_and_words(unread, capsys) == (2, "Error: a.json:1:2: is empty\n")


def test_a_defect_is_one_line_with_its_type_and_place(capsys: pytest.CaptureFixture[str]) -> None:
    code, words = code_and_words(KeyError("secret"), capsys)
    assert code == 2
    assert words.count("\n") == 1
    assert "defect of orderspec" in words
    assert f"KeyError at {__name__}:" in words


def test_a_defect_shows_its_traceback_on_request(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDERSPEC_DEBUG", "1")

    def fail() -> NoReturn:
        raise KeyError

    assert failures.exit_code_of(fail) == 2
    assert "Traceback" in capsys.readouterr().err


def test_an_interruption_ends_with_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_and_words(KeyboardInterrupt(), capsys) == (130, "Interrupted.\n")


def test_a_refusal_of_the_operating_system_is_no_defect(capsys: pytest.CaptureFixture[str]) -> None:
    full = OSError(28, "No space left on device")
    assert code_and_words(full, capsys) == (2, "Error: No space left on device\n")


def test_a_control_character_never_reaches_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert printable("\x1b") == "\\u001b"
    assert code_and_words(UsageError("\x1b[2J"), capsys) == (2, "Error: \\u001b[2J\n")


def optional_requirements() -> Iterator[tuple[str, str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for extra, requirements in project["optional-dependencies"].items():
        for requirement in requirements:
            name = Requirement(requirement).name
            if extra not in {"all", "dev"} and name != "orderspec":
                yield extra, name.lower().replace("-py", "").replace("-", "_")


@pytest.mark.parametrize("extra, module", list(optional_requirements()))
def test_a_missing_library_names_the_extra_that_has_it(
    extra: str, module: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, words = code_and_words(ModuleNotFoundError(name=f"{module}.part"), capsys)
    assert code == 2
    assert f"pip install 'orderspec[{extra}]'" in words


def test_a_missing_library_of_the_bare_kit_asks_for_a_new_installation(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, words = code_and_words(ModuleNotFoundError(name="yaml"), capsys)
    assert "pip install --force-reinstall orderspec" in words


def test_a_missing_module_of_the_kit_itself_is_a_defect(capsys: pytest.CaptureFixture[str]) -> None:
    _, words = code_and_words(ModuleNotFoundError(name="orderspec.gone"), capsys)
    assert "defect of orderspec" in words


def test_nobody_is_told_of_a_pipe_that_was_closed() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        assert failing_to_write(writing) == (failures.PIPE_CLOSED, b"")
    finally:
        os.close(writing)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is full")
def test_a_report_that_cannot_be_written_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        assert failing_to_write(full.fileno()) == (2, b"Error: No space left on device\n")
