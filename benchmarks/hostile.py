"""What `orderspec validate` does with input that means harm: exit code, seconds, memory.

Usage: ``make hostile``, or ``python -m benchmarks.hostile``. Every case is made in a temporary
folder and judged by a process of its own; a case that takes more than `MOST_SECONDS`, more than
`MOST_MEBIBYTES`, or ends in a traceback, makes the exit code 1.
"""

import gzip
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import zstandard

KIT = str(Path(sys.executable).parent / "orderspec")
SCHEMA = "square/CreateOrderResponse"
MOST_SECONDS, MOST_MEBIBYTES = 60, 2000
RIGHT = b'{"order": {"location_id": "A"}}\n'
_MEBIBYTE = 1 << 20


def cases(folder: Path) -> Iterator[tuple[str, Path]]:
    """Make the input of each case."""

    def made(name: str, data: bytes) -> Path:
        file = folder / name
        file.write_bytes(data)
        return file

    member = b'{"order": {"location_id": "A", "x": %s}}'
    yield "3,000,000 opening brackets", made("deep.json", b"[" * 3_000_000)
    deep = b"[" * 100_000 + b"]" * 100_000
    yield "100,000 nested lists in a member", made("nested.json", member % deep)
    yield "a number of 10,000,000 digits", made("digits.json", member % (b"9" * 10_000_000))
    yield "1e999999999", made("exponent.json", member % b"1e999999999")
    yield "NaN", made("nan.json", member % b"NaN")
    yield "half a surrogate pair", made("surrogate.json", member % b'"\\ud800"')
    yield "NUL in a text", made("nul.json", member % b'"\\u0000"')
    yield "raw NUL bytes", made("zeros.json", b"\0" * _MEBIBYTE)
    yield "not UTF-8", made("latin.json", member % b'"\xe9"')
    yield "UTF-16", made("utf16.json", (member % b"1").decode().encode("utf-16"))
    yield (
        "a member twice",
        made("twice.json", b'{"order": {"location_id": "A", "location_id": "B"}}'),
    )
    names = b",".join(b'"m%d": 1' % number for number in range(300_000))
    yield "300,000 members", made("members.json", member % (b"{" + names + b"}"))
    lines = b",".join(b'{"quantity": "1", "uid": "%d"}' % number for number in range(20_000))
    many = b'{"order": {"location_id": "A", "line_items": [' + lines + b"]}}"
    yield "20,000 lines in one order", made("lines.json", many)
    wrong = b",".join(b'{"quantity": %d}' % number for number in range(20_000))
    yield (
        "20,000 wrong lines in one order",
        made("wrong.json", b'{"order": {"location_id": "A", "line_items": [' + wrong + b"]}}"),
    )
    yield "an executable", Path(sys.executable)
    yield "an empty file", made("empty.json", b"")
    yield "a cut archive", made("cut.jsonl.gz", gzip.compress(RIGHT * 1000)[:-20])
    yield "a bomb of gzip, 1 GiB", _bomb(folder / "bomb.json.gz")
    yield "a bomb of Zstandard, 1 GiB", _frames(folder / "bomb.jsonl.zst")
    long = folder / "long.jsonl"
    with long.open("wb") as file:
        file.write(RIGHT + b'{"order": "')
        for _ in range(1024):
            file.write(b"x" * _MEBIBYTE)
        file.write(b'"}\n' + RIGHT)
    yield "a line of 1 GiB between two others", long
    pipe = folder / "endless.json"
    pipe.symlink_to("/dev/zero")
    yield "a file without an end", pipe


def _bomb(path: Path) -> Path:
    with gzip.open(path, "wb", 1) as file:
        for _ in range(1024):
            file.write(b" " * _MEBIBYTE)
    return path


def _frames(path: Path) -> Path:
    path.write_bytes(zstandard.compress(b"x" * _MEBIBYTE) * 1024)
    return path


def main() -> int:
    """Print the table."""
    print("| input | exit code | seconds | MiB | said first |", flush=True)
    print("| --- | ---: | ---: | ---: | --- |", flush=True)
    failures = 0
    with tempfile.TemporaryDirectory() as name:
        for title, file in cases(Path(name)):
            failures += _tried(title, file)
            if name in str(file):
                file.unlink()
    return 1 if failures else 0


def _tried(title: str, file: Path) -> bool:
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        command = [KIT, "validate", "-s", SCHEMA, "--max-findings", "100", str(file)]
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds, memory = time.perf_counter() - started, usage.ru_maxrss / 1024
        process.returncode = code = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read(100_000).decode(errors="replace")
    said = text.splitlines()[0].replace(str(file), file.name) if text else ""
    print(f"| {title} | {code} | {seconds:.1f} | {memory:.0f} | {said[:90]} |", flush=True)
    is_defect = "Traceback" in text or "defect" in text or code not in (0, 1, 2)
    return is_defect or seconds > MOST_SECONDS or memory > MOST_MEBIBYTES


if __name__ == "__main__":
    sys.exit(main())
