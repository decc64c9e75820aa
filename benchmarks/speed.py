"""Compare ``orderspec validate`` with its peers: CPU and wall time of whole processes.

Usage: ``make bench``, or ``python -m benchmarks.speed [PAYLOAD] [--rounds N] [--copies N]
[--lines N]``.

PAYLOAD is a valid fixture, ``fixtures/<provider>/<Schema>/valid/<name>.json``; without it the
largest one is taken. The commands of a task run in turns, round after round, so that a busy moment
of the machine meets all of them. Times are medians; a ratio is the median of the rounds' ratios to
the task's first command, in CPU time. Memory is the largest that a command's own process was;
that of its workers is not in it.

The peers come from an environment of their own, ``.venv-bench``, which ``make bench`` fills.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urljoin

from benchmarks import corpus

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".venv-bench" / "bin"
SOURCEMETA = ROOT / ".venv-bench" / "sourcemeta"
KIT = str(Path(sys.executable).parent / "orderspec")
COMPONENTS, DEFINITIONS = "#/components/schemas/", "#/$defs/"


@dataclass(frozen=True, slots=True)
class Contender:
    """A command, the name it has in the table, and the exit codes of a run that worked."""

    name: str
    command: Sequence[str]
    codes: frozenset[int] = frozenset({0})


@dataclass(frozen=True, slots=True)
class Run:
    """What one process cost: seconds, and MiB."""

    cpu: float
    wall: float
    memory: float


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: milliseconds, MiB, CPU time as a multiple of the first line's."""

    task: str
    name: str
    cpu: float
    wall: float
    memory: float
    ratio: float


