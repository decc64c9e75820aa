"""Stock Schemathesis as its users run it: all checks, all phases, the provider's own bundle."""

from collections.abc import Mapping

import schemathesis
from schemathesis.engine import Status, events, from_schema

from orderspec.contract.bundle import published
from orderspec.contract.model import Contract


def flagged(
    contract: Contract,
    url: str,
    headers: Mapping[str, str],
    *,
    budget: int,
    seed: int,
    noise: frozenset[str] = frozenset(),
) -> dict[str, int]:
    """Run until the budget of requests is spent.

    Args:
        contract: whose bundle to hand over.
        url: the server.
        headers: the credentials.
        budget: number of requests.
        seed: the seed.
        noise: flags that are no finds; without any other the run goes on to its end.

    Returns:
        What it flagged, as ``operation: check: title``, to the number of requests by then.
    """
    config = schemathesis.Config.from_dict(
        {
            "seed": seed,
            "base-url": url,
            "headers": dict(headers),
            "continue-on-failure": True,
            "cache": {"enabled": False},
            "suppress-health-check": ["all"],
            "generation": {"database": "none", "max-examples": max(20, budget // 8)},
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
                    if flag not in noise:
                        flags.setdefault(flag, sent)
            if sent >= budget:
                stream.stop()
                return flags
    return flags
