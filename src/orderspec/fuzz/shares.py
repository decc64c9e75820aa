"""What the processes of a campaign tell each other, and how it becomes one report."""

from collections import Counter
from dataclasses import dataclass, replace

from orderspec.campaigns import Recorded
from orderspec.contract.model import Contract
from orderspec.errors import OrderspecError
from orderspec.fuzz.heard import Heard
from orderspec.fuzz.ledger import Key, Ledger
from orderspec.fuzz.session import Session
from orderspec.fuzz.settings import Settings


@dataclass(frozen=True, slots=True)
class Task:
    """What a process has to do.

    Attributes:
        contract: the contract that the deployment is held to.
        settings: where, and how much.
        ends: when it must have ended, in seconds since the epoch.
    """

    contract: Contract
    settings: Settings
    ends: float


@dataclass(frozen=True, slots=True)
class Found:
    """The causes that a process found, once it has sent all; it waits to be told what to prove."""

    keys: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Failed:
    """A process could not work."""

    problem: OrderspecError


@dataclass(frozen=True, slots=True)
class Share:
    """One process's part of a campaign, as it travels to the process that reports.

    Attributes:
        ledger: clauses and findings.
        heard: what the server said.
        responses: class of status to number.
        recorded: its exchanges, where they are kept.
        limited: requests that were put off.
        valid: requests that the contract allows, and
        accepted: how many of them got a success.
        remarks: what could not be generated.
        stopped: why it ended early, or an empty string.
    """

    ledger: Ledger
    heard: Heard
    responses: Counter[str]
    recorded: tuple[Recorded, ...]
    limited: int
    valid: int
    accepted: int
    remarks: tuple[str, ...]
    stopped: str


def share_of(session: Session) -> Share:
    """Gather what a session saw; how a sequence is gone through again does not travel."""
    for group in session.ledger.groups.values():
        group.again = None
    return Share(
        ledger=session.ledger,
        heard=session.heard,
        responses=session.sender.responses,
        recorded=tuple(session.sender.recorded),
        limited=session.sender.limited,
        valid=session.valid,
        accepted=session.accepted,
        remarks=tuple(session.remarks),
        stopped=session.stopped,
    )


def join(session: Session, shares: list[Share]) -> None:
    """Make a session that sent nothing itself hold what several others saw."""
    sender = session.sender
    for share in shares:
        session.ledger.join(share.ledger)
        session.heard.join(share.heard)
        sender.responses += share.responses
        sender.limited += share.limited
        session.valid += share.valid
        session.accepted += share.accepted
        session.remarks += [one for one in share.remarks if one not in session.remarks]
    session.stopped = "; ".join(dict.fromkeys(one.stopped for one in shares if one.stopped))
    recorded = sorted((one for share in shares for one in share.recorded), key=_when)
    sender.recorded[:] = [replace(one, number=count) for count, one in enumerate(recorded, 1)]


def _when(one: Recorded) -> float:
    return one.started
