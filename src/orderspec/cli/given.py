"""What a person gives a campaign by name: credentials and values, from options and elsewhere."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from orderspec.contract.model import Contract
from orderspec.contract.nouns import nouns, nouns_by_place
from orderspec.errors import UsageError
from orderspec.fuzz.curl import variable


def schemes_of(contract: Contract) -> list[str]:
    """Name the security schemes of a contract's operations."""
    return sorted(
        {
            scheme.name
            for operation in contract.operations.values()
            for alternative in operation.security
            for scheme in alternative
        }
    )


def credentials_in(contract: Contract, environment: Mapping[str, str]) -> dict[str, str]:
    """Read credentials from the variables that are named after their schemes."""
    found = {name: environment.get(variable(name), "") for name in schemes_of(contract)}
    return {name: secret for name, secret in found.items() if secret}


def credentials_of(contract: Contract, given: Iterable[str]) -> dict[str, str]:
    """Read credentials from options.

    Raises:
        UsageError: the contract has no such scheme, or there is no secret. What was given is not
            repeated: a secret without its name would stand in the message.
    """
    names, found = schemes_of(contract), {}
    for name, secret in pairs(given, "--credential"):
        if name not in names:
            message = "--credential: the contract has no security scheme of that name"
            has = f"It has {', '.join(names)}." if names else "It wants no credentials."
            near = get_close_matches(name, names, n=1)
            raise UsageError(message, f"Did you mean {near[0]}?" if near else has)
        if not secret:
            message = f"--credential {name}: the secret is empty"
            raise UsageError(message, "Is the variable set that the shell puts there?")
        found[name] = secret
    return found


def values_of(contract: Contract, given: Iterable[tuple[str, str, str]]) -> dict[str, list[str]]:
    """Gather values by noun; a noun goes before a member or parameter of the same name.

    Args:
        contract: the contract.
        given: name, value, and where it was given, for a message.

    Raises:
        UsageError: the contract refers to nothing of a name, or to several things.
    """
    known = nouns(contract)
    by_name = {**nouns_by_place(contract), **{noun: {noun} for noun in known}}
    grouped: dict[str, list[str]] = {}
    for name, value, where in given:
        if name not in by_name:
            message = f"{where}: the contract refers to nothing of that name"
            near = get_close_matches(name, by_name, n=1)
            hint = f"Did you mean {near[0]}? " if near else ""
            raise UsageError(
                message, f"{hint}It refers to: {', '.join(sorted(known)) or 'nothing'}."
            )
        if len(by_name[name]) > 1:
            message = f"{where}: it refers to one thing here, to another there"
            raise UsageError(message, f"Say which: {', '.join(sorted(by_name[name]))}.")
        [noun] = by_name[name]
        grouped.setdefault(noun, []).append(value)
    return grouped


def pairs(given: Iterable[str], option: str) -> Iterator[tuple[str, str]]:
    """Take options of the form NAME=VALUE apart.

    Raises:
        UsageError: one has another form; it is not repeated, since it may be a secret.
    """
    for text in given:
        name, separator, value = text.partition("=")
        if not separator or not name:
            message = f"{option} takes NAME=VALUE"
            raise UsageError(message)
        yield name, value
