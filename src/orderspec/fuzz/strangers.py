"""Servers that no campaign can begin with: what is wrong, and what a person can do about it."""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from orderspec.contract.model import Operation, SecurityScheme
from orderspec.errors import TargetError, UsageError
from orderspec.exchange import Response
from orderspec.fuzz.access import schemes_for

SERVER_ERROR = 500
_LONGEST_WORDS = 200
_CHECK = "Check the address, and that the server runs."


def check_forms(schemes: Iterable[SecurityScheme], credentials: Mapping[str, str]) -> None:
    """Look for secrets that were copied wrongly, before anything is sent.

    Raises:
        UsageError: a credential cannot be one of its scheme.
    """
    for scheme in schemes:
        name, secret = scheme.name, credentials.get(scheme.name)
        if not secret:
            continue
        message = f"the credential {name} cannot be right: "
        if secret != secret.strip() or (secret[0] in "\"'" and secret[-1] == secret[0]):
            raise UsageError(message + "blanks or quotes are around it", "Give the secret alone.")
        if scheme.type == "http" and secret.lower().startswith(f"{scheme.scheme.lower()} "):
            hint = f"Give it without the word {scheme.scheme.capitalize()}, which is put there."
            raise UsageError(message + "it is a whole header", hint)
        if scheme.scheme == "basic" and ":" not in secret:
            hint = f"Give it as {name}=user:password, and with an empty password as {name}=user:"
            raise UsageError(message + "there is no colon in it", hint)


def silent(url: str, reason: str) -> TargetError:
    """Tell that nothing answers; what the connection says often shows what is wrong."""
    hint = _CHECK
    if re.search(r"WRONG_VERSION_NUMBER|RECORD_LAYER", reason):
        hint = "No TLS is spoken there: try http:// instead."
    elif "CERTIFICATE" in reason:
        hint = (
            "Its certificate is not trusted here. SSL_CERT_FILE names a file with the "
            "certificates of its authority."
        )
    elif url.startswith("http:") and "closed" in reason.lower():
        hint = f"{_CHECK} Does it want https:// instead?"
    return TargetError(f"no API answers at {url}: {reason}", hint)


def redirecting(url: str, operation: Operation, response: Response) -> TargetError:
    """Tell that an API is elsewhere."""
    way = response.headers["location"]
    message = f"{url} answers {operation.method} {operation.path} with a way to {way}"
    there = way.partition("?")[0].removesuffix(operation.path)
    known = f": --url {there}" if there != way and "://" in there else " that it leads to."
    return TargetError(message, f"Redirects are not followed: give the address{known}")


def not_found(url: str, operation: Operation) -> TargetError:
    """Tell that no path of the contract is there."""
    message = (
        f"{url} answers 404 to {operation.method} {operation.path}, as to a path that is not there"
    )
    return TargetError(message, f"Check the address: {_on_paths(url, operation)}.")


def page(url: str, operation: Operation) -> TargetError:
    """Tell that a web site is there."""
    message = f"{url} answers {operation.method} {operation.path} with an HTML page"
    return TargetError(message, f"Give the address of the API itself: {_on_paths(url, operation)}.")


def unwelcome(
    operation: Operation, credentials: Mapping[str, str], response: Response
) -> TargetError:
    """Tell that credentials are missing or refused, with what the server says of it."""
    said = _challenge(response)
    sent = schemes_for(operation, credentials)
    if sent:
        names = " and ".join(scheme.name for scheme in sent)
        message = f"{operation.id} answers {response.status}: the credentials are refused{said}"
        if response.status == HTTPStatus.UNAUTHORIZED:
            hint = f"Check the secret of {names}, and that it is one of this deployment."
        else:
            hint = f"{names} is known, but may not use {operation.id}: ask for that permission."
        return TargetError(message, hint)
    wanted = [" ".join(f"--credential {one.name}=…" for one in some) for some in operation.security]
    message = f"{operation.id} answers {response.status}: it wants credentials{said}"
    hint = " or ".join(one for one in wanted if one)
    if not hint:
        return TargetError(message, "The contract does not say which, so none can be given.")
    return TargetError(message, f"Give them with {hint}.")


def of_the_web(response: Response) -> bool:
    """Tell a web page from an API's answer; a failing API may well send something of its own.

    A refusal that is a page, where an API is, is a finding.
    """
    if not response.problem:
        return False
    is_labelled = "html" in response.headers.get("content-type", "")
    return is_labelled or (response.status < SERVER_ERROR and response.raw.lstrip()[:1] == b"<")


def _on_paths(url: str, operation: Operation) -> str:
    """Say how an address and a path go together; people often give a part of the path twice."""
    base = urlsplit(url).path.rstrip("/")
    parts = operation.path.split("/")
    for length in range(len(parts), 1, -1):
        head = "/".join(parts[:length])
        if base.endswith(head):
            there = url.rstrip("/").removesuffix(head)
            return f"the contract's paths hold {head} already, so try --url {there}"
    return (
        f"the contract's paths are added to it, so {url.rstrip('/')}{operation.path} was asked for"
    )


def _challenge(response: Response) -> str:
    """Quote what a refusal says: which credentials it wants, or why not these."""
    asked = response.headers.get("www-authenticate", "")
    words = "" if of_the_web(response) else " ".join(response.raw.decode(errors="replace").split())
    said = "; ".join(part for part in (asked, words) if part)[:_LONGEST_WORDS]
    return f" ({said})" if said else ""
