"""Callers who are let in without the right credentials."""

from collections.abc import Callable

from orderspec.server.provider import Call, Fault
from orderspec.server.providers.rutter.connections import is_access_token
from orderspec.server.seeding import letting_in


def _fault(name: str, summary: str, whom: Callable[[Call], bool], rare: str = "") -> Fault:
    return Fault(name, "security", summary, "authenticated", letting_in(whom), rare)


def _has_secret(call: Call) -> bool:
    return call.request.headers.get("authorization") == "Basic Y2xpZW50OnNlY3JldA=="


def _has_token(call: Call) -> bool:
    return is_access_token(str(call.request.query.get("access_token", "")))


def _has_any_secret(call: Call) -> bool:
    return _has_token(call) and "authorization" in call.request.headers


def _has_any_token(call: Call) -> bool:
    return _has_secret(call) and bool(call.request.query.get("access_token"))


FAULTS = (
    _fault("token-alone-accepted", "An access token is enough.", _has_token),
    _fault("secret-alone-accepted", "Client id and secret are enough.", _has_secret),
    _fault("any-secret-accepted", "Any client and secret are accepted.", _has_any_secret),
    _fault("any-text-as-token", "Any text is an access token.", _has_any_token),
)
