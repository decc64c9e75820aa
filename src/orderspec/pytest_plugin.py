"""For tests of an API: hold its answers to a contract.

    def test_an_order_is_created(client, orderspec):
        orderspec.check(client.post("/orders", json=ORDER))

The contract is named by the marker ``@pytest.mark.orderspec("PROVIDER")`` or by
``orderspec_contract`` in pytest's configuration; the operation is found by method and path.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from orderspec.contract.model import Contract
    from orderspec.findings import Finding

_SETTING = "orderspec_contract"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting."""
    parser.addini(_SETTING, "what the fixture `orderspec` checks by: a provider, or a path")


def pytest_configure(config: pytest.Config) -> None:
    """Add the marker."""
    line = "orderspec(contract): the contract that the fixture `orderspec` checks by"
    config.addinivalue_line("markers", line)


@pytest.fixture
def orderspec(request: pytest.FixtureRequest) -> "Checker":
    """Checks answers against the contract of the marker, or of the configuration."""
    marker = request.node.get_closest_marker("orderspec")
    chosen = marker.args[0] if marker and marker.args else request.config.getini(_SETTING)
    return Checker(str(chosen or ""))


class Checker:
    """Holds answers to a contract."""

    def __init__(self, contract: str) -> None:
        """Check by a contract: a provider, or a path to OpenAPI; it may be named at each check."""
        self._contract = contract

    def check(self, response: Any, *, contract: str = "") -> "list[Finding]":
        """Fail the test if an answer, or the request that it was given to, breaks the contract.

        Args:
            response: as httpx, requests, and the test clients of Starlette and FastAPI give it.
            contract: another contract than the fixture's.

        Returns:
            Warnings.

        Raises:
            UsageError: no contract is named, or there is none of the name.
            ContractError: the contract is broken.
        """
        __tracebackhide__ = True
        findings = _findings(_contract(contract or self._contract), response)
        errors = [one for one in findings if one.severity == "error"]
        if errors:
            from orderspec.report.console import finding_text  # noqa: PLC0415 (pytest starts fast)

            texts = "".join(finding_text(one, {}) for one in errors)
            asked = response.request
            pytest.fail(f"{asked.method} {asked.url} breaks the contract\n{texts}", pytrace=False)
        return [one for one in findings if one.severity != "error"]


@lru_cache(maxsize=16)
def _contract(name: str) -> "Contract":
    from orderspec.errors import UsageError  # noqa: PLC0415 (pytest starts fast)
    from orderspec.validation.target import find_contract  # noqa: PLC0415 (the same)

    found = find_contract(name) if name else None
    if found is None:
        message = f"there is no contract {name!r}" if name else "no contract is named"
        hint = f'Mark the test @pytest.mark.orderspec("PROVIDER"), or set {_SETTING}.'
        raise UsageError(message, hint)
    return found


def _findings(contract: "Contract", response: Any) -> "list[Finding]":
    from urllib.parse import urlsplit  # noqa: PLC0415 (pytest starts fast)

    from orderspec.errors import UsageError  # noqa: PLC0415 (the same)
    from orderspec.exchange import Exchange  # noqa: PLC0415 (the same)
    from orderspec.validation.answers import response_of  # noqa: PLC0415 (the same)
    from orderspec.validation.recordings import exchange_findings  # noqa: PLC0415 (the same)
    from orderspec.validation.traffic import Traffic, request_of  # noqa: PLC0415 (the same)

    asked = response.request
    address = urlsplit(str(asked.url))
    found = Traffic([contract], anywhere=True).find(asked.method, address.path.encode())
    if not found:
        message = f"{contract.name} has no operation {asked.method} {address.path}"
        raise UsageError(message, f"`orderspec list {contract.name}` names its operations.")
    _, operation, parameters = found[0]
    raw = _body(asked)
    request = request_of(
        asked.method, f"{address.path}?{address.query}", dict(asked.headers), raw or b"", parameters
    )
    headers = {name.lower(): value for name, value in response.headers.items()}
    answer = response_of(response.status_code, headers, response.content)
    asked_wrong, answered_wrong = exchange_findings(
        contract, Exchange(operation.id, request, answer)
    )
    return answered_wrong if raw is None else [*asked_wrong, *answered_wrong]


def _body(asked: Any) -> bytes | None:
    """Give the body of a request; None for one that was streamed, and cannot be read again."""
    try:
        sent = asked.content if hasattr(type(asked), "content") else asked.body
    except RuntimeError:
        return None
    if isinstance(sent, str):
        return sent.encode()
    return b"" if sent is None else sent if isinstance(sent, bytes) else None
