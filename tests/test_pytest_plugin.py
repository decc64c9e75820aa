"""The plugin fails a test whose answer breaks a contract, and says what is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest

from orderspec import exact_json
from tests.test_asgi import ANSWER, BODY, EXCHANGE, PATH, PROVIDER, STATUS

PREPARED = f"""
import httpx, pytest

BODY, ANSWER = {BODY!r}, {ANSWER!r}

def answered(content, path={PATH!r}, body=BODY):
    def handler(request):
        headers = {{"content-type": "application/json"}}
        return httpx.Response({STATUS}, content=content, headers=headers)
    client = httpx.Client(transport=httpx.MockTransport(handler), base_url="https://shop")
    return client.post(path, content=body, headers={{"content-type": "application/json"}})
"""
MARK = f"@pytest.mark.orderspec({PROVIDER!r})\n"


def run_in(folder: Path, test: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_shop.py").write_text(PREPARED + "\n" + test)
    others = ("schemathesis", "hypothesispytest", "xdist", "anyio", "cacheprovider")
    without = [part for name in others for part in ("-p", f"no:{name}")]
    command = [sys.executable, "-m", "pytest", "-q", *without, *arguments, "."]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_right_answer_passes(tmp_path: Path) -> None:
    test = f"{MARK}def test(orderspec):\n    assert orderspec.check(answered(ANSWER)) == []\n"
    done = run_in(tmp_path, test, "--strict-markers")
    assert done.returncode == 0, done.stdout


def test_a_wrong_answer_fails_with_what_is_wrong(tmp_path: Path) -> None:
    body = exact_json.to_bytes([EXCHANGE.response.body])
    done = run_in(
        tmp_path, f"{MARK}def test(orderspec):\n    orderspec.check(answered({body!r}))\n"
    )
    assert done.returncode == 1
    assert f"POST https://shop{PATH} breaks the contract" in done.stdout
    assert "error: expected" in done.stdout
    assert "Traceback" not in done.stdout


STREAMED = """
class Streamed:
    method, url, headers = "POST", "https://shop" + PATH, {}

    @property
    def content(self):
        raise httpx.RequestNotRead

class Generated:
    method, url, headers, body = "POST", "https://shop" + PATH, {}, iter([b"{}"])

@pytest.mark.parametrize("asked", [Streamed, Generated])
def test(orderspec, asked):
    response = answered(ANSWER)
    response.request = asked()
    orderspec.check(response)
"""


def test_a_request_that_cannot_be_read_again_is_left_out(tmp_path: Path) -> None:
    done = run_in(tmp_path, f"PATH = {PATH!r}\npytestmark = {MARK[1:].strip()}\n{STREAMED}")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("where", ["setting", "argument"])
def test_the_contract_may_be_named_elsewhere(tmp_path: Path, where: str) -> None:
    argument = f", contract={PROVIDER!r}" if where == "argument" else ""
    test = f"def test(orderspec):\n    orderspec.check(answered(ANSWER){argument})\n"
    setting = ["-o", f"orderspec_contract={PROVIDER}"] if where == "setting" else []
    done = run_in(tmp_path, test, *setting)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "test, words",
    [
        ("def test(orderspec):\n    orderspec.check(answered(ANSWER))\n", "no contract is named"),
        (f"{MARK}def test(orderspec):\n    orderspec.check(answered(b'', '/x'))\n", "no operation"),
    ],
)
def test_what_cannot_be_checked_is_an_error(tmp_path: Path, test: str, words: str) -> None:
    done = run_in(tmp_path, test)
    assert done.returncode == 1
    assert words in done.stdout
