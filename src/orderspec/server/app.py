"""The server as an ASGI application: mounts, worker threads, time limits.

Starlette gives the requests and responses; its router is left out, since it answers a path it
does not know (one with a line break in it, say) in a form of its own.
"""

import asyncio
import logging
import secrets
import string
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from orderspec.contract.model import Contract
from orderspec.server.arrival import Arrival, arrive, raw_path
from orderspec.server.database import is_transient
from orderspec.server.deadline import Deadline
from orderspec.server.engine import Engine, Surroundings, internal
from orderspec.server.limits import Limits
from orderspec.server.pages import Pages
from orderspec.server.provider import Behaviour, Fault, Refusal, Reply, Trouble
from orderspec.server.refused import Refused
from orderspec.server.rendering import headers, payload
from orderspec.server.store import ExpiredError, Store, StoreTransaction

logger = logging.getLogger(__name__)

DEFAULT_LIMITS = Limits()
_ALPHABET = string.ascii_letters + string.digits


def random_id(length: int) -> str:
    """Make an identifier of letters and digits that cannot be guessed."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def present_time() -> str:
    """Tell the time: RFC 3339, UTC, milliseconds."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return now.replace("+00:00", "Z")


def create_app(  # noqa: PLR0913 (tests replace the world by keyword)
    mounts: Mapping[str, tuple[Contract, Behaviour]],
    store: Store,
    *,
    fault: Fault | None = None,
    limits: Limits = DEFAULT_LIMITS,
    ids: Callable[[int], str] = random_id,
    clock: Callable[[], str] = present_time,
    strict_self_check: bool = False,
    pages: Pages | None = None,
) -> "Application":
    """Make the application.

    Args:
        mounts: path prefix, empty or such as ``/acme``, to what is served below it.
        store: the database; each provider has its own orders in it.
        fault: a seeded defect; it acts in the behaviours that list it.
        limits: how much a request may cost.
        ids: makes an identifier of a length that was never used before.
        clock: gives the present time as `present_time` does.
        strict_self_check: for tests: raise where an answer of our own breaks the contract or a
            handler crashes, instead of answering 500.
        pages: what is to be read about the operations, or None.

    Raises:
        ContractError: a behaviour does not answer exactly its contract's operations.
    """
    surroundings = Surroundings(ids, clock, strict_self_check=strict_self_check)
    engines = {
        prefix: Engine(
            contract,
            behaviour,
            surroundings,
            fault=fault if fault in behaviour.faults else None,
            limits=limits,
        )
        for prefix, (contract, behaviour) in mounts.items()
    }
    strict = strict_self_check and fault is None
    return Application(engines, store, limits, strict=strict, pages=pages)


def unmounted(refusal: Refusal) -> Reply:
    """Word a refusal where it is not clear which provider the request was for."""
    return Reply(
        refusal.status, {"error": {"code": refusal.trouble.value, "detail": refusal.detail}}
    )


class Application:
    """Hands each request to the engine below whose prefix it falls, and sends the reply."""

    def __init__(
        self,
        engines: Mapping[str, Engine],
        store: Store,
        limits: Limits,
        *,
        strict: bool,
        pages: Pages | None,
    ) -> None:
        """Keep the engines, and make the worker threads that they run in."""
        self._engines = engines
        self._store = store
        self._limits = limits
        self._strict = strict
        self._pages = pages
        self._workers = ThreadPoolExecutor(limits.workers, thread_name_prefix="orderspec")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's worth of ASGI.

        Raises:
            NotImplementedError: it is not HTTP; an ASGI server goes on without it.
        """
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        request = Request(scope, receive)
        try:
            response = await self._response(request)
        except ClientDisconnect:
            logger.info("the client went away before its request was whole")
            return
        await response(scope, receive, send)

    def worded(self, refusal: Refusal) -> Reply:
        """Word a refusal of bytes that were no request yet: by the provider if there is one."""
        if len(self._engines) == 1:
            (engine,) = self._engines.values()
            return engine.worded(Refused(refusal.trouble, refusal.status, refusal.detail))
        return unmounted(refusal)

    async def _response(self, request: Request) -> Response:
        path = raw_path(request)
        if self._pages and self._pages.hold(path):
            return await asyncio.to_thread(self._pages.answer, request.method, path)
        for prefix, engine in self._engines.items():
            if (path + b"/").startswith(prefix.encode("ascii") + b"/"):
                return await self._answer(engine, await arrive(request, prefix, self._limits))
        below = ", ".join(f"{prefix}/" for prefix in self._engines)
        detail = f"There is nothing at this path, only below {below}."
        return rendered(self.worded(Refusal(Trouble.NO_SUCH_PATH, 404, detail)))

    async def _answer(self, engine: Engine, arrival: Arrival) -> Response:
        deadline = Deadline()
        work = self._workers.submit(self._work, engine, arrival, deadline)
        pending = asyncio.wrap_future(work)
        done, _ = await asyncio.wait({pending}, timeout=self._limits.seconds)
        if not done and deadline.expire():
            work.cancel()
            pending.add_done_callback(_forget)
            return rendered(engine.worded(_expired(self._limits)))
        return await pending

    def _work(self, engine: Engine, arrival: Arrival, deadline: Deadline) -> Response:
        def once(transaction: StoreTransaction) -> tuple[Response, bool]:
            answer = engine.answer(arrival, transaction)
            return rendered(answer.reply), answer.commit

        try:
            return self._store.transact(engine.name, once, deadline.commit)
        except ExpiredError:
            return rendered(engine.worded(_expired(self._limits)))
        except Exception as problem:
            if self._strict:
                raise
            logger.exception("%s %s failed", arrival.method, arrival.path)
            status = 503 if is_transient(problem) else 500
            return rendered(engine.worded(internal(status)))


def rendered(reply: Reply) -> Response:
    """Make a reply ready to be sent."""
    return Response(payload(reply), reply.status, headers(reply))


def _expired(limits: Limits) -> Refused:
    detail = f"The request was not answered within {limits.seconds:g} seconds."
    return Refused(Trouble.TIMEOUT, 408, detail, headers={"connection": "close"})


def _forget(done: "asyncio.Future[Response]") -> None:
    """Look at what came of abandoned work, lest asyncio reports it as never looked at."""
    if not done.cancelled():
        done.exception()
