"""`chairside load`: load raw files into the warehouse.

Put here the options, the progress line and the summary. Do not put here loading itself
(orchestration/loading).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from orchestration.loading.load import DEFAULT_MAX_REJECT_SHARE, load_path
from orchestration.loading.report import COUNTS, FileReport, LoadReport, Progress
from orchestration.postgres.connection import connect
from orchestration.postgres.server import ensure_running
from orchestration.settings import Settings

SHOWN_PROBLEMS = 10


@click.command("load")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--mapping",
    type=click.Path(path_type=Path),
    help="Mapping file (YAML) for files that are not in the native layout.",
)
@click.option(
    "--snapshot",
    is_flag=True,
    help="The files hold all rows there are: mark rows deleted that they no longer have.",
)
@click.option(
    "--max-reject-share",
    type=click.FloatRange(0, 1),
    default=DEFAULT_MAX_REJECT_SHARE,
    show_default=True,
    help="Share of a file's rows that may be rejected before the whole load is undone.",
)
@click.option("--source-system", help="Name of the system that the files come from.")
def command(
    path: Path,
    mapping: Path | None,
    snapshot: bool,
    max_reject_share: float,
    source_system: str | None,
) -> None:
    """Load raw files into the warehouse.

    PATH is a file, or a folder of files, in the native layout of seeds/README.md, or in any other
    layout with --mapping. All of them are loaded in one transaction, or none.
    """
    urls = ensure_running(Settings.from_environment())
    show, clear = _progress_line()
    try:
        with connect(urls.warehouse) as connection:
            report = load_path(
                connection,
                path,
                mapping,
                source_system=source_system,
                max_reject_share=max_reject_share,
                snapshot=snapshot,
                progress=show,
                on_wait=lambda reason: click.echo(reason, err=True),
            )
    finally:
        clear()
    print_report(report)


def print_report(report: LoadReport) -> None:
    """Print what a load did: a line for each entity, the first problems, where to find the rest."""
    rows = report.total("rows_read")
    rate = f", {rows / report.seconds:,.0f} rows/s" if rows >= 10_000 and report.seconds else ""
    click.echo(f"Load {report.load_id}: {rows:,} rows in {report.seconds:.1f} s{rate}")
    width = max((len(name) for name in _by_entity(report)), default=6)
    heads = [count.removeprefix("rows_") for count in COUNTS]
    click.echo(f"{'':{width}} " + " ".join(f"{head:>10}" for head in heads))
    for name, files in _by_entity(report).items():
        sums = [sum(getattr(file, count) for file in files) for count in COUNTS]
        click.echo(f"{name:{width}} " + " ".join(f"{value:>10,}" for value in sums))
    if not report.changed_anything:
        click.echo("Nothing changed: the warehouse had all of these rows already.")
    _print_problems(report)


def _by_entity(report: LoadReport) -> dict[str, list[FileReport]]:
    grouped: dict[str, list[FileReport]] = {}
    for file in report.files:
        grouped.setdefault(file.entity, []).append(file)
    return grouped


def _print_problems(report: LoadReport) -> None:
    for title, problems in (
        ("Rejected", report.first_errors),
        ("Loaded, but look at", report.first_warnings),
    ):
        if problems:
            click.echo(f"{title}:")
            for problem in problems[:SHOWN_PROBLEMS]:
                click.echo(f"  {problem}")
    if report.first_errors or report.first_warnings:
        click.echo(f"All of them are in ops.rejected_rows, with load_id {report.load_id}.")


def _progress_line() -> tuple[Callable[[Progress], None] | None, Callable[[], None]]:
    """Return what shows and what clears a progress line; on a terminal only."""
    if not sys.stderr.isatty():
        return None, lambda: None

    def show(progress: Progress) -> None:
        line = f"{progress.file_name}: {progress.rows:,} rows, {progress.share:.0%}"
        click.echo(f"\r\x1b[K{line[:79]}", nl=False, err=True)

    return show, lambda: click.echo("\r\x1b[K", nl=False, err=True)
