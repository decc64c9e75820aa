"""Stock Schemathesis as its users run it: all checks, all phases, the provider's own bundle."""

from collections.abc import Mapping
from dataclasses import dataclass

import schemathesis
from schemathesis.engine import Status, events, from_schema

from orderspec.contract.bundle import published
from orderspec.contract.model import Contract


@dataclass(frozen=True, slots=True)
class Budget:
    """What stock may spend, and what of its flags is no find.

    Attributes:
        requests: number of requests.
        seed: the seed.
        noise: flags that it raises on the conforming server, too.
    """

    requests: int
    seed: int
    noise: frozenset[str] = frozenset()


def flagged(
    contract: Contract, url: str, headers: Mapping[str, str], budget: Budget
) -> dict[str, int]:
    """Run until the budget is spent; where noise is known, until the first flag beside it.

    Args:
        contract: whose bundle to hand over.
        url: the server.
        headers: the credentials.
        budget: what may be spent.

    Returns:
        What it flagged, as ``operation: check: title``, to the number of requests by then.
    """
    config = schemathesis.Config.from_dict(
        {
            "seed": budget.seed,
            "base-url": url,
            "headers": dict(headers),
            "continue-on-failure": True,
            "cache": {"enabled": False},
            "suppress-health-check": ["all"],
            "generation": {"database": "none", "max-examples": max(20, budget.requests // 8)},
        }
    )
    schema = schemathesis.openapi.from_dict(published(contract.document), config=config)
    flags: dict[str, int] = {}
    sent = 0
    stream = from_schema(schema).execute()
    for event in stream:
        if not isinstance(event, events.ScenarioFinished):
            continue
        recorder = event.recorder
        for identifier in recorder.interactions:
            sent += 1
            node = recorder.cases.get(identifier)
            label = node.value.operation.label if node else recorder.label
            for check in recorder.checks.get(identifier, ()):
                if check.status is Status.FAILURE and check.failure_info is not None:
                    flag = f"{label}: {check.name}: {check.failure_info.failure.title}"
                    if flag not in budget.noise:
                        flags.setdefault(flag, sent)
            if sent >= budget.requests or (flags and budget.noise):
                stream.stop()
                return flags
    return flags
