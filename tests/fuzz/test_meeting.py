"""The first request: what is wrong with an address or a credential is told before all else."""

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from orderspec.errors import OrderspecError, TargetError, UsageError
from orderspec.findings import Verdict
from orderspec.fuzz.campaign import run
from orderspec.fuzz.settings import Settings
from orderspec.fuzz.strangers import check_forms
from tests.fuzz import stall
from tests.fuzz.kiosk import TOKEN, Kiosk, answer, campaign, contract, refused
from tests.fuzz.servers import Answer, Call, Drop, Serve, serving
from tests.fuzz.test_access import BASIC


def told(serve: Serve, base: str = "", token: str = TOKEN) -> OrderspecError:
    """Meet a server that no campaign can begin with; give what is told of it."""
    with serving(serve) as (url, _), pytest.raises(OrderspecError) as caught:
        run(contract(), Settings(url + base, credentials={"bearer": token}), lambda _: None)
    return caught.value


def under(prefix: str) -> Serve:
    """Make a kiosk below a path, as gateways do."""
    kiosk = Kiosk()

    def serve(call: Call) -> Answer:
        if not call.target.startswith(f"{prefix}/orders"):
            return answer({"detail": f"no {call.method} {call.target}"}, 404)
        return kiosk(Call(call.method, call.target[len(prefix) :], call.headers, call.body))

    return serve


def test_an_address_without_its_beginning_of_the_path_is_told_after_two_requests() -> None:
    with serving(under("/shop/api")) as (url, calls), pytest.raises(TargetError) as caught:
        run(contract(), Settings(url, credentials={"bearer": TOKEN}), lambda _: None)
    assert "answers 404 to POST /orders, as to a path that is not there" in caught.value.message
    assert caught.value.hint == (
        f"Check the address: the contract's paths are added to it, so {url}/orders was asked for."
    )
    assert len(calls) == 2


def test_an_address_that_holds_the_path_of_the_contract_says_what_to_try() -> None:
    problem = told(under(""), base="/orders")
    assert "paths hold /orders already, so try --url http://127.0.0.1:" in problem.hint
    assert not problem.hint.endswith("orders.")


def test_a_web_site_is_told_with_the_same_advice() -> None:
    page = Answer(200, b"<!doctype html><h1>Shop</h1>", {"Content-Type": "text/html"})
    problem = told(lambda _: page, base="/orders")
    assert "with an HTML page" in problem.message
    assert "try --url http://127.0.0.1:" in problem.hint


def test_a_refusal_of_what_is_referred_to_is_no_wrong_address() -> None:
    """It is worded in its own way, and so is not taken for a path that is not there."""
    kiosk = Kiosk()

    def serve(call: Call) -> Answer:
        if call.method == "POST" and call.target == "/orders":
            return refused(404, "there is no shop S1")
        return kiosk(call)

    report, _ = campaign(serve)
    assert report.verdict is not Verdict.CONFORMS
    notes = "\n".join(report.notes)
    assert "The server's own words, " in notes
    assert '404 {"trouble":"there is no shop S1"}' in notes


def test_a_redirect_gives_the_address_that_it_leads_to() -> None:
    serve = lambda _: Answer(308, b"", {"Location": "https://api.example/orders"})  # noqa: E731 (a server in one line)
    problem = told(serve)
    assert problem.hint == "Redirects are not followed: give the address: --url https://api.example"


def test_a_redirect_does_not_show_a_token() -> None:
    serve = lambda _: Answer(302, b"", {"Location": f"/login?token={TOKEN}"})  # noqa: E731 (a server in one line)
    problem = told(serve)
    assert TOKEN not in str(problem)
    assert "/login?token={bearer}" in problem.message


def test_refused_credentials_are_told_with_the_servers_words_and_challenge() -> None:
    body = f'{{"trouble": "no such token {TOKEN}"}}'.encode()
    problem = told(lambda _: Answer(401, body, {"WWW-Authenticate": 'Basic realm="kiosk"'}))
    assert "CreateOrder answers 401: the credentials are refused" in problem.message
    assert 'Basic realm="kiosk"' in problem.message
    assert "no such token {bearer}" in problem.message
    assert TOKEN not in str(problem)
    assert problem.hint == "Check the secret of bearer, and that it is one of this deployment."


