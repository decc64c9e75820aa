"""No form of a report, and nothing that is printed, holds a secret that a server sends back."""

import base64
import json
import os
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from orderspec.cli import main
from tests.cli.conftest import Run
from tests.fuzz.kiosk import SPEC, Kiosk
from tests.fuzz.servers import Answer, Call, serving


@pytest.fixture(autouse=True)
def _kiosk(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """Give the command line the kiosk's contract, in an empty folder."""
    del run
    monkeypatch.setenv("ORDERSPEC_SPEC", os.fspath(SPEC))
    monkeypatch.setattr("orderspec.fuzz.generation.SHARE", 0.0)


def forms(secret: str) -> list[str]:
    """Write a secret in the ways that servers send it back in."""
    return [
        secret,
        quote(secret, safe=""),
        json.dumps(secret)[1:-1],
        base64.b64encode(secret.encode()).decode(),
        secret.swapcase(),
        secret[: len(secret) // 2],
    ]


def test_a_server_that_tells_all_it_was_sent_gets_no_secret_into_a_report(tmp_path: Path) -> None:
    secret = "kiosk/Secret+9-of&mine=1"  # noqa: S105 (of the tests' own server)
    kiosk = Kiosk()

    def serve(call: Call) -> Answer:
        """Break several clauses, and speak of the secret wherever there is room."""
        sent = call.headers.get("authorization", "")
        told = " ".join([*forms(secret), sent, call.target])
        headers = {"X-Sent": quote(told), "Set-Cookie": f"sid={quote(secret)}; Path=/"}
        if not sent.startswith(f"Bearer {secret}"):
            return Answer(401, json.dumps({"trouble": told}).encode(), headers)
        known = dict(call.headers) | {"authorization": "Bearer kiosk-Secret-9"}
        given = kiosk(Call(call.method, call.target, known, call.body))
        if given.status != 200:
            return Answer(given.status, f"Traceback: {told}".encode(), headers)
        order = json.loads(given.body)
        order.update(total=told, note=[told], **{secret: 1})
        return Answer(200, json.dumps(order).encode(), headers)

    out = tmp_path / "out"
    with serving(serve) as (url, _):
        result = CliRunner().invoke(
            main,
            [
                "fuzz", "kiosk", "--url", url, "--credential", f"bearer={secret}", "--seed", "1",
                "--max-examples", "3", "--report", os.fspath(out), "--value", "shop=S1",
                "--baseline", "known.json", "--update-baseline",
            ],
        )  # fmt: skip
    assert result.exit_code in (0, 3), result.stderr
    files = [*filter(Path.is_file, out.rglob("*")), Path("known.json")]
    written = {str(path): path.read_text("utf-8") for path in files}
    assert len(written) > 3
    for name, text in {**written, "stdout": result.stdout, "stderr": result.stderr}.items():
        for form in forms(secret):
            assert form.lower() not in text.lower(), (name, form)
    assert any("{bearer}" in text for text in written.values())
    assert re.search(r"orderspec-[0-9a-f]{24}", "".join(written.values()))
