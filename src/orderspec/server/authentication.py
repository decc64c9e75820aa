"""Who calls: bearer, basic and API key credentials, as the contract's security asks for them."""

import hmac
from base64 import b64decode
from collections.abc import Sequence
from urllib.parse import parse_qsl

from orderspec.contract.model import Operation, SecurityScheme
from orderspec.server.arrival import Arrival
from orderspec.server.provider import Behaviour


def is_authentic(operation: Operation, behaviour: Behaviour, arrival: Arrival) -> bool:
    """Tell whether one of the operation's security alternatives is met in full.

    Args:
        operation: one without security is open to all.
        behaviour: says which credentials are accepted.
        arrival: the request.
    """
    return not operation.security or any(
        all(_accepts(scheme, behaviour, arrival) for scheme in alternative)
        for alternative in operation.security
    )


def challenge(operation: Operation, realm: str) -> str:
    """Write the ``WWW-Authenticate`` value: one challenge for each scheme of the operation."""
    schemes = {scheme.name: scheme for alternative in operation.security for scheme in alternative}
    return ", ".join(_challenge(scheme, realm) for scheme in schemes.values())


def _challenge(scheme: SecurityScheme, realm: str) -> str:
    if scheme.type == "apiKey":
        return f'ApiKey realm="{realm}", in="{scheme.location}", name="{scheme.parameter}"'
    return f'{scheme.scheme.title()} realm="{realm}"'


def _accepts(scheme: SecurityScheme, behaviour: Behaviour, arrival: Arrival) -> bool:
    given = _given(scheme, arrival)
    # More than one credential in one place is a smuggling attempt or a bug: neither is let in.
    if len(given) != 1:
        return False
    if scheme.name in behaviour.accepts:
        return behaviour.accepts[scheme.name](given[0])
    expected = behaviour.credentials.get(scheme.name)
    if not expected:
        return False
    return hmac.compare_digest(
        given[0].encode("utf-8", errors="replace"), expected.encode("utf-8", errors="replace")
    )


def _given(scheme: SecurityScheme, arrival: Arrival) -> Sequence[str]:
    if scheme.type == "apiKey" and scheme.location == "query":
        pairs = parse_qsl(arrival.query.decode("latin-1"), keep_blank_values=True)
        return [value for name, value in pairs if name == scheme.parameter]
    if scheme.type == "apiKey":
        return arrival.values(scheme.parameter.lower())
    values = arrival.values("authorization")
    return [_token(scheme.scheme.lower(), value) for value in values]


def _token(scheme: str, header: str) -> str:
    """Get what follows the scheme's name, which is case-insensitive; empty where it differs."""
    name, _, token = header.strip().partition(" ")
    if name.lower() != scheme:
        return ""
    return _decoded(token.strip()) if scheme == "basic" else token.strip()


def _decoded(token: str) -> str:
    try:
        return b64decode(token, validate=True).decode("utf-8")
    except ValueError:
        return ""
