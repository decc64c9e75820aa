"""Commands that are found by their files and imported when they are called.

A module of this package is a command if its docstring starts with "`orderspec NAME`: what it does",
NAME being the module's name. So help and spelling need no import, and there is no list to keep.
"""

import re
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import click

from orderspec.cli.failures import ClosedPipeError, exit_code_of

_HEAD = re.compile(r'"""`orderspec (?P<name>[a-z-]+)`: (?P<summary>.+?)\.?(?:""")?$')


class LazyCommands(click.Group):
    """A group whose commands are the modules beside this one."""

    @cached_property
    def summaries(self) -> dict[str, str]:
        """Every command's name and what its file says of it."""
        found = {}
        for path in sorted(Path(__file__).parent.glob("*.py")):
            with path.open(encoding="utf-8") as file:
                head = _HEAD.match(file.readline().rstrip())
            if head and head["name"] == path.stem:
                found[path.stem] = head["summary"]
        return found

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands, in alphabetical order."""
        del ctx
        return list(self.summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        del ctx
        if cmd_name not in self.summaries:
            return None
        module = import_module(f"orderspec.cli.{cmd_name}")
        commands = (item for item in vars(module).values() if isinstance(item, click.Command))
        return next(command for command in commands if command.name == cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was called, or say which ones have nearly its name."""
        if args and not args[0].startswith("-") and args[0] not in self.summaries:
            near = get_close_matches(args[0], self.summaries, n=3, cutoff=0.5)
            hint = (
                f"Did you mean {' or '.join(near)}?"
                if near
                else f"There are {', '.join(self.summaries)}."
            )
            ctx.fail(f"There is no command {args[0]!r}. {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(self.summaries.items()))

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; click would take a closed pipe for exit code 1, which means findings."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as problem:
            raise ClosedPipeError from problem

    def main(  # type: ignore[override]  # it always ends the process
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **settings: object
    ) -> NoReturn:
        """Run the command line and end the process with its exit code.

        Args:
            args: the arguments, or None for those of the process.
            prog_name: what to call the program in help and usage errors.
            settings: click's own, for its test runner; how to end the process is not theirs to say.
        """
        del settings
        run = super().main
        sys.exit(exit_code_of(lambda: run(args, prog_name, standalone_mode=False)))
