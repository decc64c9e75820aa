"""What goes into a campaign from the command line, the environment and the settings file."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from difflib import get_close_matches

from orderspec.campaigns import CampaignReport, LeftOut
from orderspec.cli.config import Config
from orderspec.cli.failures import tell
from orderspec.cli.fuzz_options import Choices
from orderspec.cli.given import credentials_in, credentials_of, pairs, schemes_of, values_of
from orderspec.contract import catalog
from orderspec.contract.clauses import clauses
from orderspec.contract.model import Contract
from orderspec.errors import UsageError
from orderspec.fuzz import baseline
from orderspec.fuzz.baseline import Baseline
from orderspec.fuzz.excuses import excused


def credentials(contract: Contract, choices: Choices, config: Config) -> dict[str, str]:
    """Gather secrets; our own server has its own, so that only options speak of them there.

    Raises:
        UsageError: the file names a scheme that the contract does not have, or a variable that is
            not set and that nothing else stands in for.
    """
    options = credentials_of(contract, choices.credentials)
    for one in config.credentials:
        if one.name not in schemes_of(contract):
            message = f"{one.where}: the contract has no security scheme of that name"
            raise UsageError(message, f"It has: {', '.join(schemes_of(contract)) or 'none'}.")
    if choices.url is None:
        return options
    found = credentials_in(contract, os.environ) | options
    for one in config.credentials:
        secret = found.get(one.name) or os.environ.get(one.value)
        if not secret:
            message = f"{one.where}: the environment variable {one.value} is not set"
            raise UsageError(message, "It has to hold the secret.")
        found[one.name] = secret
    return found


def values(contract: Contract, choices: Choices, config: Config) -> Mapping[str, tuple[str, ...]]:
    """Gather values by noun; those of an option replace those of the file."""
    options = pairs(choices.values, "--value")
    said = values_of(contract, [(name, value, f"--value {name}") for name, value in options])
    unsaid = values_of(contract, [(one.name, one.value, one.where) for one in config.values])
    return {noun: tuple(given) for noun, given in (unsaid | said).items()}


def left_out(contract: Contract, config: Config) -> list[LeftOut]:
    """Give the clauses to leave out; what the common section says of other providers is passed by.

    Raises:
        UsageError: the contract has no such clause.
    """
    known = [*clauses(contract), *contract.rules]
    others = tuple(f"{name}." for name in catalog.providers() if name != contract.name)
    for one, where in config.left_out:
        if not one.clause.startswith(others) and not any(map(one.covers, known)):
            near = get_close_matches(one.clause, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else "Reports and `orderspec list` name them."
            message = f"{where}: the contract has no clause {one.clause}"
            raise UsageError(message, hint)
    return [one for one, _ in config.left_out if not one.clause.startswith(others)]


def known_findings(contract: Contract, choices: Choices) -> Baseline | None:
    """Read what is known; nothing is known yet where a file is to be written.

    Raises:
        UsageError: there is no such file.
        ReadError: the file is no baseline of this provider.
    """
    file = choices.baseline
    if file is None:
        if choices.update_baseline:
            message = "--update-baseline goes with --baseline FILE"
            raise UsageError(message)
        return None
    if file.is_file():
        return baseline.read(file.read_bytes(), str(file), contract.name)
    if not choices.update_baseline:
        message = f"there is no baseline {file}"
        raise UsageError(message, "--update-baseline writes one of what is found now.")
    if not file.parent.is_dir():
        message = f"there is no folder {file.parent} for the baseline"
        raise UsageError(message)
    return Baseline(contract.name)


def judged(
    report: CampaignReport, ignored: list[LeftOut], known: Baseline | None, choices: Choices
) -> CampaignReport:
    """Take what is left out and what is known out of the verdict; write down what is known now."""
    today = datetime.now(UTC).date()
    if choices.baseline is None or known is None or not choices.update_baseline:
        return excused(report, ignored, known, today)
    if report.stopped:
        tell(
            f"The campaign ended early ({report.stopped}), so {choices.baseline} may lack findings "
            "that a longer one sees."
        )
    now = baseline.updated(known, excused(report, ignored, None, today))
    choices.baseline.write_text(baseline.written(now), "utf-8")
    return excused(report, ignored, now, today)
