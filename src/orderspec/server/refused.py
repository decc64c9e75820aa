"""The engine's way to stop a request short: the reason, and the headers that go with it."""

from collections.abc import Mapping
from types import MappingProxyType

from orderspec.findings import Finding
from orderspec.server.provider import Refusal, Trouble

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Refused(Exception):  # noqa: N818 (it ends a request as designed, it reports no failure)
    """A step of the engine refuses the request. It never leaves the engine.

    Attributes:
        refusal: what the provider words.
        headers: what HTTP asks for beside the provider's words, such as ``Allow``.
    """

    def __init__(
        self,
        trouble: Trouble,
        status: int,
        detail: str,
        *,
        findings: tuple[Finding, ...] = (),
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> None:
        """Make the refusal."""
        super().__init__(detail)
        self.refusal = Refusal(trouble, status, detail, findings)
        self.headers = headers
