"""What came of scoring a contract: frozen values that `score` fills, others read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orderspec import exact_json
from orderspec.errors import ReadError

SAVED = "score.json"
"""Name of the file beside a contract that holds its latest score in short."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many wrong answers there were, and how many of them the contract caught.

    Attributes:
        mutants: answers that were made wrong.
        caught: those that broke a clause of severity error.
        equivalent: those that, for a stated reason, are right all the same.
    """

    mutants: int = 0
    caught: int = 0
    equivalent: int = 0

    def __add__(self, other: "Share") -> "Share":
        """Count both."""
        return Share(
            self.mutants + other.mutants,
            self.caught + other.caught,
            self.equivalent + other.equivalent,
        )

    @property
    def wrong(self) -> int:
        """Those that are wrong: all but the equivalent ones."""
        return self.mutants - self.equivalent

    @property
    def percent(self) -> float:
        """How many in a hundred of the wrong ones were caught, with one decimal, rounded down."""
        return self.caught * 1000 // self.wrong / 10 if self.wrong else 100.0


@dataclass(frozen=True, slots=True)
class Survivor:
    """Wrong answers of one kind that nothing caught.

    Attributes:
        operator: name of the fault.
        at: JSON Pointer in the body, with ``*`` for indexes; empty for the whole answer.
        operation: the operation's id.
        status: the status that it answered, as the contract has it.
        count: how many survived, and
        of: how many there were of the kind.
        warned: clause of inferred evidence that warned of one, or an empty string.
        reason: why nothing catches them, or an empty string.
        because: ``equivalent`` where they are right answers too, ``silent`` where the documents do
            not say, ``unseen`` where no exchange shows them; empty without a reason.
    """

    operator: str
    at: str
    operation: str
    status: str
    count: int
    of: int
    warned: str = ""
    reason: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """One contract's score.

    Attributes:
        provider: the contract's name.
        seed: the seed of the campaign and of the sample.
        answers: how many recorded answers were open to faults.
        total: over all mutants.
        operators: name of the fault to its share.
        members: the schema and member that the fault was at, such as ``Order/lines``, to its share;
            the empty text stands for faults of whole answers.
        survivors: by operation, status and place.
        unused: entries of reasons that no survivor needs any more, in words.
        seconds: how long it took.
    """

    provider: str
    seed: int
    answers: int
    total: Share
    operators: Mapping[str, Share]
    members: Mapping[str, Share]
    survivors: tuple[Survivor, ...]
    unused: tuple[str, ...] = ()
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class Why:
    """Why some wrong answers survive: a reason, or an empty text, and how many they are."""

    because: str
    reason: str
    mutants: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A score in short, as it is kept beside the contract.

    Attributes:
        provider: the contract's name.
        seed: the seed.
        total: over all mutants.
        operators: name of the fault to its share.
        members: schema and member to its share.
        reasons: why survivors survive.
        unused: entries of reasons that no survivor needed.
    """

    provider: str
    seed: int
    total: Share
    operators: Mapping[str, Share]
    members: Mapping[str, Share]
    reasons: tuple[Why, ...]
    unused: tuple[str, ...] = ()


def read(path: Path) -> Summary | None:
    """Read a score in short; None where none was saved.

    Raises:
        ReadError: the file has another form.
    """
    if not path.is_file():
        return None
    try:
        form: Any = exact_json.from_text(path.read_bytes())
        return Summary(
            form["provider"],
            form["seed"],
            Share(*form["total"]),
            {name: Share(*share) for name, share in form["operators"].items()},
            {name: Share(*share) for name, share in form["members"].items()},
            tuple(Why(*why) for why in form["reasons"]),
            tuple(form["unused"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        message = f"no score: {type(problem).__name__} {problem}"
        raise ReadError(
            message, "Run: orderspec score PROVIDER --save", file=str(path)
        ) from problem
