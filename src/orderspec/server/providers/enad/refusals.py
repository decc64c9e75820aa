"""Word a refusal in the envelope that every answer has; no published page shows one."""

from collections.abc import Iterable
from http import HTTPStatus

from orderspec.server.provider import Refusal, Reply

# A body that is wrong in every line does not need to hear it of every line.
_MOST_DETAILS = 20


def refuse(refusal: Refusal) -> Reply:
    """Word what the engine refuses."""
    details = [f"{one.at}: {one.message}" if one.at else one.message for one in refusal.findings]
    return refused(refusal.status, details or [refusal.detail])


def refused(status: int, details: Iterable[str]) -> Reply:
    """Word a refusal."""
    return Reply(int(status), {"success": False, "details": list(details)[:_MOST_DETAILS]})


def not_found(what: str) -> Reply:
    """Refuse a request for something that does not exist."""
    return refused(HTTPStatus.NOT_FOUND, [what])
