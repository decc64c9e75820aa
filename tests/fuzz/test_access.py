"""Credentials as they travel, and spoiled ones."""

import pytest

from orderspec.contract.model import Operation, SecurityScheme
from orderspec.errors import UsageError
from orderspec.fuzz.access import access_for, schemes_for, spoiled_secrets

BEARER = SecurityScheme("bearer", "http", "bearer")
BASIC = SecurityScheme("basic", "http", "basic")
QUERY = SecurityScheme("token", "apiKey", "", "query", "access_token")
HEADER = SecurityScheme("headerToken", "apiKey", "", "header", "X-Token")
COOKIES = tuple(SecurityScheme(name, "apiKey", "", "cookie", name) for name in ("a", "b"))


def operation(*alternatives: tuple[SecurityScheme, ...]) -> Operation:
    return Operation("Create", "POST", "/orders", security=alternatives)


def test_every_scheme_has_its_place() -> None:
    access = access_for(
        operation((BASIC, QUERY, HEADER)),
        {"basic": "client:sécret", "token": "t0", "headerToken": "t1"},
    )
    assert access.headers == {"Authorization": "Basic Y2xpZW50OnPDqWNyZXQ=", "X-Token": "t1"}
    assert access.query == {"access_token": "t0"}


def test_bearer_tokens_and_cookies_are_headers() -> None:
    access = access_for(operation((BEARER, *COOKIES)), {"bearer": "x", "a": "1", "b": "2"})
    assert access.headers == {"Authorization": "Bearer x", "Cookie": "a=1; b=2"}


def test_the_first_alternative_that_the_credentials_cover_is_chosen() -> None:
    chosen = schemes_for(operation((BASIC, QUERY), (HEADER,)), {"basic": "x", "headerToken": "y"})
    assert chosen == (HEADER,)


def test_without_the_credentials_nothing_is_sent() -> None:
    assert access_for(operation((BEARER,)), {"other": "x"}).headers == {}


@pytest.mark.parametrize("secret", ["two\nlines", "ключ", "bell\x07"])
def test_a_secret_that_no_header_carries_is_refused_and_not_shown(secret: str) -> None:
    with pytest.raises(UsageError, match="bearer") as caught:
        access_for(operation((BEARER,)), {"bearer": secret})
    assert secret not in str(caught.value)


def test_an_operation_that_lets_everybody_in_is_not_secured() -> None:
    assert not operation().is_secured
    assert not operation((BEARER,), ()).is_secured
    assert operation((BEARER,), (BASIC,)).is_secured


@pytest.mark.parametrize("scheme", [BEARER, BASIC, QUERY, HEADER])
def test_every_spoiled_secret_travels_and_differs_from_the_right_one(
    scheme: SecurityScheme,
) -> None:
    credentials = {scheme.name: "client:Secret9"}
    right = access_for(operation((scheme,)), credentials)
    ways = spoiled_secrets(scheme, credentials[scheme.name])
    assert len(ways) >= 5
    for spoiled in ways.values():
        access = access_for(operation((scheme,)), credentials, {scheme.name: spoiled})
        assert access != right
        assert set(access.headers) | set(access.query) == set(right.headers) | set(right.query)


def test_a_uuid_is_not_spoiled_by_its_letters() -> None:
    """A server may well read a UUID in capitals as the same UUID."""
    ways = spoiled_secrets(HEADER, "6F9619FF-8B86-D011-B42D-00C04FC964FF")
    assert not any("letters" in why for why in ways)
