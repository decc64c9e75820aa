"""The fixtures, found by walking their folders: nothing here lists a provider, schema or file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orderspec import fixtures
from orderspec.contract import catalog
from orderspec.contract.model import Contract, Link
from orderspec.exchange import Exchange
from orderspec.findings import Finding
from orderspec.fixtures import EXCHANGES, Recorded, recording_in
from orderspec.validation.engine import Direction, Judgement, Options, judge
from orderspec.validation.exact import DECODER
from orderspec.validation.exchanges import judge_link, judge_response

FOLDER = catalog.fixtures_folder()

Violation = tuple[str, str]


def providers() -> list[str]:
    return sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def schemas(provider: str) -> list[str]:
    folders = sorted(path.name for path in (FOLDER / provider).iterdir() if path.is_dir())
    return [name for name in folders if name != EXCHANGES]


def files(pattern: str) -> list[Path]:
    return sorted(FOLDER.glob(pattern))


def name_of(path: Path) -> str:
    """Name a fixture in a test's id, such as ``acme/Order/valid/empty-order``."""
    return path.relative_to(FOLDER).with_suffix("").as_posix()


def provider_of(path: Path) -> str:
    return path.relative_to(FOLDER).parts[0]


def schema_of(path: Path) -> str:
    return path.relative_to(FOLDER).parts[1]


def read(path: Path) -> Any:
    """Decode exactly: every number with a point is a Decimal."""
    return DECODER.decode(path.read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Fixture:
    """A payload of one schema, and what it violates."""

    contract: Contract
    schema: str
    payload: Any
    violates: frozenset[Violation]

    @classmethod
    def load(cls, path: Path) -> "Fixture":
        contract, content = catalog.load(provider_of(path)), read(path)
        if path.parent.name == "valid":
            return cls(contract, schema_of(path), content, frozenset())
        return cls(contract, schema_of(path), content["payload"], violations_in(content))

    @property
    def reference(self) -> str:
        return self.contract.schemas[self.schema]

    def judge(self) -> Judgement:
        options = Options(direction=direction(self.contract, self.reference))
        return judge(self.contract, self.reference, self.payload, options)


def violations_in(content: Mapping[str, Any]) -> frozenset[Violation]:
    return frozenset((entry["at"], entry["clause"]) for entry in content["violates"])


def violations(findings: tuple[Finding, ...]) -> frozenset[Violation]:
    """Name what findings break as fixtures do: by the keyword of a schema, else by the clause."""
    return frozenset((one.at, one.keyword or one.clause) for one in findings)


def request_bodies(contract: Contract) -> frozenset[str]:
    return frozenset(one.body for one in contract.operations.values() if one.body)


def response_bodies(contract: Contract) -> frozenset[str]:
    specs = (spec for one in contract.operations.values() for spec in one.responses.values())
    return frozenset(spec.schema for spec in specs if spec.schema)


def direction(contract: Contract, reference: str) -> Direction:
    """Tell who writes payloads of a schema: one that is both sent and answered binds neither."""
    sent, answered = request_bodies(contract), response_bodies(contract)
    if (reference in sent) == (reference in answered):
        return Direction.EITHER
    return Direction.REQUEST if reference in sent else Direction.RESPONSE


@dataclass(frozen=True, slots=True)
class Pair:
    """An exchange, and the one that followed a link of its answer."""

    contract: Contract
    link: Link
    first: Exchange
    following: Exchange
    before: tuple[Exchange, ...] = ()

    @classmethod
    def load(cls, path: Path) -> "Pair":
        contract = catalog.load(provider_of(path))
        pair = recording_in(contract, path, read(path))
        assert isinstance(pair, fixtures.Pair)
        return cls(contract, pair.link, pair.first, pair.following, pair.before)

    def judge(self) -> Judgement:
        return judge_link(self.contract, self.link, self.first, self.following)


def load_exchange(path: Path) -> tuple[Contract, Exchange]:
    contract = catalog.load(provider_of(path))
    recorded = recording_in(contract, path, read(path))
    assert isinstance(recorded, Recorded)
    return contract, recorded.exchange


def judge_invalid_exchange(path: Path) -> Judgement:
    """Judge an exchange by its operation, or a pair by its link, whichever the file holds."""
    if "link" in read(path):
        return Pair.load(path).judge()
    return judge_response(*load_exchange(path))


VALID = files("*/*/valid/*.json")
INVALID = [path for path in files("*/*/invalid/*.json") if path.parts[-3] != EXCHANGES]
EXCHANGED = files(f"*/{EXCHANGES}/*.json")
PAIRS = files(f"*/{EXCHANGES}/links/*.json")
BROKEN_EXCHANGES = files(f"*/{EXCHANGES}/invalid/*.json")


def every_exchange(provider: str) -> Iterator[tuple[Contract, Exchange]]:
    """Give the exchanges of a provider that are as they must be, those in pairs too."""
    for path in EXCHANGED:
        if provider_of(path) == provider:
            yield load_exchange(path)
    for path in PAIRS:
        if provider_of(path) == provider:
            pair = Pair.load(path)
            for exchange in (*pair.before, pair.first, pair.following):
                yield pair.contract, exchange
