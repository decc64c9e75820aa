"""Stock Schemathesis as its users run it: all checks, all phases, the provider's own bundle."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.engine.run import PhaseName
from schemathesis.openapi.checks import JsonSchemaError

from orderspec.contract.bundle import published
from orderspec.contract.model import Contract
from orderspec.fuzz.access import Access


@dataclass(frozen=True, slots=True)
class Budget:
    """What stock may spend, and what of its flags is no find.

    Attributes:
        requests: number of requests.
        seed: the seed.
        spent: counts the requests that the server got, for those that Schemathesis sends ahead.
        noise: flags that it raises on the conforming server, too; None: nobody knows yet.
    """

    requests: int
    seed: int
    spent: Callable[[], int]
    noise: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """When something was flagged first: after so many requests, and so many seconds."""

    requests: int
    seconds: float


def flagged(contract: Contract, url: str, access: Access, budget: Budget) -> dict[str, Flag]:
    """Run until the budget is spent; where noise is known, until the first flag beside it.

    Args:
        contract: whose bundle to hand over.
        url: the server.
        access: the credentials.
        budget: what may be spent.

    Returns:
        What it flagged, as ``operation: check: title``, to when that was.
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
    flags: dict[str, Flag] = {}
    sent, began = 0, time.time()
    stream = from_schema(schema).execute()
    with closing(stream.generator):
        for event in stream:
            match event:
                case events.PhaseFinished() if event.phase.name is PhaseName.PROBING:
                    sent = budget.spent()
                case events.ScenarioFinished():
                    for at, failures in _exchanges(event.recorder):
                        sent += 1
                        if sent > budget.requests:
                            break
                        for failure in failures - (budget.noise or frozenset()):
                            flags.setdefault(failure, Flag(sent, at - began))
                    if sent > budget.requests or (flags and budget.noise is not None):
                        stream.stop()
                        break
    return flags


def _exchanges(recorder: ScenarioRecorder) -> Iterator[tuple[float, frozenset[str]]]:
    """Tell of each exchange when it was (seconds since the epoch), and what was flagged in it."""
    for identifier, interaction in recorder.interactions.items():
        node = recorder.cases.get(identifier)
        label = node.value.operation.label if node else recorder.label
        failed = (
            (check.name, _titled(check.failure_info.failure))
            for check in recorder.checks.get(identifier, ())
            if check.status is Status.FAILURE and check.failure_info is not None
        )
        yield interaction.timestamp, frozenset(f"{label}: {name}: {what}" for name, what in failed)


def _titled(failure: Failure) -> str:
    """Name a failure; one of a shape by what is wrong where, so that it hides no other."""
    if not isinstance(failure, JsonSchemaError):
        return failure.title
    place = "/".join(str(step) for step in failure.instance_path if isinstance(step, str))
    keyword = str(failure.schema_path[-1]) if failure.schema_path else ""
    what = failure.validation_message if keyword == "required" else keyword
    return f"{failure.title} at /{place}: {what}"


def _with_query(access: Access) -> Callable[[Any, Any], Any]:
    def add(context: Any, case: Any) -> Any:
        del context
        if access.query:
            case.query = {**case.query, **access.query}
        return case

    return add
