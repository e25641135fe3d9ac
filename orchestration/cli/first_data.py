"""The demo salon for a warehouse that has no data yet.

Put here what a first `make refresh` does before it refreshes. Do not put here the generator (demo/)
or the loader (loading/).
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from orchestration.postgres.connection import Connection
from orchestration.refresh.log import newest_load
from orchestration.settings import Settings

SOURCE_SYSTEM = "demo"


def load_demo_if_empty(connection: Connection, settings: Settings) -> bool:
    """Write the default demo salon and load it, unless some load has succeeded before."""
    if newest_load(connection) is not None:
        return False
    from orchestration.demo.plan import Plan
    from orchestration.demo.salon import make_demo, write_demo
    from orchestration.loading.load import load_path

    click.echo("The warehouse is empty: writing and loading the demo salon.", err=True)
    settings.home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.home, prefix="demo-") as folder:
        plan = Plan()
        write_demo(make_demo(plan, _tell), Path(folder), "csv", progress=_tell)
        report = load_path(connection, Path(folder), source_system=SOURCE_SYSTEM)
    rows = report.total("rows_inserted")
    click.echo(f"Load {report.load_id}: {rows:,} rows in {report.seconds:.1f} s.", err=True)
    return True


def _tell(message: str) -> None:
    click.echo(f"  {message}", err=True)
