"""`chairside dagster`: Dagster's own commands, on Chairside's instance and code.

Put here the hand-over and its environment. Do not put here definitions (definitions.py).
"""

from __future__ import annotations

import os

import click

from orchestration.cli.dbt import beside_python
from orchestration.postgres.connection import connect
from orchestration.postgres.environment import export_environment
from orchestration.postgres.server import ensure_running
from orchestration.settings import Settings
from orchestration.warehouse.schema import ensure_warehouse

HOST = "127.0.0.1"
MODULE = "orchestration.definitions"
# `dagster dev` recommends another program, which this project has no use for.
NO_NOTICES = {"PYTHONWARNINGS": "ignore:Function `dev_command` is superseded"}


@click.group(name="dagster", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Run Dagster with the same settings as every other command."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@command.command()
@click.option("--port", default=3000, show_default=True, help="Where the UI listens.")
@click.option("--host", default=HOST, show_default=True, help="Who may reach the UI.")
def dev(port: int, host: str) -> None:
    """Run the UI, the schedules and the sensors until Ctrl-C."""
    click.echo(f"Dagster's UI will be at http://{host}:{port}", err=True)
    _run("dev", "--module-name", MODULE, "--host", host, "--port", str(port))


@command.command(
    name="run", context_settings={"ignore_unknown_options": True, "help_option_names": []}
)
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def run(args: tuple[str, ...]) -> None:
    """Run any command of Dagster: `chairside dagster run instance info`."""
    _run(*args)


def _run(*arguments: str) -> None:
    settings = Settings.from_environment()
    urls = ensure_running(settings)
    with connect(urls.warehouse) as connection:
        ensure_warehouse(connection)
    environment = os.environ | export_environment(urls, settings) | NO_NOTICES
    program = beside_python("dagster")
    # Where there is a dagster.yaml that is not the instance's, Dagster says so at every start.
    os.chdir(settings.project_root / "orchestration")
    os.execve(program, [str(program), *arguments], environment)  # noqa: S606 (it becomes Dagster)
