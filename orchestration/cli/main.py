"""The `chairside` command: the list of its commands and how their errors are shown.

Put here a line for each command. Do not put here a command's options or work.
"""

from __future__ import annotations

import errno
import importlib
import logging
from dataclasses import dataclass

import click

from orchestration.errors import ChairsideError, DiskFullError


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """Where a command lives, and its line in the help, known without importing it."""

    module: str
    summary: str


COMMANDS = {
    "db": CommandEntry("orchestration.cli.db", "Start, stop and reach the warehouse's Postgres."),
    "demo": CommandEntry("orchestration.cli.demo", "Write a demo salon and the answers it gives."),
    "load": CommandEntry("orchestration.cli.load", "Load raw files into the warehouse."),
    "refresh": CommandEntry("orchestration.cli.refresh", "Bring all tables up to date once."),
    "export": CommandEntry("orchestration.cli.export", "Write segment and report exports."),
    "status": CommandEntry("orchestration.cli.status", "Show loads, refreshes and checks."),
    "dbt": CommandEntry("orchestration.cli.dbt", "Run dbt with the warehouse's settings."),
    "dagster": CommandEntry("orchestration.cli.dagster", "Run Dagster with the same settings."),
}


class _ShownError(click.ClickException):
    """A ChairsideError as click prints it: the message, then the hint."""

    def __init__(self, error: ChairsideError) -> None:
        super().__init__(error.message)
        self.hint = error.hint

    def format_message(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is invoked."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the command names in the order a person meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command; None, which click reports, for an unknown name."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command = importlib.import_module(entry.module).command
        if not isinstance(command, click.Command):
            raise TypeError(f"{entry.module}.command is no click command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help from the table; asking each command would import them all."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; show errors that a person can act on without a traceback."""
        try:
            return super().invoke(ctx)
        except ChairsideError as error:
            raise _ShownError(error) from error
        except Exception as error:
            shown = _failure_from_outside(error)
            if shown is None:
                raise
            raise _ShownError(shown) from error


def _failure_from_outside(error: Exception) -> ChairsideError | None:
    """Return what a full disk or a lost server means to a person; None for any other failure."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return DiskFullError(
            f"The disk is full: {error}",
            "Free some space and run it again: what was not finished has left nothing behind.",
        )
    # Imported here: `chairside --help` needs no driver.
    from orchestration.postgres.failures import explain_failure

    return explain_failure(error)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="chairside")
def main() -> None:
    """Run Chairside, the analytics warehouse for salons."""
    # Notes go to standard error, so that output stays fit for a pipe.
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")


if __name__ == "__main__":
    main()
