"""How much one request may cost the server."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that no legal order comes near; what goes over them is refused with a 4xx.

    Attributes:
        body_bytes: length of a body. Five hundred line items whose texts all are as long as an API
            of this kind lets them be, in four-byte characters, come to about 6 MB.
        header_bytes: length of all header names and values together.
        target_bytes: length of the path and the query together.
        depth: how deep arrays and objects of a body may be nested.
        seconds: time for the head of a request to arrive, then for its body, then for the answer.
        workers: requests that are worked on at the same time; others wait.
    """

    body_bytes: int = 8 * 1024 * 1024
    header_bytes: int = 32 * 1024
    target_bytes: int = 16 * 1024
    depth: int = 100
    seconds: float = 30.0
    workers: int = 8
