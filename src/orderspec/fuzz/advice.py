"""What kept a campaign from saying more, and what the person who runs it can do about it."""

from collections.abc import Iterator

from orderspec.fuzz.access import alternatives
from orderspec.fuzz.redact import SHORTEST, redacted_text
from orderspec.fuzz.sending import PROVING_SHARE, TIME_OVER
from orderspec.fuzz.session import Session

_MOST_NAMED = 5
_LONGEST_WORDS = 200
_MOST_REFUSED = 0.5


def notes(session: Session) -> tuple[str, ...]:
    """Advise; secrets that a server sent back are taken out."""
    credentials = session.settings.credentials
    return tuple(redacted_text(note, credentials) for note in _notes(session))


def _notes(session: Session) -> Iterator[str]:
    if session.stopped == TIME_OVER:
        whole = session.settings.max_time
        kept = whole * PROVING_SHARE
        yield (
            f"The time was over before all was sent ({whole - kept:g} s for sending, {kept:g} s "
            "kept for proving findings); --max-time gives more."
        )
    elif session.stopped:
        yield f"Ended early: {session.stopped}."
    yield from session.troubles
    yield from _on_refusals(session)
    yield from _on_credentials(session)
    if session.limited:
        yield f"The server asked for patience {session.limited} times (429): those say nothing."
    for remark in session.remarks:
        yield f"Not all could be generated: {remark}"
    for defect_found in sorted(session.ledger.defects):
        yield f"A check could not be done, and says nothing: {defect_found}"
    unreached = [clause.id for clause in session.ledger.unreached()]
    if unreached:
        counted = f"{len(unreached)} clauses were" if len(unreached) > 1 else "1 clause was"
        yield f"{counted} never put to the test: {_listed(unreached)}"


def _on_refusals(session: Session) -> Iterator[str]:
    """Advise where little was accepted, or where what requests refer to is not known."""
    heard = session.heard
    unknown = heard.unknown()
    given = " ".join(f"--value {noun}=…" for noun in unknown)
    if session.valid and not session.accepted:
        yield f"None of {session.valid} valid requests was accepted, so little can be said." + (
            f" What must exist on the server can be given: {given}" if given else ""
        )
    elif given:
        refused = max(unknown.values())
        counted = f"{refused} refusals prove" if refused > 1 else "1 refusal proves"
        yield (
            f"{counted} nothing, since the requests refer to what may not exist on the server. "
            f"What does exist can be given: {given}"
        )
    usual = heard.usual_refusal()
    if usual is not None and session.accepted < session.valid * _MOST_REFUSED:
        status, words, times = usual
        said = words if len(words) <= _LONGEST_WORDS else words[: _LONGEST_WORDS - 1] + "…"
        yield f"The server's own words, {times} times: {status} {said or '(no body)'}"
    if heard.knows_nothing():
        yield (
            "Nothing but 404 came back: check the address. The paths of the contract are added to "
            f"it, so {session.settings.url}{_first_path(session)} is asked for."
        )


def _on_credentials(session: Session) -> Iterator[str]:
    closed = session.heard.closed()
    if closed:
        yield (
            f"Every right request to {_listed(closed)} was answered 401 or 403: these credentials "
            "may not use it, so nothing is said of it."
        )
    credentials = session.settings.credentials
    missing = {
        scheme.name
        for operation in session.contract.operations.values()
        if operation.security and not alternatives(operation, credentials)
        for schemes in operation.security
        for scheme in schemes
        if scheme.name not in credentials
    }
    if missing:
        asked = " or ".join(f"--credential {name}=…" for name in sorted(missing))
        yield f"Some operations were called without credentials; give them with {asked}."
    for name, secret in sorted(credentials.items()):
        if 0 < len(secret) < SHORTEST:
            yield f"The credential {name} is so short that reports may show it inside other words."


def _first_path(session: Session) -> str:
    return next(iter(session.contract.operations.values())).path


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")
