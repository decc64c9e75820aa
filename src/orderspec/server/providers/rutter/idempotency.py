"""Idempotency keys: the answer to the first request with a key is the answer to all of them.

A request takes its key when it is accepted, that is once its shape is right: what comes of it then
is kept, whether it is a success or not.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus

from orderspec.server.provider import Call, Claim, Reply
from orderspec.server.providers.rutter.connections import connection_of
from orderspec.server.providers.rutter.refusals import error

HEADER = "idempotency-key"


def once(call: Call, work: Callable[[Call], Reply]) -> Reply:
    """Do what a request asks for, unless it was done before under the same key."""
    key = call.request.headers.get(HEADER)
    if key is None:
        return work(call)
    shop_key = f"{connection_of(call)['id']} {key}"
    request = fingerprint(call)
    claimed = call.transaction.claim(call.operation, shop_key, request)
    earlier: Claim | None = call.at("claim", claimed)
    if earlier is None:
        reply = replace(work(call), keeps=True)
        call.transaction.answer(call.operation, shop_key, reply)
        return reply
    if earlier.fingerprint == request:
        return earlier.reply
    detail = "The idempotency key was used for another request."
    return error(HTTPStatus.CONFLICT, "IDEMPOTENCY_KEY_REUSED", detail)


def fingerprint(call: Call) -> str:
    """Digest what a request asks for."""
    asked = [call.request.path_parameters, call.request.body]
    canonical = json.dumps(asked, sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
