"""The same request once more: with fresh keys, to something that nothing changed yet."""

from dataclasses import replace

from orderspec.contract.model import Operation
from orderspec.exchange import Request
from orderspec.fuzz.cases import Case, Intent
from orderspec.fuzz.following import path_of
from orderspec.fuzz.session import Session
from orderspec.fuzz.transport import fill_path


def anew(session: Session, case: Case) -> Case:
    """Give a case with fresh keys; one that changes something changes a new thing of its kind."""
    operation = session.contract.operations[case.operation]
    request = session.frames.renewed(operation, case.request)
    return replace(case, request=_elsewhere(session, operation, request))


def unchanged_frame(session: Session, operation: Operation) -> Request | None:
    """Find the parameters that a request goes with; what it changes is changed for the first time.

    Returns:
        None where nothing is known that a path could lead to.
    """
    frame = session.frames.frame(operation)
    if frame is not None and session.memory.is_changed(operation, frame.path_parameters):
        return _elsewhere(session, operation, frame)
    return frame


def _elsewhere(session: Session, operation: Operation, request: Request) -> Request:
    """Lead a request that changes something to a thing that is made in the same way, for it alone.

    Where that is not known, or not made again, the request stays as it is.
    """
    origin = session.memory.origin(operation, request.path_parameters)
    if origin is None or not operation.may_change:
        return request
    first, link = origin
    source = session.contract.operations[first.operation]
    making = Case(source.id, session.frames.renewed(source, first.request), Intent.ACCEPTED)
    made = session.send(making)
    if made is None or not made.response.ok:
        return request
    session.memory.remember(made, session.requests)
    path = {**request.path_parameters, **path_of(operation, link, made)}
    return replace(request, path=fill_path(operation.path, path), path_parameters=path)
