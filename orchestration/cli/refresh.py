"""`chairside refresh`: the options, the progress and the summary.

Put here what is asked for and printed. Do not put here the refresh itself (assets/, refresh/) or
how its run is made (launch.py).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

import click

from orchestration.cli.first_data import demo_if_empty
from orchestration.cli.verification import report_verification
from orchestration.errors import ChairsideError
from orchestration.jobs import REFRESH_JOB, VERIFICATION_JOB
from orchestration.postgres.connection import connect
from orchestration.postgres.environment import export_environment
from orchestration.postgres.server import DatabaseUrls, ensure_running
from orchestration.postgres.urls import describe_url
from orchestration.refresh.moments import parse_moment
from orchestration.refresh.session import ensure_none_running
from orchestration.refresh.summary import Summary, summary_of_run
from orchestration.settings import Settings
from orchestration.warehouse.schema import ensure_warehouse

if TYPE_CHECKING:
    from orchestration.launch import RunResult
    from orchestration.progress import Progress


class RefreshFailedError(ChairsideError):
    """A refresh ended without publishing."""


@click.command(name="refresh")
@click.option("--full", is_flag=True, help="Recompute every key, changed or not.")
@click.option(
    "--as-of",
    metavar="TIME",
    help="The refresh's clock, such as 2026-03-01T12:00:00Z; what happened later is left out."
    "  [default: now]",
)
@click.option(
    "--with-demo-if-empty", is_flag=True, help="Write and load the demo salon if there is no data."
)
@click.option(
    "--verify",
    is_flag=True,
    help="Refresh nothing: rebuild organizations from raw, those verified longest ago first, and"
    " compare with what readers see. Ends with 1 where anything differs.",
)
@click.option(
    "--all", "all_organizations", is_flag=True, help="With --verify: all, however long it takes."
)
def command(
    full: bool,
    as_of: str | None,
    with_demo_if_empty: bool,
    verify: bool,
    all_organizations: bool,
) -> None:
    """Bring all public tables up to date once, through Dagster, or verify them."""
    started = time.monotonic()
    moment = parse_moment(as_of) if as_of else None
    if verify and (full or moment or with_demo_if_empty):
        raise click.UsageError("--verify refreshes nothing: leave the other options out.")
    if all_organizations and not verify:
        raise click.UsageError("--all goes with --verify; --full recomputes every key.")
    settings = Settings.from_environment()
    urls = _prepare(settings)
    if verify:
        _verify(settings, urls, started, all_organizations)
        return
    values = {"mode": "full" if full else "incremental"}
    if moment is not None:
        values["as_of"] = moment.isoformat()
    with demo_if_empty(settings, urls) if with_demo_if_empty else nullcontext():
        result = _run(settings, REFRESH_JOB, values, started)
    with connect(urls.warehouse) as connection:
        summary = summary_of_run(connection, result.run_id)
    if not result.succeeded:
        _print_failed_checks(summary)
        raise RefreshFailedError(
            f"The refresh failed: {summary.error or result.error}",
            "The public tables are as they were. `chairside status` shows the checks that failed,"
            f" `chairside dagster dev` the run {result.run_id}.",
        )
    _print_summary(summary, urls, time.monotonic() - started)


def _run(settings: Settings, job: str, values: Mapping[str, object], started: float) -> RunResult:
    # Dagster and dbt take seconds to import, so all that can fail before them has by now.
    from orchestration.launch import run_job
    from orchestration.progress import listening

    with listening(ProgressLine(started)):
        return run_job(settings, job, {"resources": {"refresh": {"config": values}}}, by="cli")


def _verify(
    settings: Settings, urls: DatabaseUrls, started: float, all_organizations: bool
) -> None:
    began = datetime.now(UTC)
    values = {"verify_seconds": None} if all_organizations else {}
    result = _run(settings, VERIFICATION_JOB, values, started)
    with connect(urls.warehouse) as connection:
        # What the refresh says is for people; what Dagster says is left where there was none.
        error = summary_of_run(connection, result.run_id).error or result.error
        report_verification(connection, result.run_id, began, error)


def _prepare(settings: Settings) -> DatabaseUrls:
    urls = ensure_running(settings)
    os.environ.update(export_environment(urls, settings))
    with connect(urls.warehouse) as connection:
        ensure_warehouse(connection)
        ensure_none_running(connection)
    return urls


class ProgressLine:
    """Shows stages as lines, and counts within a stage by rewriting the line on a terminal."""

    def __init__(self, started: float) -> None:
        """Count seconds from `started`, a time.monotonic()."""
        self.started = started
        self.is_terminal = sys.stderr.isatty()
        self.last = ""
        self.stream = _own_stream()

    def __call__(self, progress: Progress) -> None:
        """Show how far the refresh is."""
        seconds = time.monotonic() - self.started
        if progress.finished:
            mark = "failed" if progress.failed else progress.note or "done"
            self._write(f"{seconds:6.1f} s  {progress.stage}: {mark}{self.last}", end="\n")
            self.last = ""
        elif progress.total:
            self.last = f", {progress.done} of {progress.total} models and tests"
            if self.is_terminal:
                self._write(f"{seconds:6.1f} s  {progress.stage}{self.last}", end="")
        elif self.is_terminal:
            self._write(f"{seconds:6.1f} s  {progress.stage}", end="")

    def _write(self, text: str, end: str) -> None:
        click.echo(
            ("\r\033[K" if self.is_terminal else "") + text + end, file=self.stream, nl=False
        )


def _own_stream() -> IO[str]:
    """Return standard error as it is now: Dagster sends it to a file while a run lasts."""
    try:
        return os.fdopen(os.dup(sys.stderr.fileno()), "w", buffering=1)
    except (OSError, ValueError):
        # A stream without a file behind it, as in tests.
        return sys.stderr


def _print_failed_checks(summary: Summary) -> None:
    for check in summary.failed_checks:
        click.echo(f"  {check.severity}: {check.table_name}: {check.check_name}", err=True)


def _print_summary(summary: Summary, urls: DatabaseUrls, seconds: float) -> None:
    if not summary.tables:
        click.echo(
            f"Refresh {summary.refresh_id} found nothing to do in {seconds:.0f} s: the tables are"
            f" right as of {summary.as_of:%Y-%m-%d %H:%M:%S} UTC as they are."
        )
        return
    width = max((len(table.table) for table in summary.tables), default=0)
    for table in summary.tables:
        changes = f"+{table.rows_inserted} ~{table.rows_updated} -{table.rows_deleted}"
        unchanged = changes == "+0 ~0 -0"
        click.echo(
            f"  {table.table:<{width}} {table.rows:>11,} rows recomputed"
            f"  {'' if unchanged else changes}"
        )
    warnings = [check for check in summary.failed_checks if check.severity == "warning"]
    click.echo(
        f"Refresh {summary.refresh_id} published {len(summary.tables)} tables as of"
        f" {summary.as_of:%Y-%m-%d %H:%M:%S} UTC in {seconds:.0f} s;"
        f" {summary.checks_passed} checks passed, {len(warnings)} warned."
    )
    for check in warnings[:5]:
        click.echo(f"  warning: {check.table_name}: {check.check_name}")
    click.echo(f"Read them at {describe_url(urls.bi_reader or urls.warehouse)}, schema marts:")
    click.echo("  chairside db psql          a prompt")
    click.echo("  chairside db url --role bi_reader    a URL for any client")
