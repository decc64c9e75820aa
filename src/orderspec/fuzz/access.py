"""How a request shows who sends it, as the contract's security schemes ask for it."""

import base64
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from orderspec.contract.model import Operation, SecurityScheme
from orderspec.errors import UsageError


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A secret that is wrong on purpose.

    Attributes:
        secret: what is sent in place of the secret.
        shell: the same for a command line, made there from the secret's ``{variable}``.
        word: the name of an authentication scheme in place of the right one, or empty.
    """

    secret: str = field(repr=False)
    shell: str
    word: str = ""


Spoils = Mapping[str, Spoiled | None]
"""Security scheme name to what is sent instead of its secret, or None for nothing."""

UNSPOILED: Spoils = {}


@dataclass(frozen=True, slots=True)
class Access:
    """Credentials as they travel: headers and query parameters."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)


NOBODY = Access()


def alternatives(
    operation: Operation, credentials: Collection[str]
) -> list[tuple[SecurityScheme, ...]]:
    """List the alternatives of an operation's security that the credentials cover."""
    return [
        schemes
        for schemes in operation.security
        if schemes and all(scheme.name in credentials for scheme in schemes)
    ]


def schemes_for(
    operation: Operation, credentials: Collection[str], alternative: int = 0
) -> tuple[SecurityScheme, ...]:
    """Choose one of the alternatives of an operation's security that the credentials cover."""
    covered = alternatives(operation, credentials)
    return covered[alternative] if covered else ()


def access_for(
    operation: Operation,
    credentials: Mapping[str, str],
    spoils: Spoils = UNSPOILED,
    alternative: int = 0,
) -> Access:
    """Write the credentials of an operation.

    Args:
        operation: the operation.
        credentials: security scheme name to secret.
        spoils: what of them is wrong on purpose.
        alternative: which of the alternatives that the credentials cover.

    Raises:
        UsageError: a header cannot carry a credential.
    """
    headers: dict[str, str] = {}
    query: dict[str, str] = {}
    for scheme in schemes_for(operation, credentials, alternative):
        spoiled = spoils.get(scheme.name, _whole(credentials[scheme.name]))
        if spoiled is None:
            continue
        value = credential_value(scheme, spoiled.secret, spoiled.word)
        if scheme.location == "query":
            query[scheme.parameter] = value
        elif not (value.isascii() and value.isprintable()):
            message = f"the credential {scheme.name} holds characters that no header carries"
            raise UsageError(message, "Check that it was copied whole and without line breaks.")
        elif scheme.location == "cookie":
            cookies = [headers["Cookie"]] if "Cookie" in headers else []
            headers["Cookie"] = "; ".join([*cookies, f"{scheme.parameter}={value}"])
        else:
            headers[scheme.parameter] = value
    return Access(headers, query)


def spoiled_secrets(scheme: SecurityScheme, secret: str) -> dict[str, Spoiled]:
    """Spoil a secret in the ways that careless comparisons let pass; by what is wrong with it."""
    half = len(secret) // 2
    ways = {
        "a wrong secret": Spoiled("nobody:nothing", "nobody:nothing"),
        "an empty secret": Spoiled("", ""),
        "the first half of the secret": Spoiled(
            secret[:half], f'$(printf %s "{{variable}}" | cut -c1-{half})'
        ),
        "the secret and more": Spoiled(f"{secret}0", "{variable}0"),
    }
    if not _is_uuid(secret):
        ways["the secret in other letters"] = Spoiled(
            secret.swapcase(), '$(printf %s "{variable}" | tr A-Za-z a-zA-Z)'
        )
    if scheme.type == "http":
        ways["an unknown scheme"] = Spoiled(secret, "{variable}", "Unknown")
    return {why: way for why, way in ways.items() if way.secret != secret or way.word}


def _is_uuid(secret: str) -> bool:
    """Tell whether a secret is a UUID, which is the same in capitals and in small letters."""
    try:
        UUID(secret)
    except ValueError:
        return False
    return True


def _whole(secret: str) -> Spoiled:
    return Spoiled(secret, "{variable}")


def credential_value(scheme: SecurityScheme, secret: str, word: str = "") -> str:
    """Write a secret as its scheme does; `word` replaces the name of an HTTP scheme."""
    if scheme.type == "apiKey":
        return secret
    encoded = base64.b64encode(secret.encode()).decode() if scheme.scheme == "basic" else secret
    return f"{word or scheme.scheme.capitalize()} {encoded}".rstrip()
