"""Exceptions: the kit could not work. A broken contract is a finding, never an exception.

Drawn as a tree:

    OrderspecError            every exception of the kit; the command line exits with 2
    ├── UsageError            the call asks for something that is not there
    ├── ContractError         a contract cannot be loaded, bundled or compiled
    │   └── RuleError         a rule's CEL does not compile, or fails on a well-shaped payload
    ├── ReadError             an input cannot be read, decoded or parsed
    ├── TargetError           the server under test is unreachable or does not speak HTTP
    └── InstallError          an optional part of the kit is not installed
"""


class OrderspecError(Exception):
    """The kit could not work.

    Attributes:
        message: what went wrong, in one sentence.
        hint: what the person can do about it, or an empty string.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep the sentence and the way out apart, so that reports can set them apart too."""
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """One text for plain surroundings: the sentence, then the hint."""
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UsageError(OrderspecError):
    """The call names a provider, schema, file or option that does not exist."""


class ContractError(OrderspecError):
    """A contract, or the folder it lives in, is broken.

    Attributes:
        where: ``file:line:column`` or a JSON Pointer into the bundle, or an empty string.
    """

    def __init__(self, message: str, hint: str = "", where: str = "") -> None:
        """Put the place before the sentence, as compilers do."""
        super().__init__(f"{where}: {message}" if where else message, hint)
        self.where = where


class RuleError(ContractError):
    """A rule's CEL is wrong: it does not compile, or it fails on a payload of the right shape."""


class ReadError(OrderspecError):
    """An input cannot be read.

    Attributes:
        file: the name as the person gave it; ``-`` is standard input.
        line: 1-based, or None where there is no position.
        column: 1-based, in characters, or None.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        file: str = "-",
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        """Keep the position as data: reports place it themselves."""
        super().__init__(message, hint)
        self.file = file
        self.line = line
        self.column = column


class TargetError(OrderspecError):
    """The server under test cannot be reached, or what answers is not the API."""


class InstallError(OrderspecError):
    """A command needs an extra of the package that is not installed."""
