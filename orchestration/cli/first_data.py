"""The demo salon for a warehouse that has no data yet.

Put here what a first `make refresh` does before it refreshes. Do not put here the generator (demo/)
or the loader (loading/).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from orchestration.dbt.process import prepared_dbt
from orchestration.dbt.project import project_paths
from orchestration.postgres.connection import Connection, connect
from orchestration.postgres.server import DatabaseUrls
from orchestration.refresh.log import newest_load
from orchestration.settings import Settings

SOURCE_SYSTEM = "demo"


@contextmanager
def demo_if_empty(settings: Settings, urls: DatabaseUrls) -> Iterator[None]:
    """Load the demo salon, unless some load succeeded before, for the refresh that the block runs.

    dbt reads the project meanwhile, which takes it as long.
    """
    with connect(urls.warehouse) as connection:
        is_empty = newest_load(connection) is None
    if not is_empty:
        yield
        return
    with prepared_dbt(project_paths(settings)):
        with connect(urls.warehouse) as connection:
            _load_demo(connection, settings)
        yield


def _load_demo(connection: Connection, settings: Settings) -> None:
    # Its present is now and not the fixed day of `chairside demo`, on whose clients a refresh
    # months later would look back as long gone.
    import numpy as np

    from orchestration.demo.plan import Plan
    from orchestration.demo.salon import make_demo, write_demo
    from orchestration.loading.load import load_path

    click.echo("The warehouse is empty: writing and loading the demo salon.", err=True)
    settings.home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.home, prefix="demo-") as folder:
        this_hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0, tzinfo=None)
        plan = Plan(as_of=np.datetime64(this_hour, "s"))
        write_demo(make_demo(plan, _tell), Path(folder), "csv", progress=_tell)
        report = load_path(connection, Path(folder), source_system=SOURCE_SYSTEM)
    rows = report.total("rows_inserted")
    click.echo(f"Load {report.load_id}: {rows:,} rows in {report.seconds:.1f} s.", err=True)


def _tell(message: str) -> None:
    click.echo(f"  {message}", err=True)
