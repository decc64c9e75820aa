"""Campaigns against mocks that Prism makes from the bundled contracts.

Usage: python -m benchmarks.mocks FOLDER [PROVIDER…] [--modes static,dynamic] [--seed N]
       [--max-time S] [--timeout S]

FOLDER holds Prism, as `make stacks` installs it. A mock answers in the shapes of its document and
knows neither state nor sums, so what a campaign says of those is true, and what it says of shapes
must be: the jsonschema library judges each answer again. Ends with 1 where it sees nothing wrong.
"""

import argparse
import json
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from jsonschema import Draft202012Validator

from orderspec import exact_json, pointer
from orderspec.campaigns import CampaignReport, Proof
from orderspec.contract import catalog
from orderspec.contract.bundle import published
from orderspec.contract.model import Contract
from orderspec.errors import TargetError
from orderspec.exchange import MISSING
from orderspec.findings import ClauseKind, Finding
from orderspec.fuzz.campaign import run
from orderspec.fuzz.settings import Settings
from orderspec.server.faults import behaviour, names

KEEP_GOING = Path(__file__).parent / "prism" / "keep-going.cjs"
PROGRAM = Path("node_modules/@stoplight/prism-cli/dist/index.js")
MODES: Mapping[str, tuple[str, ...]] = {"static": (), "dynamic": ("--dynamic",)}
SECONDS_TO_START = 60
EARLY = 3
FALSE = "FALSE ALARM"
SHAPE = "shape that a second engine finds broken, too"
ACCESS = "no secret is looked at, only that there is one"
CRASH = "no answer, or 5xx"
LENIENT = "accepted against the document"
MADE_UP = "state, sums and echoes that are made up"


def main() -> int:
    """Print what came of each mock; give the exit code."""
    options = _options()
    found_false = False
    for provider in options.provider or names():
        contract = catalog.load(provider)
        for mode in options.modes:
            with _mock(contract, options.folder, mode) as url:
                report = _campaign(contract, url, options)
            causes = _by_cause(contract, report)
            found_false |= FALSE in causes
            _print(report, mode, causes)
    return 1 if found_false else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("provider", nargs="*")
    parser.add_argument("--modes", default=list(MODES), type=lambda text: text.split(","))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--max-time", type=float, default=60.0)
    parser.add_argument("--timeout", type=float, default=5.0)
    return parser.parse_args()


@contextmanager
def _mock(contract: Contract, folder: Path, mode: str) -> Iterator[str]:
    """Run Prism on the bundle of a contract. Silent, as its log ends it on some requests."""
    port = _free_port()
    with TemporaryDirectory() as scratch:
        document = Path(scratch) / "openapi.json"
        document.write_text(json.dumps(published(contract.document)), "utf-8")
        command = ["node", "--require", str(KEEP_GOING), str(folder / PROGRAM), "mock"]
        command += ["--host", "127.0.0.1", "--port", str(port), "--verboseLevel", "silent"]
        command += [*MODES[mode], str(document)]
        quiet = subprocess.DEVNULL
        child = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)
        try:
            _wait_for(port, child)
            yield f"http://127.0.0.1:{port}"
        finally:
            child.kill()
            child.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait_for(port: int, child: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("Prism did not start; `make stacks` installs it.")


def _campaign(contract: Contract, url: str, options: argparse.Namespace) -> CampaignReport:
    """Run a campaign; its first request may be too early, as Prism needs seconds for its first."""
    settings = Settings(
        url,
        options.seed,
        behaviour(contract.name).credentials,
        max_time=options.max_time,
        timeout=options.timeout,
    )
    for _ in range(EARLY):
        try:
            return run(contract, settings, lambda _: None)
        except TargetError:
            time.sleep(options.timeout)
    return run(contract, settings, lambda _: None)


def _by_cause(contract: Contract, report: CampaignReport) -> dict[str, list[Finding]]:
    kinds = {result.clause.id: result.clause.kind for result in report.clauses}
    causes: dict[str, list[Finding]] = defaultdict(list)
    for finding, proof in zip(report.findings, report.proofs, strict=True):
        causes[_cause(contract, finding, kinds.get(finding.clause), proof)].append(finding)
    return causes


def _cause(contract: Contract, finding: Finding, kind: ClauseKind | None, proof: Proof) -> str:
    match kind:
        case ClauseKind.SCHEMA:
            return SHAPE if _is_broken(contract, finding, proof) else FALSE
        case ClauseKind.SECURITY:
            return ACCESS
        case ClauseKind.STATUS if finding.clause.endswith(".status"):
            return CRASH
        case ClauseKind.STATUS:
            return LENIENT
        case _:
            return LENIENT if "accepted a request" in finding.message else MADE_UP


def _is_broken(contract: Contract, finding: Finding, proof: Proof) -> bool:
    """Ask the second engine for an error at the place of a finding, or at what holds it."""
    exchange = proof.exchanges[-1]
    spec = contract.operations[exchange.operation].response_for(exchange.response.status)
    if spec is None or spec.schema is None or exchange.response.body is MISSING:
        return False
    schema = {"$ref": spec.schema, "components": contract.document["components"]}
    judge = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    body = json.loads(exact_json.to_text(exchange.response.body))
    place = list(pointer.parse(finding.at))
    errors = (list(map(str, error.absolute_path)) for error in judge.iter_errors(body))
    return any(place[: len(error)] == error for error in errors)


def _print(report: CampaignReport, mode: str, causes: Mapping[str, list[Finding]]) -> None:
    shapes = sum(one.exercised for one in report.clauses if one.clause.kind is ClauseKind.SCHEMA)
    statuses = ", ".join(f"{number} {status}" for status, number in report.responses.items())
    print(f"\n## {report.provider}, {mode}: {report.verdict}\n")
    print(f"{report.requests} requests ({statuses}), {shapes} answers held to shapes.")
    for note in report.notes:
        print(f"- {note}")
    print("\n| cause | findings | clauses |\n|---|---|---|")
    for cause in (FALSE, SHAPE, CRASH, ACCESS, LENIENT, MADE_UP):
        findings = causes.get(cause, [])
        clauses = ", ".join(dict.fromkeys(_name(finding) for finding in findings))
        print(f"| {cause} | {len(findings)} | {clauses} |")
    sys.stdout.flush()


def _name(finding: Finding) -> str:
    """Name a clause without its provider, and the keyword where that tells more."""
    name = finding.clause.partition(".")[2]
    return f"{name}: {finding.keyword}" if ".response." in name else name


if __name__ == "__main__":
    sys.exit(main())
