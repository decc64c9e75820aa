"""A campaign from its first request to its report."""

from collections.abc import Callable

from orderspec.campaigns import CampaignReport
from orderspec.contract.model import Contract
from orderspec.fuzz.checked import defect
from orderspec.fuzz.meeting import meet
from orderspec.fuzz.observer import Observer
from orderspec.fuzz.proving import prove
from orderspec.fuzz.session import INTERRUPTED, Ended, Session
from orderspec.fuzz.settings import Progress, Settings
from orderspec.fuzz.steps import STEPS
from orderspec.fuzz.telling import report_of


def run(
    contract: Contract,
    settings: Settings,
    progress: Callable[[Progress], None],
    observer: Observer | None = None,
) -> CampaignReport:
    """Run a campaign.

    Args:
        contract: the contract that the deployment is held to.
        settings: where, and how much.
        progress: called after every request.
        observer: is shown everything that is judged.

    Raises:
        TargetError: nothing answers, or what answers is not an HTTP API of JSON.
        UsageError: the address or a credential cannot be used.
    """
    session = Session(contract, settings, progress, observer)
    with session.sender.interrupt.heeded():
        explore(session)
        if session.stopped != INTERRUPTED:
            prove(session)
        return report_of(session)


def explore(session: Session) -> None:
    """Take all steps, until the time for them is over; `session.stopped` says why it ended early.

    Raises:
        TargetError: nothing answers, or what answers is not an HTTP API of JSON.
    """
    try:
        meet(session)
        for step in STEPS:
            _take(session, step)
    except Ended as end:
        session.stopped = str(end)
    except KeyboardInterrupt:
        session.stopped = INTERRUPTED


def _take(session: Session, step: Callable[[Session], None]) -> None:
    """Take one step; where it fails, the others go on."""
    session.sender.step = step.__name__.strip("_")
    try:
        step(session)
    except (Ended, KeyboardInterrupt):
        raise
    except Exception as problem:  # noqa: BLE001 (whatever it is, it must not hide what was found)
        session.ledger.defects.add(defect(problem))
