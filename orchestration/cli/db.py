"""`chairside db`: start, stop and reach the warehouse's Postgres.

Put here the options and what is printed. Do not put here how the server is run
(orchestration/postgres).
"""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path

import click

from orchestration.errors import BinariesMissingError, ChairsideError, WrongPasswordError
from orchestration.postgres.environment import export_environment
from orchestration.postgres.server import DatabaseUrls, ensure_running, remove, server_status
from orchestration.postgres.server import stop as stop_server
from orchestration.postgres.urls import describe_url, parse_url, with_parameters
from orchestration.settings import Settings

_role = click.option(
    "--role", type=click.Choice(["owner", "bi_reader"]), default="owner", show_default=True
)
_database = click.option(
    "--database",
    type=click.Choice(["warehouse", "dagster"]),
    default="warehouse",
    show_default=True,
)


@click.group(name="db")
def command() -> None:
    """Start, stop and reach the warehouse's Postgres."""


@command.command()
def start() -> None:
    """Start the embedded server, or check the one of CHAIRSIDE_DATABASE_URL."""
    urls = ensure_running(Settings.from_environment())
    click.echo(f"Postgres answers at {describe_url(urls.warehouse)}")


@command.command()
def stop() -> None:
    """Stop the embedded server."""
    settings = Settings.from_environment()
    if settings.database_url is not None:
        click.echo("CHAIRSIDE_DATABASE_URL names a server of your own; it is left running.")
    elif stop_server(settings):
        click.echo("Postgres stopped.")
    else:
        click.echo("Postgres was not running.")


@command.command()
@click.confirmation_option(prompt="Delete the embedded server and all its data?")
def destroy() -> None:
    """Delete the embedded server, its data and its passwords."""
    gone = remove(Settings.from_environment())
    click.echo("The embedded server is deleted." if gone else "There is no embedded server here.")


@command.command()
@_role
@_database
def url(role: str, database: str) -> None:
    """Print a URL, password included, that any Postgres client accepts."""
    click.echo(_pick(ensure_running(Settings.from_environment()), role, database))


@command.command(context_settings={"ignore_unknown_options": True})
@_role
@_database
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def psql(role: str, database: str, args: tuple[str, ...]) -> None:
    """Open psql on the warehouse; further arguments go to psql."""
    picked = _pick(ensure_running(Settings.from_environment()), role, database)
    parts = parse_url(picked)
    # The password goes through the environment: arguments are visible to every user.
    environment = os.environ | {"PGPASSWORD": parts.pop("password", "")}
    program = _find_psql()
    shown = with_parameters(picked, password="")
    # psql takes over this process: no shell, and the terminal and exit code are its own.
    os.execve(program, [str(program), "--dbname", shown, *args], environment)  # noqa: S606 - see above


@command.command()
def env() -> None:
    """Print export lines for: eval "$(chairside db env)"."""
    settings = Settings.from_environment()
    for name, value in export_environment(ensure_running(settings), settings).items():
        click.echo(f"export {name}={shlex.quote(value)}")


@command.command()
def status() -> None:
    """Tell whether the server runs and where its files are; starts nothing."""
    settings = Settings.from_environment()
    if settings.database_url is not None:
        click.echo(f"server  {describe_url(settings.database_url)} (CHAIRSIDE_DATABASE_URL)")
        return
    state = server_status(settings)
    running = f"running on 127.0.0.1:{state.port}, process {state.pid}"
    click.echo(f"server  embedded, {running if state.running else 'not running'}")
    if state.data is not None:
        click.echo(f"data    {state.data}\nlogs    {state.logs}")


def _pick(urls: DatabaseUrls, role: str, database: str) -> str:
    if role == "owner":
        return urls.warehouse if database == "warehouse" else urls.dagster
    if database == "dagster":
        raise ChairsideError(
            "bi_reader may not read Dagster's database.", "Use --role owner, or the warehouse."
        )
    if urls.bi_reader is None:
        raise WrongPasswordError(
            "The password of bi_reader on this server is not known here.",
            "Ask whoever created the role, or use --role owner.",
        )
    return urls.bi_reader


def _find_psql() -> Path:
    from orchestration.postgres.binaries import bundled_binaries  # Unix only

    try:
        return bundled_binaries().program("psql")
    except BinariesMissingError:
        found = shutil.which("psql")
    if found is None:
        raise BinariesMissingError(
            "There is no psql: not in the bundled Postgres, not on PATH.",
            "Install your system's Postgres client, or give `chairside db url` to another client.",
        )
    return Path(found)
