"""A secret that a server sends back stands in nothing that is shown."""

import base64
import json
from urllib.parse import quote, quote_plus

import pytest

from orderspec.exchange import Exchange, Request, Response
from orderspec.findings import Finding, Severity
from orderspec.fuzz.redact import cleaned_exchange, redacted, redacted_text

SECRET = "client:s3cret-of-mine"  # noqa: S105 (a secret of nobody)
TOKEN = "sk_51/H+8a=b\"x y&z'ü\\0"  # noqa: S105 (a secret of nobody)
ENCODED = base64.b64encode(SECRET.encode()).decode()


def test_the_secret_is_named_instead_of_shown() -> None:
    finding = Finding(
        Severity.ERROR,
        "acme.CreateOrder.response.4XX",
        f"expected an array, got 'bad token {SECRET}'",
        expected={"errors": [SECRET]},
        got=f"Basic {ENCODED}",
        curl=f"curl -H 'x: {SECRET}'",
    )
    told = repr(redacted(finding, {"basic": SECRET, "other": ""}))
    assert SECRET not in told
    assert ENCODED not in told
    assert told.count("{basic}") == 4


@pytest.mark.parametrize(
    "form",
    [
        TOKEN,
        TOKEN.swapcase(),
        json.dumps(TOKEN)[1:-1],
        json.dumps(TOKEN, ensure_ascii=False)[1:-1].replace("/", "\\/"),
        quote(TOKEN),
        quote(TOKEN, safe="").lower(),
        quote_plus(TOKEN),
        base64.b64encode(TOKEN.encode()).decode(),
        base64.urlsafe_b64encode(TOKEN.encode()).decode().rstrip("="),
        quote(base64.b64encode(TOKEN.encode()).decode(), safe=""),
        repr(TOKEN)[1:-1],
    ],
)
def test_a_secret_is_hidden_in_each_form_that_it_travels_in(form: str) -> None:
    assert redacted_text(f"<{form}>", {"bearer": TOKEN}) == "<{bearer}>"


def test_what_a_campaign_makes_of_a_secret_gives_nothing_away() -> None:
    credentials = {"bearer": "0123456789abcdef"}
    assert redacted_text("no 0123456789abcdef0", credentials) == "no {bearer}0"
    assert redacted_text("no 01234567!", credentials) == "no {bearer}!"
    assert redacted_text("no 0123456789abc…", credentials) == "no {bearer}…"
    assert redacted_text("no 'k3y-'", {"bearer": "k3y-of-us"}) == "no 'k3y-'"
    assert redacted_text("no 'k3y-o'", {"bearer": "k3y-of-us-"}) == "no '{bearer}'"


def test_a_long_secret_that_was_cut_is_hidden_as_well() -> None:
    token = "".join(f"{number:03}" for number in range(300))
    assert redacted_text(f"got {token[:40]}…", {"bearer": token}) == "got {bearer}…"


def test_both_parts_of_basic_are_hidden_but_plain_words_stay() -> None:
    credentials = {"basic": "key7-live-user:pass-w0rd"}
    assert redacted_text("key7-live-user / pass-w0rd", credentials) == "{basic} / {basic}"
    plain = {"basic": "client:secret"}
    assert redacted_text("the client sent a wrong secret", plain) == (
        "the client sent a wrong secret"
    )
    assert redacted_text('{"password":"secret"}', plain) == '{"password":"{basic}"}'


def test_a_key_that_is_a_user_without_a_password_is_hidden() -> None:
    assert redacted_text("no key of-mine-1", {"basic": "of-mine-1:"}) == "no key {basic}"


def test_a_secret_of_three_letters_leaves_words_alone() -> None:
    finding = Finding(Severity.ERROR, "acme.order.total", "the total is the sum")
    assert redacted(finding, {"bearer": "the"}) == finding
    assert redacted_text("Bearer the", {"bearer": "the"}) == "Bearer {bearer}"
    assert redacted_text("/orders?token=the&a=1", {"bearer": "the"}) == "/orders?token={bearer}&a=1"


def test_an_exchange_is_cleaned_wherever_a_server_or_a_request_may_hold_a_secret() -> None:
    token = "98765432109876"  # noqa: S105 (a secret of nobody)
    exchange = Exchange(
        "CreateOrder",
        Request(
            "POST",
            f"/orders/{token}",
            {"id": token},
            {"token": token},
            {"x-note": token},
            {"note": [token], token: 1},
            raw=b"\xff" + token.encode(),
        ),
        Response(
            400,
            {"location": f"/login?token={token}"},
            {"echo": int(token)},
            f"no JSON: {token}",
            raw=f"echo {token}".encode(),
        ),
    )
    cleaned = cleaned_exchange(exchange, {"publicToken": token})
    assert token not in repr(cleaned)
    assert cleaned.request.raw == b"\xff{publicToken}"
    assert cleaned.response.body == {"echo": "{publicToken}"}


def test_keys_stay_readable_and_cookies_do_not() -> None:
    exchange = Exchange(
        "CreateOrder",
        Request("POST", "/orders", headers={"idempotency-key": "key-1"}, body={"key": "key-2"}),
        Response(201, {"set-cookie": "sid=0a1b; Path=/; HttpOnly", "etag": "3"}, {"total": 1}),
    )
    cleaned = cleaned_exchange(exchange, {"bearer": "a-token-of-mine"})
    assert cleaned.request == exchange.request
    assert cleaned.response.headers == {"set-cookie": "sid={cookie}; Path=/; HttpOnly", "etag": "3"}
