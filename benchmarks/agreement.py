"""Do three judges agree on the shape of changed payloads? jsonschema, jsonschema-rs, and the kit.

Usage: ``make agreement``, or ``python -m benchmarks.agreement [--payloads N] [--seed N]``.

Every valid fixture of every provider is changed in one or two places, over and over. The kit judges
the text as `orderspec validate --no-rules` does, first look included. Each disagreement is shown by
the keyword that one judge finds broken, with an example; the exit code is 1 if there is one.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

from jsonschema import Draft202012Validator

from orderspec import exact_json
from orderspec.contract import catalog
from orderspec.contract.model import Contract
from orderspec.findings import Judged, Severity
from orderspec.fixtures import payloads
from orderspec.validation.batches import BlockJudge
from orderspec.validation.engine import Options
from orderspec.validation.json_text import parse
from orderspec.validation.reader import Block
from orderspec.validation.schemas import schemas_of

JUNK: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 7.5, 1.0, 1e300, "", " ", "x", "1", "0.5", "-1", [], {}, [None]),
    *(
        2**31,
        2**63,
        2**64,
        10**30,
        19.99,
        0.1,
        "USD",
        "usd",
        "a\n",
        "\u0663",
        "x" * 300,
        {"uid": "x"},
    ),
    *("2026-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01", "a@b.example", "http://a b"),
)


def main() -> int:
    """Print what they disagree on."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.agreement")
    parser.add_argument("--payloads", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    choices = Random(options.seed)  # noqa: S311 (no secret depends on it)
    providers = catalog.providers()
    split: Counter[tuple[str, str, str]] = Counter()
    examples: dict[tuple[str, str, str], str] = {}
    invalid = 0
    for name in providers:
        judges = Judges(catalog.load(name))
        for _ in range(options.payloads // len(providers)):
            schema, text = judges.changed(choices)
            verdicts = judges.verdicts(schema, text)
            invalid += not verdicts["jsonschema-rs"]
            if len(set(verdicts.values())) > 1:
                told = ", ".join(
                    f"{judge} {'yes' if ok else 'no'}" for judge, ok in verdicts.items()
                )
                kind = (name, judges.keyword(schema, text), told)
                split[kind] += 1
                examples.setdefault(kind, text.decode())
    count = options.payloads // len(providers) * len(providers)
    print(f"{count} payloads, {invalid} of them not valid; {split.total()} disagreements")
    for kind, number in split.most_common():
        print(f"{number:6} {' | '.join(kind)}\n       {examples[kind][:300]}")
    return 1 if split else 0


class Judges:
    """Three judges of one contract."""

    def __init__(self, contract: Contract) -> None:
        """Prepare them."""
        self._contract = contract
        self._fixtures = [
            (one.schema, one.body)
            for one in payloads(contract)
            if not one.violates and isinstance(one.body, dict | list)
        ]
        self._references: dict[str, Any] = {}
        self._kit: dict[str, BlockJudge] = {}

    def changed(self, choices: Random) -> tuple[str, bytes]:
        """Change a fixture; give its schema and the text."""
        schema, body = choices.choice(self._fixtures)
        value = deepcopy(body)
        for _ in range(choices.randint(1, 2)):
            places = list(_holders(value))
            if not places:
                break
            holder, step = choices.choice(places)
            if choices.random() < 0.25:  # noqa: PLR2004 (one of four)
                del holder[step]
            else:
                holder[step] = deepcopy(choices.choice(JUNK))
        return schema, exact_json.to_bytes(value)

    def verdicts(self, schema: str, text: bytes) -> dict[str, bool]:
        """Judge by all three."""
        reference, value = self._contract.schemas[schema], parse(text)
        (result,) = self._judge(schema).judge(Block("x", [text], are_lines=False)).results
        errors = result.findings if isinstance(result, Judged) else ()
        return {
            "jsonschema": self._reference(reference).is_valid(json.loads(text)),
            "jsonschema-rs": schemas_of(self._contract).accepts(reference, value),
            "orderspec": isinstance(result, Judged)
            and not any(
                one.severity is Severity.ERROR or one.keyword not in _MARKS for one in errors
            ),
        }

    def keyword(self, schema: str, text: bytes) -> str:
        """Name what the first judge, or else the second, finds broken."""
        reference = self._contract.schemas[schema]
        for error in self._reference(reference).iter_errors(json.loads(text)):
            return str(error.validator)
        for problem in schemas_of(self._contract).validator(reference).iter_errors(parse(text)):
            return f"{problem.kind.name} (jsonschema-rs)"
        return "nothing"

    def _judge(self, schema: str) -> BlockJudge:
        if schema not in self._kit:
            self._kit[schema] = BlockJudge(f"{self._contract.name}/{schema}", Options(rules=False))
        return self._kit[schema]

    def _reference(self, reference: str) -> Any:
        if reference not in self._references:
            whole = {"components": self._contract.document["components"], "$ref": reference}
            checker = Draft202012Validator.FORMAT_CHECKER
            self._references[reference] = Draft202012Validator(whole, format_checker=checker)
        return self._references[reference]


_MARKS = frozenset({"deprecated", "readOnly"})


def _holders(value: Any) -> Iterator[tuple[Any, Any]]:
    steps: Any = list(value) if isinstance(value, dict) else range(len(value))
    for step in steps:
        yield value, step
        if isinstance(value[step], dict | list):
            yield from _holders(value[step])


if __name__ == "__main__":
    sys.exit(main())
