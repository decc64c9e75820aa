"""Secrets stay out of findings, also where a server sends them back."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from orderspec.findings import Finding

SHORTEST = 4


def redacted(finding: Finding, credentials: Mapping[str, str]) -> Finding:
    """Put the credential's name in the place of every secret that a finding holds."""
    hidden = _hidden(credentials)
    return replace(
        finding,
        message=clean(finding.message, hidden),
        expected=clean(finding.expected, hidden),
        got=clean(finding.got, hidden),
        curl=clean(finding.curl, hidden),
    )


def _hidden(credentials: Mapping[str, str]) -> dict[str, str]:
    """Map each secret, and the form that Basic gives it, to what is shown; the longest first.

    A secret of fewer than four characters is left alone: it stands in ordinary words.
    """
    hidden = {}
    for name, secret in credentials.items():
        if len(secret) >= SHORTEST:
            hidden[secret] = f"{{{name}}}"
            hidden[base64.b64encode(secret.encode()).decode()] = f"{{{name}}}"
    return dict(sorted(hidden.items(), key=lambda item: -len(item[0])))


def clean(value: Any, hidden: Mapping[str, str]) -> Any:
    """Replace secrets in the texts of a value."""
    match value:
        case str():
            for secret, shown in hidden.items():
                value = value.replace(secret, shown)
            return value
        case dict():
            return {clean(name, hidden): clean(item, hidden) for name, item in value.items()}
        case list() | tuple():
            return [clean(item, hidden) for item in value]
        case _:
            return value
