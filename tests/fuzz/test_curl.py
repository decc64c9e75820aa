"""The command lines of findings, run in a shell and compared byte by byte."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, unquote_to_bytes, urlsplit

import pytest

from orderspec.contract.model import SecurityScheme
from orderspec.exchange import MISSING, Request
from orderspec.fuzz.access import UNSPOILED, Spoils, access_for, spoiled_secrets
from orderspec.fuzz.curl import curl, variable
from orderspec.fuzz.transport import Transport
from tests.fuzz.servers import Answer, Call, serving
from tests.fuzz.test_access import BASIC, BEARER, COOKIES, HEADER, QUERY, operation

SECRET = "client:hush-Hush/9"  # noqa: S105 (of no server at all)
needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


def both(
    request: Request,
    schemes: tuple[SecurityScheme, ...] = (),
    spoils: Spoils = UNSPOILED,
    base: str = "",
    secret: str = SECRET,
) -> tuple[Call, Call]:
    """Send a request by ourselves and by its command line; give what arrived both times."""
    credentials = {scheme.name: secret for scheme in schemes}
    environment = {variable(name): secret for name, secret in credentials.items()}
    with serving(lambda _: Answer()) as (url, calls):
        access = access_for(operation(schemes), credentials, spoils)
        Transport(url + base).send("Create", request, access, 5)
        line = curl(url + base, request, schemes, spoils)
        assert SECRET not in line
        assert line.isprintable()
        assert line.isascii() or request.raw is None
        run_in_a_shell(line, environment)
    return calls[0], calls[1]


def run_in_a_shell(line: str, environment: Mapping[str, str]) -> None:
    """Run a line as a person would, in the plainest shell there is."""
    path = {"PATH": "/usr/bin:/bin:/usr/local/bin", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["sh"],
        input=line.encode(),
        env={**path, **environment},
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@needs_curl
@pytest.mark.parametrize(
    "body",
    [
        {"name": 'O\'Neil & "Co" $HOME `id` $(id) \\ %s !'},
        {"name": "line\nbreak\ttab\x00nul\x1b[2J\x7f"},
        {"name": "日本語 🍣 \u202e\u0085"},
        {"half": "\ud800"},
        "@/etc/passwd",
        [],
        None,
        {},
        "",
    ],
    ids=repr,
)
def test_the_line_sends_the_same_body(body: Any) -> None:
    ours, theirs = both(Request("POST", "/orders", body=body))
    assert (theirs.sent, theirs.headers["content-type"]) == (ours.sent, "application/json")


@needs_curl
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"@/etc/passwd",
        b'{"\xff\xfe": "\xc3\x28"}',
        b"\x00\x01%d%%\\n",
        b"\n\n{}\n",
        bytes(range(256)),
        b'{"a":"' + b"x" * 200_000 + b'"}',
        b'{"a":"\xff' + b"x" * 200_000 + b'"}',
    ],
    ids=lambda raw: repr(raw[:20]),
)
def test_the_line_sends_the_same_bytes(raw: bytes) -> None:
    ours, theirs = both(Request("POST", "/orders", body={"a": 1}, raw=raw))
    assert theirs.sent == ours.sent == ("POST", "/orders", raw)


@needs_curl
@pytest.mark.parametrize("body", [MISSING, {"a": 1}], ids=["bare", "with-body"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_the_line_uses_the_same_method(method: str, body: Any) -> None:
    ours, theirs = both(Request(method, "/orders", body=body))
    assert theirs.sent == ours.sent


@needs_curl
def test_the_line_waits_for_no_body_of_a_head() -> None:
    ours, theirs = both(Request("HEAD", "/orders"))
    assert theirs.sent == ours.sent


@needs_curl
@pytest.mark.parametrize(
    "path",
    [
        "/orders/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/orders/'%20OR%20'1'='1",
        "/orders/{a,b}[1-3]",
        "/orders/%ff%00",
        "/orders/../x/./y",
        "/orders/$HOME`id`",
    ],
)
def test_the_line_asks_for_the_same_path(path: str) -> None:
    ours, theirs = both(Request("GET", path, query={"q": "a b&c", "e": ""}), base="/base")
    assert unquote_to_bytes(theirs.target) == unquote_to_bytes(ours.target)
    assert theirs.target.startswith("/base/orders")


@needs_curl
@pytest.mark.parametrize("value", ["text/plain", "", 'quo\'te "$HOME" `id`', "caf\xe9"])
def test_the_line_sends_the_same_headers(value: str) -> None:
    ours, theirs = both(Request("POST", "/orders", headers={"x-odd": value}, body={}))
    assert theirs.headers["x-odd"] == ours.headers["x-odd"] == value


@needs_curl
def test_the_line_replaces_the_type_of_content() -> None:
    ours, theirs = both(Request("POST", "/", headers={"content-type": "text/plain"}, body={}))
    assert theirs.headers["content-type"] == ours.headers["content-type"] == "text/plain"


SCHEMES = [(BEARER,), (BASIC,), (QUERY,), (HEADER,), (BASIC, QUERY), COOKIES]


@needs_curl
@pytest.mark.parametrize("schemes", SCHEMES, ids=lambda schemes: "+".join(s.name for s in schemes))
def test_credentials_come_from_the_environment(schemes: tuple[SecurityScheme, ...]) -> None:
    ours, theirs = both(Request("GET", "/orders", query={"page": "2"}), schemes)
    for name in ("authorization", "x-token", "cookie"):
        joined = theirs.headers.get(name, "").replace(";", "; ")  # curl leaves out the blank
        assert joined == ours.headers.get(name, "")
    if QUERY in schemes:
        assert unquote(theirs.target) == f"/orders?page=2&access_token={SECRET}"


@needs_curl
@pytest.mark.parametrize("secret", ["a&b c=d+e", "100%25#", "caf\xe9\u65e5", "@file", "`id`$(id)"])
@pytest.mark.parametrize("query", [{}, {"page": "2"}], ids=["alone", "after-another"])
@pytest.mark.parametrize(
    "method,body", [("GET", MISSING), ("DELETE", MISSING), ("HEAD", MISSING), ("POST", {"a": 1})]
)
def test_a_secret_in_a_query_may_hold_any_character(
    method: str, body: Any, query: dict[str, str], secret: str
) -> None:
    request = Request(method, "/orders", query=query, body=body)
    ours, theirs = both(request, (QUERY,), secret=secret)
    assert parse_qsl(urlsplit(theirs.target).query) == parse_qsl(urlsplit(ours.target).query)
    assert ("access_token", secret) in parse_qsl(urlsplit(theirs.target).query)
    assert (theirs.method, theirs.body) == (ours.method, ours.body)


@needs_curl
@pytest.mark.parametrize("scheme", [BEARER, BASIC, HEADER, QUERY], ids=lambda scheme: scheme.name)
def test_spoiled_credentials_are_made_in_the_shell(scheme: SecurityScheme) -> None:
    """Half of a secret, or the secret in other letters, would give it away in a report."""
    for why, spoiled in spoiled_secrets(scheme, SECRET).items():
        if not spoiled.secret and scheme != QUERY:
            continue  # curl leaves out a header that is empty
        request = Request("GET", "/orders", query={"page": "2"})
        ours, theirs = both(request, (scheme,), {scheme.name: spoiled})
        assert unquote(theirs.target) == unquote(ours.target), why
        name = scheme.parameter.lower()
        assert theirs.headers.get(name) == ours.headers.get(name), why
        assert ("access_token" in ours.target) == (scheme == QUERY)


def test_no_line_gives_a_spoiled_secret_away() -> None:
    for scheme in (BEARER, BASIC, QUERY, HEADER):
        for spoiled in spoiled_secrets(scheme, SECRET).values():
            line = curl("http://a", Request("GET", "/"), (scheme,), {scheme.name: spoiled})
            assert not any(part in line for part in (SECRET, "hush", "HUSH", SECRET[:9]))


@needs_curl
def test_a_credential_that_is_left_out_is_not_in_the_line() -> None:
    ours, theirs = both(Request("GET", "/"), (BASIC, QUERY), {"basic": None})
    assert "authorization" not in {**ours.headers, **theirs.headers}
    assert unquote(theirs.target) == f"/?access_token={SECRET}"


def test_a_variable_is_named_after_the_scheme() -> None:
    assert variable("api-Key.v2") == "ORDERSPEC_CREDENTIAL_API_KEY_V2"


def test_a_plain_line_is_short() -> None:
    line = curl("http://a/", Request("POST", "/orders", body={"a": 1}), (BEARER,))
    assert line == (
        "curl -sS http://a/orders"
        ' -H "Authorization: Bearer ${ORDERSPEC_CREDENTIAL_BEARER}"'
        " -H 'Content-Type: application/json' --data-raw '"
        + json.dumps({"a": 1}).replace(" ", "")
        + "'"
    )
