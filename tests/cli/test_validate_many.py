"""`orderspec validate` on many documents: forms that stream, limits, interrupts, progress."""

import fcntl
import json
import os
import pty
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import IO, Any

import pytest

from tests.cli.conftest import SPEC, Run

REQUEST = "shop/CreateBasketRequest"
RIGHT, WRONG = '{"buyer": "Ada"}', '{"buyer": 7}'
DOUBTFUL = '{"buyer": "Ada", "pieces": 0}'


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Thirty documents, of which every third is wrong."""
    file = tmp_path / "many.jsonl"
    file.write_text("".join(f"{WRONG if one % 3 else RIGHT}\n" for one in range(1, 31)))
    return file


def forms(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_json_lines_tell_each_finding_and_the_counts_at_last(run: Run, many: Path) -> None:
    many.write_text(f"{WRONG}\n{RIGHT}\n{{\n")
    result = run("validate", many.name, "-s", REQUEST, "--format", "jsonl")
    finding, unreadable, last = forms(result.stdout)
    assert (finding["clause"], finding["at"], finding["line"]) == (REQUEST, "/buyer", 1)
    assert (unreadable["unreadable"]["line"], result.exit_code) == (3, 2)
    assert last == {"summary": {"documents": 2, "valid": 1, "errors": 1, "warnings": 0}}


def test_many_findings_are_counted_by_clause(run: Run, many: Path) -> None:
    many.write_text(f"{WRONG}\n" * 21 + f"{DOUBTFUL}\n" * 3)
    lines = run("validate", many.name, "-s", REQUEST).stdout.splitlines()
    assert lines[-4:] == [
        "findings by clause:",
        f"  21 {REQUEST}",
        "   3 shop.basket.pieces",
        "24 documents: 3 valid, 21 errors, 3 warnings",
    ]


@pytest.mark.parametrize("form", ["text", "json", "jsonl"])
def test_it_stops_after_as_many_findings_as_are_wanted(run: Run, many: Path, form: str) -> None:
    result = run("validate", many.name, "-s", REQUEST, "--max-findings", "3", "--format", form)
    assert result.exit_code == 1
    assert "Stopped after 3 findings." in result.stderr
    told = {
        "text": lambda: result.stdout.count(": error: "),
        "json": lambda: len(json.loads(result.stdout)["findings"]),
        "jsonl": lambda: len(forms(result.stdout)) - 1,
    }
    assert told[form]() == 3


def test_what_could_not_be_read_is_not_counted_twice(run: Run, many: Path) -> None:
    many.write_text(f"{WRONG}\n{WRONG}\n" + "{\n" * 5 + f"{RIGHT}\n")
    result = run("validate", many.name, "-s", REQUEST, "--max-findings", "1", "--format", "jsonl")
    assert forms(result.stdout)[-1]["summary"] == {
        "documents": 2,
        "valid": 1,
        "errors": 1,
        "warnings": 0,
    }


def wait_until_read(pipe: IO[bytes]) -> None:
    """Wait until the other end took all that was written: it is at work, and waits for more."""
    for _ in range(600):
        left = fcntl.ioctl(pipe, termios.FIONREAD, bytes(4))
        if not any(left):
            return
        time.sleep(0.05)
    pytest.fail("nobody read what was written")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_interrupt_ends_the_wait_for_more_input(workers: str) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            command("--workers", workers, "--format", "jsonl"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
        )
        assert process.stdin is not None
        process.stdin.write(f"{WRONG}\n{WRONG}\n{WRONG}\n".encode())
        process.stdin.flush()
        wait_until_read(process.stdin)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    finally:
        signal.signal(signal.SIGINT, before)
    assert process.returncode == 130
    assert "Interrupted after " in errors.decode()
    assert "summary" in forms(output.decode())[-1]


def test_warnings_fail_on_request(run: Run) -> None:
    assert run("validate", "-s", REQUEST, input=DOUBTFUL).exit_code == 0
    assert run("validate", "-s", REQUEST, "--fail-on", "warning", input=DOUBTFUL).exit_code == 1
    assert run("validate", "-s", REQUEST, "--fail-on", "warning", input=RIGHT).exit_code == 0


@pytest.mark.parametrize("form", ["json", "junit", "sarif"])
def test_a_report_of_one_piece_keeps_what_is_right_as_a_count(
    run: Run, many: Path, form: str
) -> None:
    result = run("validate", many.name, "-s", REQUEST, "--format", form)
    assert result.exit_code == 1
    assert result.stdout.count('"level": "error"' if form == "sarif" else "expected a string") > 9
    if form == "junit":
        assert "many.jsonl, 10 documents without a finding" in result.stdout


def environment() -> dict[str, str]:
    return {**os.environ, "ORDERSPEC_SPEC": os.fspath(SPEC)}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "orderspec", "validate", "-s", REQUEST, *arguments]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_interrupt_leaves_the_report_of_what_was_judged(tmp_path: Path, workers: str) -> None:
    file, output = tmp_path / "many.jsonl", tmp_path / "output.jsonl"
    file.write_text((f"{RIGHT}\n" * 49 + f"{WRONG}\n") * 16_000)
    # A shell's job in the background ignores interrupts, and so would what it starts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with output.open("wb") as stdout:
            process = subprocess.Popen(
                command(str(file), "--workers", workers, "--format", "jsonl"),
                stdout=stdout,
                stderr=subprocess.PIPE,
                env=environment(),
            )
            while not output.stat().st_size and process.poll() is None:
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=60)
    finally:
        signal.signal(signal.SIGINT, before)
    found = forms(output.read_text())
    assert process.returncode == 130
    judged = found[-1]["summary"]["documents"]
    assert 0 < judged < 800_000
    assert [one["document"] for one in found[:-1]] == list(range(50, judged + 1, 50))
    assert f"Interrupted after {judged} documents." in errors.decode()


def test_a_terminal_shows_how_far_it_is(tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_text(f"{RIGHT}\n" * 120_000)
    reading, writing = pty.openpty()
    done = subprocess.Popen(
        command(str(file)), stdout=subprocess.PIPE, stderr=writing, env=environment()
    )
    os.close(writing)
    shown = b""
    while True:
        try:
            data = os.read(reading, 4096)
        except OSError:
            break
        shown += data
    output, _ = done.communicate(timeout=60)
    assert output == b"120000 documents: 120000 valid, 0 errors, 0 warnings\n"
    assert b" documents, " in shown
    assert b" left" in shown


def test_nothing_is_shown_where_nobody_looks(run: Run, many: Path) -> None:
    assert run("validate", many.name, "-s", REQUEST).stderr == ""
