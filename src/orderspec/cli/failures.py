"""What went wrong → words on standard error and an exit code. No traceback reaches a user."""

import os
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any

import click

from orderspec.errors import InstallError, OrderspecError, ReadError
from orderspec.report.text import printable

UNABLE = 2
INTERRUPTED = 130
PIPE_CLOSED = 141
DEBUG_VARIABLE = "ORDERSPEC_DEBUG"
EXTRAS = {
    "starlette": "server",
    "uvicorn": "server",
    "sqlalchemy": "server",
    "hypothesis": "fuzz",
    "schemathesis": "fuzz",
    "urllib3": "fuzz",
    "jinja2": "docs",
    "markdown_it": "docs",
    "pygments": "docs",
    "psycopg": "postgres",
}
"""Module to the extra of the package that installs it."""


class ClosedPipeError(Exception):
    """Whoever read the output has stopped reading: there is nobody to tell."""


def exit_code_of(command: Callable[[], Any]) -> int:
    """Run a command line.

    Args:
        command: gives the exit code, or anything else for 0.

    Returns:
        The exit code. Whatever was raised has been told on standard error.
    """
    try:
        outcome = command()
        if sys.stdout:
            sys.stdout.flush()
    except (BrokenPipeError, ClosedPipeError):
        _discard_output()
        return PIPE_CLOSED
    except (click.Abort, KeyboardInterrupt):
        tell("Interrupted.")
        return INTERRUPTED
    except click.ClickException as problem:
        problem.show()
        return UNABLE
    except Exception as problem:  # noqa: BLE001 (the last resort: a defect must not be a traceback)
        return _unable(problem)
    return outcome if isinstance(outcome, int) else 0


def tell(text: str) -> None:
    """Write to standard error; payloads cannot drive the terminal with it."""
    click.echo("\n".join(printable(line) for line in text.split("\n")), err=True)


def place_of(error: ReadError) -> str:
    """Write ``file:line:column``, as far as it is known."""
    parts = (error.file, error.line, error.column)
    return ":".join(str(part) for part in parts if part is not None)


def _unable(problem: Exception) -> int:
    if os.environ.get(DEBUG_VARIABLE) == "1":
        sys.excepthook(type(problem), problem, problem.__traceback__)
        return UNABLE
    match problem:
        case ReadError():
            tell(f"Error: {place_of(problem)}: {problem}")
        case OrderspecError():
            tell(f"Error: {problem}")
        case ModuleNotFoundError() if not (problem.name or "orderspec").startswith("orderspec"):
            tell(f"Error: {_not_installed(str(problem.name))}")
        case OSError():
            reason = problem.strerror or str(problem)
            tell(f"Error: {problem.filename}: {reason}" if problem.filename else f"Error: {reason}")
        case _:
            tell(
                "Error: this is a defect of orderspec, please report it: "
                f"{type(problem).__name__} at {_origin(problem.__traceback__)} "
                f"({DEBUG_VARIABLE}=1 shows more)"
            )
    return UNABLE


def _not_installed(module: str) -> InstallError:
    top = module.partition(".")[0]
    extra = EXTRAS.get(top)
    message = f"this command needs {top}, which is not installed"
    wanted = f"orderspec[{extra}]" if extra else "--force-reinstall orderspec"
    return InstallError(
        message, f"Run: pip install '{wanted}'" if extra else f"pip install {wanted}"
    )


def _origin(traceback: TracebackType | None) -> str:
    place = "an unknown place"
    while traceback:
        frame = traceback.tb_frame
        place = f"{frame.f_globals.get('__name__')}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place


def _discard_output() -> None:
    """Keep the interpreter from complaining when it flushes the closed pipe at its end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (AttributeError, OSError, ValueError):
        return
