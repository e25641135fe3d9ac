"""A whole warehouse for tests, with a home of its own, and what tests do with it.

Put here what any folder's tests need of one: loading, refreshing, asking. Do not put here data, or
fixtures of one folder.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from psycopg2 import sql
from psycopg2.extras import RealDictCursor

from expectations.worker import ChecksWorker, prepared_worker
from orchestration.dbt.process import prepared_dbt
from orchestration.dbt.project import project_paths
from orchestration.launch import RunResult, run_job
from orchestration.loading.load import load_path
from orchestration.postgres.connection import Connection, connect
from orchestration.postgres.environment import export_environment
from orchestration.postgres.server import ensure_running
from orchestration.postgres.urls import parse_url, with_parameters
from orchestration.settings import Settings, find_project_root
from tests.readers import reading

logger = logging.getLogger(__name__)
PROJECT_ROOT = find_project_root(Path(__file__).resolve().parent)
DEMO_AS_OF = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dataclass
class Warehouse:
    """One warehouse with a home of its own, and what tests do with it."""

    url: str
    home: Path
    as_of: datetime = DEMO_AS_OF
    # Where its processes of dbt and Great Expectations are known, which serve all its refreshes.
    _context: Context | None = None
    _processes: ExitStack = field(default_factory=ExitStack)
    _checks: ChecksWorker | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The variables that make every command use this warehouse."""
        return {
            "CHAIRSIDE_HOME": str(self.home),
            "CHAIRSIDE_EXPORTS": str(self.home / "exports"),
            "CHAIRSIDE_DATABASE_URL": self.url,
            "CHAIRSIDE_ENV": "ci",
        }

    @contextmanager
    def active(self) -> Iterator[Settings]:
        """Make this the process's warehouse while the block runs."""
        before = dict(os.environ)
        os.environ.update(self.environment)
        settings = Settings.from_environment(start=PROJECT_ROOT)
        urls = ensure_running(settings)
        os.environ.update(export_environment(urls, settings))
        try:
            yield settings
        finally:
            os.environ.clear()
            os.environ.update(before)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection that commits at the end of the block."""
        with connect(self.url) as connection:
            yield connection

    def load(self, folder: Path) -> int:
        """Load a folder in the native layout and return the load's number."""
        with self.connection() as connection:
            return load_path(connection, folder, source_system="demo").load_id

    def refresh(self, as_of: datetime | None = DEMO_AS_OF, job: str = "refresh") -> RunResult:
        """Run a refresh through Dagster in this process; None means now."""
        values = {"as_of": as_of.isoformat()} if as_of else {}
        config = {"resources": {"refresh": {"config": values}}}
        with self.active() as settings:
            if self._context is None:
                self._context = copy_context()
                self._context.run(self._prepare, settings)
            return self._context.run(run_job, settings, job, config, by="tests")

    def _prepare(self, settings: Settings) -> None:
        # Each refresh would else start its own, which import for longer than they work.
        self._processes.enter_context(prepared_dbt(project_paths(settings)))
        self._checks = self._processes.enter_context(prepared_worker(start_now=True))

    def refresh_beside_readers(
        self, as_of: datetime | None = DEMO_AS_OF, job: str = "refresh"
    ) -> RunResult:
        """Refresh while others read, and hold what they saw to what readers are promised."""
        with reading(self.url) as readers:
            result = self.refresh(as_of, job)
        logger.info("%s looks; the longest took %.3f s", readers.looks, readers.longest_seconds)
        assert readers.looks > 0
        assert readers.faults() == []
        return result

    def command(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `chairside` with the arguments in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "orchestration.cli.main", *arguments],
            cwd=PROJECT_ROOT,
            env=os.environ | self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def rows(self, query: str, values: Any = None) -> list[dict[str, Any]]:
        """Return the rows of a query as dictionaries."""
        with (
            self.connection() as connection,
            connection.cursor(cursor_factory=RealDictCursor) as cursor,
        ):
            cursor.execute(query, values)
            return [dict(row) for row in cursor.fetchall()]

    def execute(self, statement: str, values: Any = None) -> None:
        """Run a statement and commit."""
        with self.connection() as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)

    def public_tables(self) -> dict[str, list[str]]:
        """Return every row of every public table as text, in order: what readers see."""
        tables = self.rows(
            "select table_name from information_schema.tables where table_schema = 'marts'"
            " order by table_name"
        )
        content = {}
        with self.connection() as connection, connection.cursor() as cursor:
            for row in tables:
                name = sql.Identifier("marts", row["table_name"])
                cursor.execute(sql.SQL("select t::text from {} as t order by 1").format(name))
                content[row["table_name"]] = [text for (text,) in cursor.fetchall()]
        return content

    def restore(self, kept: str) -> None:
        """Make the database what it was when the one with this URL was copied from it.

        Of the folder all goes but what dbt has made of the project.
        """
        if self._checks is not None:
            self._checks.wait_for_pages()
        for path in self.home.iterdir():
            if path.name != "dbt":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        name, template = (parse_url(url)["dbname"] for url in (self.url, kept))
        self._drop(f"{name}_dagster")
        self._drop(name)
        create = sql.SQL("create database {} template {}")
        self._server_does(create.format(sql.Identifier(name), sql.Identifier(template)))

    def dispose(self) -> None:
        """End its processes, delete the folder and Dagster's database; the server is not ours."""
        if self._context is not None:
            self._context.run(self._processes.close)
        shutil.rmtree(self.home, ignore_errors=True)
        self._drop(f"{parse_url(self.url)['dbname']}_dagster")

    def _drop(self, database: str) -> None:
        drop = sql.SQL("drop database if exists {} with (force)")
        self._server_does(drop.format(sql.Identifier(database)))

    def _server_does(self, statement: sql.Composable) -> None:
        elsewhere = with_parameters(self.url, dbname="postgres")
        with connect(elsewhere, autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute(statement)


@contextmanager
def warehouse_in(url: str) -> Iterator[Warehouse]:
    """A warehouse in this database, with a folder that goes at the end of the block."""
    warehouse = Warehouse(url, Path(tempfile.mkdtemp(prefix="chairside-test-")))
    try:
        yield warehouse
    finally:
        warehouse.dispose()
