"""What a campaign is told, and how it shows where it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run a campaign.

    Attributes:
        url: base address of the deployment.
        seed: makes the requests; the same seed makes the same ones.
        credentials: security scheme name to secret.
        values: noun to values that exist on the server.
        examples_exist: whether the contract's own examples exist there too.
        max_time: seconds for the whole campaign.
        max_examples: generated requests for each operation.
        timeout: seconds that one answer may take.
        workers: processes, each with a seed of its own.
        part: which of these processes this is, 0-based.
        rate: requests a second, evenly spaced; None for as fast as it goes.
        most_server_errors: how many answers of 5xx in a row end the campaign, once the latest
            request that was accepted fails too; 0 for never.
        first_only: end at the first finding of severity error.
        keep: keep every exchange for the report.
    """

    url: str
    seed: int = 1
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    examples_exist: bool = False
    max_time: float = 90.0
    max_examples: int = 100
    timeout: float = 10.0
    workers: int = 1
    part: int = 0
    rate: float | None = None
    most_server_errors: int = 25
    first_only: bool = False
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a campaign is: for a progress line."""

    requests: int
    successes: int
    exercised: int
    clauses: int
    findings: int
    seconds_left: float
