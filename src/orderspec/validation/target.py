"""What payloads are judged by: one schema of one contract, and who writes such payloads."""

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from orderspec import pointer
from orderspec.contract import catalog
from orderspec.contract.model import Contract
from orderspec.errors import UsageError
from orderspec.validation.engine import Direction, Judgement, Options, judge
from orderspec.validation.first_look import FirstLook
from orderspec.validation.schemas import schemas_of


@dataclass(frozen=True, slots=True)
class Target:
    """One schema of a contract.

    Attributes:
        contract: the contract.
        reference: JSON Pointer of the schema in the contract's document.
        direction: who writes such payloads.
    """

    contract: Contract
    reference: str
    direction: Direction

    @property
    def name(self) -> str:
        """``<provider>/<Schema>``, or the pointer for a schema that is no component."""
        steps = pointer.parse(self.reference)
        match steps:
            case ("components", "schemas", *titles) if titles:
                return "/".join((self.contract.name, *titles))
            case _:
                return self.contract.name + pointer.join(steps)

    def judge(
        self, payload: object, options: Options, only: Container[str] | None = None
    ) -> Judgement:
        """Judge a payload; the direction is the target's. `only` names the rules to evaluate.

        Raises:
            RuleError: a rule's CEL fails on a payload of the right shape.
        """
        directed = replace(options, direction=self.direction)
        return judge(self.contract, self.reference, payload, directed, only)

    def first_look(self, options: Options) -> FirstLook:
        """Prepare to tell quickly which payloads `judge` finds nothing in."""
        directed = replace(options, direction=self.direction)
        return FirstLook(self.contract, self.reference, directed)


def body_targets(contract: Contract) -> list[Target]:
    """Give the schema of every payload, each once: requests, responses, what nothing refers to.

    The last are payloads that no operation sends or answers, such as what a client library makes
    of an answer.
    """
    operations = contract.operations.values()
    referred = set(_references(contract.document))
    references = [
        *(operation.body for operation in operations),
        *(spec.schema for operation in operations for spec in operation.responses.values()),
        *(reference for reference in contract.schemas.values() if reference not in referred),
    ]
    return [
        Target(contract, reference, direction_of(contract, reference))
        for reference in dict.fromkeys(references)
        if reference
    ]


def direction_of(contract: Contract, reference: str) -> Direction:
    """Tell who writes payloads of a schema: EITHER unless it is the body of only one side."""
    operations = contract.operations.values()
    sent = any(operation.body == reference for operation in operations)
    answered = any(
        spec.schema == reference
        for operation in operations
        for spec in operation.responses.values()
    )
    if sent == answered:
        return Direction.EITHER
    return Direction.REQUEST if sent else Direction.RESPONSE


def _references(value: Any) -> Iterator[str]:
    match value:
        case dict():
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            for item in value.values():
                yield from _references(item)
        case list():
            for item in value:
                yield from _references(item)


def find_contract(name: str) -> Contract | None:
    """Find the contract that a name or a path stands for; None where it names one schema.

    Args:
        name: a provider, or the path of an OpenAPI description.

    Raises:
        ContractError: the contract is broken.
    """
    if name in catalog.providers():
        return catalog.load(name)
    path = Path(name)
    if not path.is_file():
        return None
    from orderspec.contract.schema_file import describes_api  # noqa: PLC0415 (names need no YAML)

    return catalog.load(name) if describes_api(path) else None


def find_target(name: str) -> Target:
    """Find the schema that a name or a path stands for.

    Args:
        name: ``<provider>/<Schema>``, or a path to JSON Schema or OpenAPI 3.x, where ``#`` and a
            JSON Pointer may follow.

    Raises:
        UsageError: there is no such schema; the nearest names are told.
        ContractError: the contract or the schema is broken.
    """
    path, _, fragment = name.partition("#")
    if Path(path).is_file():
        from orderspec.contract.schema_file import load_schema  # noqa: PLC0415 (names need no YAML)

        contract, reference = load_schema(Path(path), fragment)
    else:
        contract, reference = _by_name(name)
    # Built now, so that a broken schema is told before any payload is read.
    schemas_of(contract).validator(reference)
    return Target(contract, reference, direction_of(contract, reference))


def _by_name(name: str) -> tuple[Contract, str]:
    provider, _, title = name.partition("/")
    if provider not in catalog.providers():
        message = f"there is no schema {name!r}, and no file of that name"
        raise UsageError(message, _near(name, _all_names()))
    contract = catalog.load(provider)
    if title not in contract.schemas:
        message = f"there is no schema {name!r}"
        raise UsageError(
            message, _near(name, [f"{provider}/{known}" for known in contract.schemas])
        )
    return contract, contract.schemas[title]


def _all_names() -> list[str]:
    return [
        f"{provider}/{title}"
        for provider in catalog.providers()
        for title in catalog.load(provider).schemas
    ]


def _near(name: str, known: list[str]) -> str:
    by_lower_case = {one.lower(): one for one in known}
    by_title = {one.partition("/")[2].lower(): one for one in known}
    wanted = name.lower()
    near = [
        *(by_lower_case[one] for one in get_close_matches(wanted, by_lower_case, 3, 0.6)),
        *(by_title[one] for one in get_close_matches(wanted, by_title, 3, 0.8)),
    ]
    if near:
        return f"Did you mean {' or '.join(dict.fromkeys(near))}?"
    return "A schema is named PROVIDER/Schema: `orderspec list PROVIDER` names them."
