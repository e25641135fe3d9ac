"""`chairside export`: the options and what is printed.

Put here how exports are asked for and reported. Do not put here how they are made
(orchestration/exporting).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.exporting.export import ExportResult

FORMATS = ("csv", "xlsx", "parquet", "all")


@click.command(name="export")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    help="Write this format only; may be given more than once.  [default: all]",
)
@click.option(
    "--organization",
    "organizations",
    multiple=True,
    metavar="ID",
    help="Export this organization only; may be given more than once.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write a copy of the whole lists to this folder; the next delta is not affected.",
)
@click.option(
    "--no-defuse",
    is_flag=True,
    help="For programs: write CSV and XLSX text as it is, formulas and +49 numbers included.",
)
@click.option("--bom", is_flag=True, help="Begin CSV files with the mark that Excel needs.")
@click.option("--list", "only_list", is_flag=True, help="List the exports and write nothing.")
def command(  # noqa: PLR0913 (one parameter for each option)
    names: tuple[str, ...],
    formats: tuple[str, ...],
    organizations: tuple[str, ...],
    out: Path | None,
    no_defuse: bool,
    bom: bool,
    only_list: bool,
) -> None:
    """Write segments for marketing tools: those who agreed, with what changed since last time."""
    settings = Settings.from_environment()
    if only_list:
        _print_definitions(settings, names)
        return
    from orchestration.exporting.export import run_exports
    from orchestration.exporting.writers import WriteOptions
    from orchestration.postgres.connection import connect
    from orchestration.postgres.server import ensure_running
    from orchestration.warehouse.schema import ensure_warehouse

    with connect(ensure_running(settings).warehouse) as connection:
        ensure_warehouse(connection)
        results = run_exports(
            connection,
            settings,
            names,
            formats=None if "all" in formats else formats,
            organizations=organizations,
            out=out,
            options=WriteOptions(defuse_formulas=not no_defuse, byte_order_mark=bom),
        )
    _print_results(results, out or settings.exports)


def _print_definitions(settings: Settings, names: tuple[str, ...]) -> None:
    from orchestration.exporting.definitions import load_definitions, select_definitions

    definitions = select_definitions(load_definitions(settings.project_root), names)
    width = max((len(each.name) for each in definitions), default=0)
    for each in definitions:
        click.echo(f"{each.name:<{width}}  {', '.join(each.channels):<10}  {each.description}")


def _print_results(results: list[ExportResult], destination: Path) -> None:
    if not results:
        click.echo("There are no clients to export yet.")
        return
    width = max(len(result.export_name) for result in results)
    owner = max(len(result.organization_id) for result in results)
    for result in results:
        click.echo(
            f"{result.organization_id:<{owner}}  {result.export_name:<{width}}"
            f"  {result.channel:<5}  {result.rows:>7} clients"
            f"  {result.rows_added:>+7} {-result.rows_removed:>7}"
            f"  {result.rows_withheld:>7} withheld"
        )
    click.echo(f"As of {results[0].as_of:%Y-%m-%d %H:%M} UTC, in {destination}")
