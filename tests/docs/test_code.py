"""The programs that a page shows do what they say: they are run against the reference server."""

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orderspec import exact_json, fixtures
from orderspec.contract import catalog
from orderspec.contract.model import Contract, Operation, SecurityScheme
from orderspec.docs.code import javascript, python
from orderspec.docs.curl import curl
from orderspec.docs.examples import Example, Valid, examples
from orderspec.docs.sent import Secret, Sent, sent, server_of
from orderspec.exchange import Request
from orderspec.server.faults import behaviours
from orderspec.server.process import child_server

NODE, CURL = shutil.which("node"), shutil.which("curl")
each_provider = pytest.mark.parametrize("name", catalog.providers())

INFO = {"title": "T", "version": "1"}
ODD = """it's "$HOME" `x` \\ \n\t é 😀 </script> %41 ${1}"""
FULL = Sent(
    "POST",
    "https://api.example/a",
    query=(("q", ODD), ("q", "2"), ("key", Secret("QUERY_KEY"))),
    headers=(("X-Plain", "a b"), ("X-Key", Secret("HEADER_KEY", "Key "))),
    body={"text": ODD, "none": None, "yes": [True, False], "number": 12.5},
)
SECRETS = {"QUERY_KEY": "a&b=c", "HEADER_KEY": "k-1", "BASIC": "me:se:cret"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Serve every provider, each below its name."""
    command = [sys.executable, "-m", "orderspec", "serve", "--port", "0", "--database", "sqlite://"]
    with child_server(command) as (url, _):
        yield url


def shown(name: str) -> Iterator[tuple[str, Example]]:
    contract = catalog.load(name)
    every = Valid.of([*fixtures.payloads(contract), *fixtures.exchanges(contract)])
    for operation in contract.operations.values():
        yield operation.id, examples(contract, operation, every)[0]


def run_python(program: str) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(program, "example", "exec"), {})  # noqa: S102 (the program is the subject)
    return printed.getvalue()


def run(*command: str, env: dict[str, str]) -> str:
    done = subprocess.run(
        command, env={**os.environ, **env}, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def secrets_of(name: str) -> dict[str, str]:
    known = behaviours([name])[name].credentials
    return {re.sub(r"[^A-Z0-9]", "_", key.upper()): value for key, value in known.items()}


@each_provider
def test_what_is_shown_to_create_an_order_creates_one_in_every_language(
    server: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets, contract = secrets_of(name), catalog.load(name)
    real = server_of(contract, next(iter(contract.operations.values())))
    for variable, value in secrets.items():
        monkeypatch.setenv(variable, value)
    created = 0
    for operation, example in shown(name):
        programs = {
            language: getattr(example, language).replace(real, f"{server}/{name}")
            for language in ("python", "javascript", "curl")
        }
        status = run_python(programs["python"]).split(" ", 1)[0]
        assert status[:1] in "24", operation
        created += status.startswith("2") and contract.operations[operation].may_change
        if NODE:
            answered = run(NODE, "--input-type=module", "-e", programs["javascript"], env=secrets)
            assert answered.split(" ", 1)[0] == status, operation
        if CURL:
            quiet = "curl() { command curl -so /dev/null -w '%{http_code}' \"$@\"; }\n"
            answered = run("sh", "-c", quiet + programs["curl"], env=secrets)
            assert answered == status, operation
    assert created


@dataclass(frozen=True)
class Answer:
    """What the stub of httpx answers."""

    status_code: int = 200
    text: str = "done"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Collect what programs give to httpx, in place of sending it."""
    seen: list[tuple[Any, ...]] = []

    def request(method: str, url: str, **more: Any) -> Answer:
        seen.append((method, url, more))
        return Answer()

    monkeypatch.setattr("httpx.request", request)
    for variable, value in SECRETS.items():
        monkeypatch.setenv(variable, value)
    return seen


def test_a_program_sends_odd_texts_and_secrets_as_they_are(calls: list[tuple[Any, ...]]) -> None:
    assert run_python(python(FULL)) == "200 done\n"
    more = {
        "params": [("q", ODD), ("q", "2"), ("key", "a&b=c")],
        "headers": {"X-Plain": "a b", "X-Key": "Key k-1"},
        "json": FULL.body,
    }
    assert calls == [("POST", "https://api.example/a", more)]


def test_basic_access_is_a_user_and_a_password(calls: list[tuple[Any, ...]]) -> None:
    run_python(python(Sent("GET", "https://api.example/a", basic=Secret("BASIC"))))
    assert calls == [("GET", "https://api.example/a", {"auth": ("me", "se:cret")})]


@pytest.mark.skipif(NODE is None, reason="there is no node on this machine")
def test_a_program_for_javascript_sends_the_same() -> None:
    assert NODE
    stub = (
        "globalThis.fetch = async (url, options) => ({ status: 200, text: async () =>"
        " JSON.stringify([url, options.method, options.headers, JSON.parse(options.body)]) });\n"
    )
    printed = run(NODE, "--input-type=module", "-e", stub + javascript(FULL), env=SECRETS)
    show = "const u = new URL(process.argv[1]); console.log(JSON.stringify([...u.searchParams]))"
    (url, method, headers, body) = json.loads(printed.removeprefix("200 "))
    assert (method, body) == ("POST", FULL.body)
    assert headers == {
        "X-Plain": "a b",
        "X-Key": "Key k-1",
        "Content-Type": "application/json",
    }
    pairs = run(NODE, "-e", show, url, env={})
    assert json.loads(pairs) == [["q", ODD], ["q", "2"], ["key", "a&b=c"]]


def test_a_path_parameter_without_a_value_is_left_to_the_reader() -> None:
    assert "--globoff 'https://api.example/{id}'" in curl(Sent("GET", "https://api.example/{id}"))


@pytest.mark.parametrize(
    "servers,address",
    [
        ({}, "https://api.example"),
        ({"servers": [{"url": "v1"}]}, "https://api.example/v1"),
        ({"servers": [{"url": "/v1/"}]}, "https://api.example/v1"),
        ({"servers": [{"url": "//a.example/v1"}]}, "https://a.example/v1"),
        (
            {"servers": [{"url": "https://{h}/", "variables": {"h": {"default": "b.example"}}}]},
            "https://b.example",
        ),
        ({"servers": [{"url": "https://{h}/v1"}]}, "https://{h}/v1"),
    ],
)
@pytest.mark.parametrize("level", ["description", "path", "operation"])
def test_the_nearest_server_counts_with_the_defaults_of_its_variables(
    tmp_path: Path, servers: dict[str, Any], address: str, level: str
) -> None:
    operation: dict[str, Any] = {"operationId": "a", "responses": {"200": {"description": "x"}}}
    item: dict[str, Any] = {"get": operation}
    whole: dict[str, Any] = {"openapi": "3.1.0", "info": INFO, "paths": {"/a": item}}
    {"description": whole, "path": item, "operation": operation}[level].update(servers)
    if level != "description" and servers:
        whole["servers"] = [{"url": "https://far.example"}]
    file = tmp_path / "api.json"
    file.write_text(json.dumps(whole), "utf-8")
    contract = catalog.load(str(file))
    assert server_of(contract, contract.operations["a"]) == address


@pytest.mark.parametrize(
    "name,variable", [("2fa", "API_2FA"), ("path", "API_PATH"), ("a b", "A_B")]
)
def test_a_secret_is_in_a_variable_that_every_shell_can_hold(name: str, variable: str) -> None:
    scheme = SecurityScheme(name, "apiKey", parameter="X-Key")
    operation = Operation("a", "GET", "/a", security=((scheme,),))
    taken = sent(contract_of("/a"), operation, Request("GET", "/a"))
    assert taken.headers == (("X-Key", Secret(variable)),)


def test_a_key_in_a_cookie_is_sent_as_a_cookie() -> None:
    scheme = SecurityScheme("key", "apiKey", location="cookie", parameter="session")
    operation = Operation("a", "GET", "/a", security=((scheme,),))
    taken = sent(contract_of("/a"), operation, Request("GET", "/a"))
    assert taken.headers == (("Cookie", Secret("KEY", "session=")),)


def contract_of(path: str) -> Contract:
    document: dict[str, Any] = {"paths": {path: {"get": {}}}}
    return Contract("c", document, operations={}, schemas={}, rules={}, sources={})


@pytest.mark.skipif(NODE is None, reason="there is no node on this machine")
@pytest.mark.parametrize(
    "body",
    [
        {"n": 9007199254740993},
        {"__proto__": 1},
        {"n": Decimal("0.1234567890123456789")},
        {"…": "…"},
        [True, None, 2**53, Decimal("19.99")],
    ],
)
def test_a_body_arrives_as_it_is_whatever_a_double_carries(
    body: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert NODE
    one = Sent("POST", "https://api.example/a", body=body)
    stub = "globalThis.fetch = async (_, o) => ({ status: 200, text: async () => o.body });\n"
    printed = run(NODE, "--input-type=module", "-e", stub + javascript(one), env={})
    assert exact_json.from_text(printed.removeprefix("200 ")) == body
    seen: list[Any] = []

    def request(*_: Any, **more: Any) -> Answer:
        seen.append(more["content"] if "content" in more else json.dumps(more["json"]))
        return Answer()

    monkeypatch.setattr("httpx.request", request)
    run_python(python(one))
    assert exact_json.from_text(seen[0]) == body
