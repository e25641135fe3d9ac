"""`chairside dbt`: the locked dbt, with the warehouse's environment and the project's folders.

Put here only the hand-over. Do not put here how refreshes run dbt (orchestration/dbt).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from orchestration.errors import ChairsideError
from orchestration.postgres.connection import connect
from orchestration.postgres.environment import export_environment
from orchestration.postgres.server import ensure_running
from orchestration.settings import Settings
from orchestration.warehouse.schema import ensure_warehouse


@click.command(
    name="dbt",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def command(args: tuple[str, ...]) -> None:
    """Run dbt with the warehouse's settings, for example `chairside dbt docs generate`."""
    settings = Settings.from_environment()
    urls = ensure_running(settings)
    with connect(urls.warehouse) as connection:
        ensure_warehouse(connection)
    project = str(settings.project_root / "dbt_project")
    environment = os.environ | export_environment(urls, settings)
    environment |= {"DBT_PROJECT_DIR": project, "DBT_PROFILES_DIR": project}
    program = beside_python("dbt")
    os.execve(program, [str(program), *args], environment)  # noqa: S606 (this process becomes dbt)


def beside_python(name: str) -> Path:
    """Return a program of this very environment, never another of that name on PATH.

    Raises ChairsideError when it is not installed there.
    """
    program = Path(sys.executable).with_name(name)
    if not program.exists():
        raise ChairsideError(f"There is no {program}.", "Run `make install` once more.")
    return program
