"""What the engine and a provider's behaviour owe each other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from orderspec.exchange import Request
from orderspec.findings import Finding


class Trouble(StrEnum):
    """Why the engine refuses a request; the provider words the answer."""

    UNAUTHENTICATED = "unauthenticated"
    NO_SUCH_PATH = "no-such-path"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type"
    MALFORMED = "malformed"
    INVALID = "invalid"
    TOO_LARGE = "too-large"
    TOO_DEEP = "too-deep"
    TIMEOUT = "timeout"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that the engine refuses before the behaviour sees it.

    Attributes:
        trouble: the reason.
        status: the HTTP status that fits it where the documents do not say.
        detail: one sentence for the caller; never an internal.
        findings: the broken clauses of the request, for INVALID.
    """

    trouble: Trouble
    status: int
    detail: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """A status, a JSON body (None: no body) and extra headers.

    Attributes:
        keeps: what was written to the database stays although the reply is no success; a
            refusal that is the answer to every retry, say.
    """

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    keeps: bool = False


class Transaction(Protocol):
    """One database transaction, scoped to one provider; it commits when the handler returns."""

    def insert_order(
        self, order_id: str, document: Mapping[str, Any], aliases: Sequence[str] = ()
    ) -> None:
        """Store a new order, with other names that `order` finds it by."""

    def order(self, order_id: str) -> dict[str, Any] | None:
        """Read one order by its id or an alias, or None."""

    def orders(self, order_ids: Sequence[str]) -> list[dict[str, Any]]:
        """Read the orders that exist, in the order of the ids, each once."""

    def list_orders(self) -> list[dict[str, Any]]:
        """Read every order, oldest first."""

    def replace_order(self, order_id: str, document: Mapping[str, Any]) -> None:
        """Store a new version of an order that exists."""

    def claim(self, operation: str, key: str, fingerprint: str) -> "Claim | None":
        """Take an idempotency key for this request.

        Returns:
            None where the key is now ours (it is kept with `fingerprint` when the transaction
            commits), else what the first request with this key left. Two processes that claim the
            same key at once are put in line: the second waits, then gets the first one's claim.
        """

    def answer(self, operation: str, key: str, reply: Reply) -> None:
        """Keep the reply to the request that claimed the key."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An idempotency key that was taken before: by which request, and how it was answered."""

    fingerprint: str
    reply: Reply


@dataclass(frozen=True, slots=True)
class Fault:
    """One seeded defect.

    Attributes:
        name: kebab-case, says what goes wrong.
        stratum: structural, validation, robustness, semantic, stateful or security.
        summary: one sentence.
        point: the fault point at which it acts (see `Call.at`).
        alter: called as ``alter(value, call)`` at that point; returns what goes on instead.
        rare: what must come together before it shows, or an empty string.
    """

    name: str
    stratum: str
    summary: str
    point: str
    alter: Callable[[Any, "Call"], Any]
    rare: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One request on its way through a behaviour.

    Attributes:
        operation: the operation's id.
        request: the request, its body decoded (numbers exact), null members as sent.
        transaction: the database.
        now: the time of the request, RFC 3339 in UTC with milliseconds.
        new_id: makes an identifier of the given length that was never used before.
        fault: the seeded defect, or None.
    """

    operation: str
    request: Request
    transaction: Transaction
    now: str
    new_id: Callable[[int], str]
    fault: Fault | None = None

    def at(self, point: str, value: Any) -> Any:
        """Pass a value through a fault point: unchanged unless the seeded defect acts there.

        The engine has the points ``authenticated`` (bool), ``request-findings``
        (tuple of findings), ``request-body``, ``reply`` (Reply); a behaviour names its own.
        """
        if self.fault is not None and self.fault.point == point:
            return self.fault.alter(value, self)
        return value


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a provider adds to its contract.

    Attributes:
        credentials: security scheme name to a value that the reference server accepts.
        accepts: security scheme name to what tells whether a value is accepted, for schemes
            of which more than the one in `credentials` is.
        handlers: operationId to the function that answers it.
        refuse: words a refusal in the provider's error form.
        faults: the seeded defects.
    """

    credentials: Mapping[str, str]
    handlers: Mapping[str, Callable[[Call], Reply]]
    refuse: Callable[[Refusal], Reply]
    faults: tuple[Fault, ...] = ()
    accepts: Mapping[str, Callable[[str], bool]] = field(default_factory=dict)
