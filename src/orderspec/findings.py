"""What the kit finds: frozen values that every room hands on and only `report` formats."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a broken clause weighs: a clause on *inferred* evidence only warns."""

    ERROR = "error"
    WARNING = "warning"


class Level(StrEnum):
    """How sure a source is of a clause."""

    STATED = "stated"
    SHOWN = "shown"
    INFERRED = "inferred"


class Verdict(StrEnum):
    """The outcome of a campaign."""

    CONFORMS = "conforms"
    VIOLATIONS = "violations"
    INCONCLUSIVE = "inconclusive"


class ClauseKind(StrEnum):
    """What a clause binds: a body's schema, a status, a relation, two exchanges, or access."""

    SCHEMA = "schema"
    STATUS = "status"
    RULE = "rule"
    LINK = "link"
    SECURITY = "security"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a clause comes from.

    Attributes:
        source: id of a document in the contract's sources.
        level: how sure that document is.
        note: our reading, required where the level is *inferred*.
    """

    source: str
    level: Level
    note: str = ""

    @property
    def severity(self) -> Severity:
        """Inferred clauses warn; all others are errors."""
        return Severity.WARNING if self.level is Level.INFERRED else Severity.ERROR


@dataclass(frozen=True, slots=True)
class Clause:
    """Anything of a contract that can be broken and has a permanent id."""

    id: str
    kind: ClauseKind
    summary: str = ""
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class SpecPlace:
    """Where a clause stands in the files of its contract.

    Attributes:
        file: named from the folder that holds the spec tree, or from the working folder.
        line: 1-based.
        column: 1-based, in characters.
        pointer: JSON Pointer in the file.
    """

    file: str
    line: int
    column: int
    pointer: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of a line, and what is marked in it.

    Attributes:
        text: the part.
        start: where the mark starts in it, in characters.
        length: how long the mark is.
    """

    text: str
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken clause with its proof. What does not apply is None and left out of reports.

    Attributes:
        severity: error or warning.
        clause: the permanent id of the clause.
        message: one sentence for a person.
        at: JSON Pointer into the document (or the response's body).
        keyword: the JSON Schema keyword that failed, for schema clauses.
        expected: what the contract asks for, in words or as a JSON value.
        got: what was found, in words or as a JSON value.
        evidence: the document behind the clause.
        file: the input's name; ``-`` for standard input.
        line: 1-based line in the file.
        column: 1-based column in the file, in characters.
        document: which document of a file of many, 1-based.
        operation: the operation's id.
        curl: a command line that reproduces the finding.
        seed: the seed of the campaign that found it.
        count: how often the clause was broken in the same way.
        where: JSON Pointer, in the contract's document, of what was broken; no report shows it.
        spec: the same in the file that a person edits.
        also: ids of the other clauses that are broken for the same cause.
        workings: how what was expected is reckoned, with the numbers of the payload.
        excerpt: the line of the file that the finding points at.
    """

    severity: Severity
    clause: str
    message: str
    at: str = ""
    keyword: str | None = None
    expected: Any = None
    got: Any = None
    evidence: Evidence | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None
    document: int | None = None
    operation: str | None = None
    curl: str | None = None
    seed: int | None = None
    count: int | None = None
    where: str | None = None
    spec: SpecPlace | None = None
    also: tuple[str, ...] = ()
    workings: str | None = None
    excerpt: Excerpt | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of one document.

    Attributes:
        file: the input's name; ``-`` for standard input.
        number: which document of a file of many, 1-based, or None.
        schema: ``<provider>/<Schema>``.
        findings: in the order of their places.
        reason: why it was judged by this schema, where nobody named one.
    """

    file: str
    number: int | None
    schema: str
    findings: tuple[Finding, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """Where a fixture shows something, or breaks it.

    Attributes:
        file: the fixture, below the fixtures of its provider.
        at: JSON Pointer in the payload, or in the recorded exchange.
        clause: what is broken there: the keyword of a schema, or the id of another clause.
    """

    file: str
    at: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One member of a document's table, and what of the contract and its fixtures it rests on.

    Attributes:
        source: id of the document.
        table: name of the table in it.
        printed: the member as the document prints it.
        member: the member of the contract.
        file: the file that defines it, below the folder of the contract; empty where none does.
        pointer: JSON Pointer of the definition in the file.
        evidence: the nearest evidence upwards from the definition.
        shown: a valid fixture that holds it.
        broken: an invalid fixture that breaks it.
        is_open: whether any value is right, so that nothing can break it.
        gaps: what is missing, and what to write where.
    """

    source: str
    table: str
    printed: str
    member: str
    file: str = ""
    pointer: str = ""
    evidence: Evidence | None = None
    shown: Proof | None = None
    broken: Proof | None = None
    is_open: bool = False
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """The tables of one contract's documents: a row for each member, and what has no row."""

    provider: str
    rows: tuple[Row, ...]
    gaps: tuple[str, ...] = ()
