"""The commands `serve` and `faults`, from the outside."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from orderspec.contract import catalog
from orderspec.server import faults
from orderspec.server.process import child_server, running_server
from tests.samples import sample

ROOT = Path(__file__).parents[2]
SERVE = [sys.executable, "-m", "orderspec", "serve"]


@pytest.fixture(autouse=True)
def _on_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "orderspec", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("provider", faults.names())
def test_a_provider_is_served_at_its_real_paths(provider: str) -> None:
    paths = [operation.path for operation in catalog.load(provider).operations.values()]
    with running_server(provider) as url:
        found = [httpx.options(url + path, trust_env=False).status_code for path in paths]
        elsewhere = httpx.get(f"{url}/{provider}/nothing/here", trust_env=False).status_code
    assert set(found) == {204}
    assert elsewhere == 404


@pytest.mark.parametrize("provider", sample(faults.names(), one_of=3))
def test_a_provider_can_be_served_with_each_end_of_its_list_of_faults(provider: str) -> None:
    seeded = faults.behaviour(provider).faults
    for fault in {seeded[0].name, seeded[-1].name}:
        with running_server(provider, fault=fault) as url:
            assert httpx.options(url, trust_env=False).status_code == 404


def test_the_line_names_provider_url_credential_and_database() -> None:
    provider = faults.names()[0]
    command = [*SERVE, provider, "--port", "0"]
    line = re.compile(
        rf"Serving {provider} at http://127\.0\.0\.1:\d+ \(credential: .+, database: .+\)"
    )
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        announced = child.stdout.readline().strip()
        child.terminate()
        assert child.wait(30) == 0
        assert child.stdout.read() == ""
    assert line.fullmatch(announced), announced


def test_all_providers_are_served_below_their_names() -> None:
    names = faults.names()
    with child_server([*SERVE, *names, names[0], "--port", "0"]) as (url, _):
        prefix = "" if len(names) == 1 else f"/{names[-1]}"
        path = next(iter(catalog.load(names[-1]).operations.values())).path
        assert httpx.options(f"{url}{prefix}{path}", trust_env=False).status_code == 204


def test_a_port_in_use_a_bad_database_and_unknown_names_end_with_two_and_a_way_out() -> None:
    provider = faults.names()[0]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = run("serve", provider, "--port", str(taken.getsockname()[1]))
    broken = [
        busy,
        run("serve", provider, "--port", "0", "--database", "sqlite:////no/such/folder/x.db"),
        run("serve", provider, "--port", "0", "--fault", "no-such-fault"),
        run("serve", "no-such-provider", "--port", "0"),
        run("serve", provider, "--host", "no.such.host.invalid", "--port", "0"),
        run("faults", "no-such-provider"),
    ]
    for result in broken:
        assert result.returncode == 2, result.args
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        assert len(result.stderr.strip().splitlines()) >= 2, result.stderr


def test_faults_are_listed_as_json() -> None:
    listed = json.loads(run("faults", "--format", "json").stdout)
    assert listed["format"] == 1
    assert [provider["name"] for provider in listed["providers"]] == faults.names()
    for provider in listed["providers"]:
        behaviour = faults.behaviour(provider["name"])
        assert [entry["name"] for entry in provider["faults"]] == [
            one.name for one in behaviour.faults
        ]
        assert all(
            entry.keys() == {"name", "stratum", "summary", "rare"} for entry in provider["faults"]
        )


def test_faults_are_listed_as_text_with_every_name() -> None:
    text = run("faults").stdout
    for name in faults.names():
        assert all(fault.name in text for fault in faults.behaviour(name).faults)