def main() -> None:
    """Measure and print the table."""
    options = _options()
    payload = options.payload or _largest_fixture()
    provider, schema = payload.resolve().parts[-4:-2]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peers_schema = folder / "schema.json"
        peers_schema.write_text(json.dumps(_standalone(_bundle(provider), schema)), "utf-8")
        copies = _copy(payload, folder / "copies", options.copies)
        tasks = {
            "start": [
                Contender("python -c pass", [sys.executable, "-c", "pass"]),
                Contender("orderspec --help", [KIT, "--help"]),
            ],
            "1 document": _validators(f"{provider}/{schema}", peers_schema, copies[:1]),
            f"{len(copies)} documents": _validators(f"{provider}/{schema}", peers_schema, copies),
        }
        if options.lines:
            lines, order = folder / "orders.jsonl", folder / "order.json"
            invalid = corpus.write(lines, options.lines)
            described, title = corpus.SCHEMA.split("/")
            order.write_text(json.dumps(_standalone(_bundle(described), title)), "utf-8")
            task = f"{options.lines:,} lines, {lines.stat().st_size >> 20} MiB, {invalid} invalid"
            tasks[task] = _readers(lines, order)
        rows = [row for task, field in tasks.items() for row in _race(task, field, options.rounds)]
    print(f"{payload.name}, {payload.stat().st_size} bytes, as {provider}/{schema};", end=" ")
    print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs, {options.rounds} rounds;")
    print(f"peers: {_peer_versions()}\n")
    print(_table(rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("payload", nargs="?", type=Path, help="a valid fixture")
    parser.add_argument("--rounds", type=int, default=7, help="runs of each command (default 7)")
    parser.add_argument(
        "--lines", type=int, default=20000, help="lines of JSON Lines (default 20000; 0 for none)"
    )
    parser.add_argument("--copies", type=int, default=500, help="documents at once (default 500)")
    return parser.parse_args()


def _largest_fixture() -> Path:
    fixtures = sorted((ROOT / "fixtures").glob("*/*/valid/*.json"))
    if not fixtures:
        sys.exit("There is no fixture to measure with: fixtures/*/*/valid/*.json is empty.")
    return max(fixtures, key=lambda path: path.stat().st_size)


def _bundle(provider: str) -> Mapping[str, Any]:
    done = subprocess.run([KIT, "bundle", provider], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"orderspec bundle {provider} failed:\n{done.stderr}")
    bundle: Mapping[str, Any] = json.loads(done.stdout)
    return bundle


def _standalone(bundle: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Cut one schema out of a bundle, as a file that any JSON Schema validator reads.

    Returns:
        A 2020-12 schema without ``$id``: components become ``$defs``, since validators do not look
        for schemas below ``components``, a keyword unknown to them.
    """
    schemas: Mapping[str, Any] = bundle["components"]["schemas"]
    pointers = {
        schema["$id"]: COMPONENTS + name for name, schema in schemas.items() if "$id" in schema
    }

    def repointed(node: Any, base: str) -> Any:
        if isinstance(node, list):
            return [repointed(item, base) for item in node]
        if not isinstance(node, dict):
            return node
        copy = {key: repointed(value, base) for key, value in node.items()}
        if isinstance(reference := node.get("$ref"), str):
            target = pointers.get(urljoin(base, reference), reference)
            copy["$ref"] = target.replace(COMPONENTS, DEFINITIONS)
        return copy

    components = {}
    for key, schema in schemas.items():
        components[key] = repointed(schema, schema.get("$id", ""))
        components[key].pop("$id", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": DEFINITIONS + name,
        "$defs": components,
    }


def _peer_versions() -> str:
    script = (
        "from importlib.metadata import version\n"
        "peers = 'check-jsonschema', 'jsonschema'\n"
        "print(*(f'{name} {version(name)}' for name in peers), sep=', ')"
    )
    done = subprocess.run(
        [str(PEERS / "python"), "-c", script], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def _copy(payload: Path, folder: Path, count: int) -> list[str]:
    folder.mkdir()
    copies = [folder / f"{number:06}.json" for number in range(count)]
    for copy in copies:
        shutil.copyfile(payload, copy)
    return [str(copy) for copy in copies]


def _validators(schema: str, peers_schema: Path, files: Sequence[str]) -> list[Contender]:
    file, inputs = str(peers_schema), [part for name in files for part in ("-i", name)]
    ours = [KIT, "validate", "-s", schema]
    return [
        Contender("orderspec validate", [*ours, *files]),
        Contender("orderspec validate --no-rules", [*ours, "--no-rules", *files]),
        Contender(
            "check-jsonschema", [str(PEERS / "check-jsonschema"), "--schemafile", file, *files]
        ),
        Contender(
            "python -m jsonschema", [str(PEERS / "python"), "-m", "jsonschema", *inputs, file]
        ),
    ]


def _readers(lines: Path, peers_schema: Path) -> list[Contender]:
    ours = [KIT, "validate", "-s", corpus.SCHEMA, "--format", "github", str(lines)]
    loop = "import sys, orjson\nfor line in open(sys.argv[1], 'rb'): orjson.loads(line)"
    found = frozenset({1})
    contenders = [
        Contender("orjson.loads, each line", [sys.executable, "-c", loop, str(lines)]),
        Contender("orderspec validate --no-rules", [*ours, "--no-rules"], found),
        Contender("the same --workers 2", [*ours, "--no-rules", "--workers", "2"], found),
        Contender("orderspec validate", ours, found),
        Contender("the same --workers 2", [*ours, "--workers", "2"], found),
    ]
    # The program itself: its wrapper in Python would count, too.
    name = f"jsonschema-{platform.system().lower()}-{platform.machine()}"
    for program in SOURCEMETA.glob(f"lib/*/site-packages/sourcemeta_jsonschema/{name}"):
        peer = [str(program), "validate", "--fast", "--continue", str(peers_schema), str(lines)]
        contenders.append(Contender("sourcemeta jsonschema --fast", peer, frozenset({2})))
    return contenders


def _race(task: str, field: Sequence[Contender], rounds: int) -> Iterator[Row]:
    """Run the commands in turns and boil the rounds down to one row a command."""
    results = [[_run(contender) for contender in field] for _ in range(rounds)]
    for place, contender in enumerate(field):
        runs = [turn[place] for turn in results]
        yield Row(
            task=task,
            name=contender.name,
            cpu=1000 * median(run.cpu for run in runs),
            wall=1000 * median(run.wall for run in runs),
            memory=max(run.memory for run in runs),
            ratio=median(turn[place].cpu / turn[0].cpu for turn in results),
        )


def _run(contender: Contender) -> Run:
    """Run a command to its end.

    A command that fails ends the benchmark: a fast failure must never look like a fast success.
    """
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        try:
            process = subprocess.Popen(
                contender.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        except FileNotFoundError:
            sys.exit(f"{contender.command[0]} is not installed. Run: make bench")
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in contender.codes:
            output.seek(0)
            text = output.read().decode(errors="replace")
            sys.exit(f"{contender.name} ended with {process.returncode}:\n{text[:2000]}")
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def _table(rows: Sequence[Row]) -> str:
    head = [
        "| task | command | CPU ms | wall ms | ratio | MiB |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    return "\n".join(
        head
        + [
            f"| {row.task} | `{row.name}` | {row.cpu:,.0f} | {row.wall:,.0f} | {row.ratio:.2f} "
            f"| {row.memory:.0f} |"
            for row in rows
        ]
    )


if __name__ == "__main__":
    main()
