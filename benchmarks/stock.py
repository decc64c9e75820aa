"""Stock Schemathesis as its users run it: all checks, all phases, the provider's own bundle."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import schemathesis
from schemathesis.engine import Status, events, from_schema

from orderspec.contract.bundle import published
from orderspec.contract.model import Contract
from orderspec.fuzz.access import Access


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


def flagged(contract: Contract, url: str, access: Access, budget: Budget) -> dict[str, int]:
    """Run until the budget is spent; where noise is known, until the first flag beside it.

    Args:
        contract: whose bundle to hand over.
        url: the server.
        access: the credentials.
        budget: what may be spent.

    Returns:
        What it flagged, as ``operation: check: title``, to the number of requests by then.
    """
    config = schemathesis.Config.from_dict(
        {
            "seed": budget.seed,
            "base-url": url,
            "headers": dict(access.headers),
            "continue-on-failure": True,
            "cache": {"enabled": False},
            "suppress-health-check": ["all"],
            "generation": {"database": "none", "max-examples": max(20, budget.requests // 8)},
        }
    )
    schema = schemathesis.openapi.from_dict(published(contract.document), config=config)
    schema.hook("map_case")(_with_query(access))
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


def _with_query(access: Access) -> Callable[[Any, Any], Any]:
    def add(context: Any, case: Any) -> Any:
        del context
        if access.query:
            case.query = {**case.query, **access.query}
        return case

    return add