def test_credentials_that_may_do_nothing_are_told() -> None:
    problem = told(lambda _: refused(403, "not yours"))
    assert "bearer is known, but may not use CreateOrder" in problem.hint


def reading_only(call: Call, server: stall.Stall) -> Answer:
    """Forbid what is not reading."""
    return server(call) if call.method == "GET" else refused(403, "you may only read")


def test_credentials_that_may_use_some_operations_only_are_noted_and_no_finding() -> None:
    server = stall.Stall()
    report = stall.campaign(lambda call: reading_only(call, server))
    assert not [one for one in report.findings if one.clause.endswith(".accepts")]
    assert report.verdict is Verdict.INCONCLUSIVE
    notes = "\n".join(report.notes)
    assert "was answered 401 or 403: these credentials may not use it" in notes
    assert "you may only read" in notes


@pytest.mark.parametrize(
    "secret,words",
    [
        (f" {TOKEN}", "blanks or quotes"),
        (f"'{TOKEN}'", "blanks or quotes"),
        (f"Bearer {TOKEN}", "it is a whole header"),
        (f"bearer {TOKEN}", "it is a whole header"),
    ],
)
def test_a_secret_that_was_copied_wrongly_is_told_before_anything_is_sent(
    secret: str, words: str
) -> None:
    with serving(Kiosk()) as (url, calls), pytest.raises(UsageError) as caught:
        run(contract(), Settings(url, credentials={"bearer": secret}), lambda _: None)
    assert words in caught.value.message
    assert TOKEN not in str(caught.value)
    assert calls == []


def test_basic_wants_a_user_and_a_password() -> None:
    with pytest.raises(UsageError, match="no colon") as caught:
        check_forms([BASIC], {"basic": "only-a-key"})
    assert "basic=user:password" in caught.value.hint
    check_forms([BASIC], {"basic": "only-a-key:"})


def test_a_server_that_takes_longer_than_the_campaign_is_told_with_the_time() -> None:
    over = Event()

    def serve(_: Call) -> Answer:
        over.wait(10)
        return answer({})

    with serving(serve) as (url, _):
        settings = Settings(url, credentials={"bearer": TOKEN}, max_time=0.5)
        with pytest.raises(TargetError) as caught:
            run(contract(), settings, lambda _: None)
        over.set()
    assert "--max-time (0.5 s)" in str(caught.value)


def test_a_connection_that_is_closed_at_once_may_want_tls() -> None:
    def serve(_: Call) -> Answer:
        raise Drop

    assert "Does it want https:// instead?" in told(serve).hint


def test_tls_where_none_is_spoken_is_told() -> None:
    with serving(Kiosk()) as (url, _), pytest.raises(TargetError) as caught:
        run(contract(), Settings(url.replace("http:", "https:")), lambda _: None)
    assert caught.value.hint == "No TLS is spoken there: try http:// instead."


@contextmanager
def serving_tls(folder: Path) -> Iterator[str]:
    """Serve with a certificate that nobody signed."""
    key, certificate = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
            "-subj", "/CN=localhost", "-keyout", key, "-out", certificate,
        ],
        check=True,
        capture_output=True,
        timeout=30,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_certificate_that_nobody_signed_is_told(tmp_path: Path) -> None:
    with serving_tls(tmp_path) as url, pytest.raises(TargetError) as caught:
        run(contract(), Settings(url), lambda _: None)
    assert "SSL_CERT_FILE" in caught.value.hint


@pytest.mark.parametrize("url", ["ftp://me:hush@a", "http:/me:hush@a", "htp://a?token=hush"])
def test_an_address_that_is_none_is_told_without_its_secrets(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        run(contract(), Settings(url), lambda _: None)
    assert "hush" not in str(caught.value)
