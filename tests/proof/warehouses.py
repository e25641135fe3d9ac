"""A warehouse that is refreshed hour by hour, and a second one rebuilt from nothing beside it.

Put here databases, loading, refreshing, rebuilding. Do not put here comparing (comparison.py) or
what is loaded (lanes.py). dbt keeps one manifest, which names its database: both databases answer
to that one name in turn.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from psycopg2 import sql

from orchestration.contract.model import load_contract
from orchestration.contract.tables import RAW_SCHEMA
from orchestration.dbt.arguments import build_arguments
from orchestration.dbt.compiled import OF_KEYS, OF_ORGANIZATIONS, compiled_pass
from orchestration.dbt.compiled_run import fill_tables
from orchestration.dbt.project import definitions_digest, project_paths
from orchestration.dbt.runner import DbtRunner
from orchestration.loading.load import load_path
from orchestration.loading.report import LoadReport
from orchestration.postgres.connection import connect
from orchestration.postgres.environment import export_environment
from orchestration.postgres.server import DatabaseUrls
from orchestration.postgres.urls import with_parameters
from orchestration.refresh.passes import passes
from orchestration.refresh.publication import publish
from orchestration.refresh.scope.plan import Pass
from orchestration.refresh.session import RefreshSession, refresh_session
from orchestration.settings import Settings
from orchestration.warehouse.schema import ensure_warehouse
from tests.proof.comparison import Differences, differences
from tests.proof.oracle import Model, compiled_models, fill_again, forget

# What a rebuild is given; all else it has to make.
GIVEN_TABLES = (("ops", "loads"), ("ops", "load_files"))


class BuildFailedError(Exception):
    """A refresh ended without publishing."""


class ProofWarehouse:
    """The refreshed database, and one beside it for rebuilds."""

    def __init__(self, server: DatabaseUrls, home: Path) -> None:
        """Make an empty warehouse, which also stays as the template of every rebuild's."""
        self._server, self._home = server, home
        name = f"chairside_proof_{uuid.uuid4().hex[:8]}"
        self._name, self._empty = name, f"{name}_empty"
        self._rebuilt, self._away = f"{name}_rebuilt", f"{name}_away"
        self.url = with_parameters(server.warehouse, dbname=name)
        self.rebuilt_url = with_parameters(server.warehouse, dbname=self._rebuilt)
        self._databases: set[str] = set()
        self._create(self._empty, "template1")
        with connect(with_parameters(server.warehouse, dbname=self._empty)) as connection:
            ensure_warehouse(connection)
        self.restore(self._empty)
        with self.active() as settings:
            paths = project_paths(settings)
            self._runner = DbtRunner(replace(paths, target=home / "target", logs=home / "logs"))
            self._runner.parse(write=True)
        self._models: list[Model] = []

    @contextmanager
    def active(self) -> Iterator[Settings]:
        """Make this the process's warehouse while the block runs."""
        before = dict(os.environ)
        home = {"CHAIRSIDE_HOME": str(self._home), "CHAIRSIDE_DATABASE_URL": self.url}
        os.environ.update(home | {"CHAIRSIDE_ENV": "ci"})
        settings = Settings.from_environment(start=Path(__file__).parent)
        os.environ.update(export_environment(DatabaseUrls(self.url, self.url), settings))
        try:
            yield settings
        finally:
            os.environ.clear()
            os.environ.update(before)

    def load(self, folder: Path, clock: datetime) -> LoadReport:
        """Load a folder as it is loaded at an instant; rows that are rejected stay out."""
        with connect(self.url) as connection:
            return load_path(
                connection, folder, source_system="proof", max_reject_share=1.0, clock=clock
            )

    def refresh(self, as_of: datetime, *, full: bool = False) -> None:
        """Refresh what carries this warehouse's name, as the product does."""
        with self.active():
            run_refresh(self._runner, self.url, as_of, full=full)

    def rebuild(self, as_of: datetime) -> None:
        """Rebuild everything from the same raw rows in the other database, quickly.

        Only what dbt made there once, in `keep_refreshed`, is filled again.
        """
        copy_given(self.url, self.rebuilt_url)
        fill_again(self.rebuilt_url, self._models, as_of)

    def rebuild_with_dbt(self, as_of: datetime) -> None:
        """Rebuild everything from the same raw rows in an empty database, as the product does."""
        self._create(self._rebuilt, self._empty)
        copy_given(self.url, self.rebuilt_url)
        with self._standing_in():
            self.refresh(as_of, full=True)

    def differences(self, as_of: datetime) -> Differences:
        """Return how the public tables differ from those of a rebuild from nothing."""
        self.rebuild(as_of)
        return differences(self.url, self.rebuilt_url)

    def keep_refreshed(self) -> str:
        """Keep the refreshed database, and return the name to `restore` it by.

        Rebuilds begin with its tables, emptied.
        """
        name = f"{self._name}_kept"
        self._create(name, self._name)
        self._create(self._rebuilt, self._name)
        self._models = compiled_models(self._runner.paths)
        return name

    def empty(self) -> None:
        """Forget every row and all that refreshes made of them; the tables stand."""
        with connect(self.url) as connection:
            forget(connection, self._models)
            raw = [sql.Identifier(RAW_SCHEMA, entity) for entity in load_contract().entities]
            with connection.cursor() as cursor:
                loads = sql.Identifier("ops", "loads")
                cursor.execute(
                    sql.SQL("truncate {} cascade").format(sql.SQL(", ").join([loads, *raw]))
                )

    def restore(self, kept: str) -> None:
        """Put the database back to what it was when it was kept."""
        self._create(self._name, kept)

    def dispose(self) -> None:
        """Drop every database that this made, and its files."""
        self._drop(self._databases)
        shutil.rmtree(self._home, ignore_errors=True)

    @contextmanager
    def _standing_in(self) -> Iterator[None]:
        """Let the other database carry this one's name while the block runs."""
        self._rename((self._name, self._away), (self._rebuilt, self._name))
        try:
            yield
        finally:
            self._rename((self._name, self._rebuilt), (self._away, self._name))

    def _create(self, name: str, template: str) -> None:
        self._drop({name})
        create = sql.SQL("create database {} template {}")
        self._server_does(create.format(*map(sql.Identifier, (name, template))))
        self._databases.add(name)

    def _drop(self, names: set[str]) -> None:
        drop = sql.SQL("drop database if exists {} with (force)")
        self._server_does(*(drop.format(sql.Identifier(name)) for name in names))

    def _rename(self, *pairs: tuple[str, str]) -> None:
        # dbt's connections may take a moment to close.
        end = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = {}"
        rename = sql.SQL("alter database {} rename to {}")
        for old, new in pairs:
            self._server_does(
                sql.SQL(end).format(sql.Literal(old)),
                rename.format(sql.Identifier(old), sql.Identifier(new)),
            )

    def _server_does(self, *statements: sql.Composable) -> None:
        elsewhere = with_parameters(self._server.warehouse, dbname="postgres")
        with connect(elsewhere, autocommit=True) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def run_refresh(runner: DbtRunner, url: str, as_of: datetime, *, full: bool) -> None:
    """Run one refresh in this process, without Dagster and without data tests."""
    mode = "full" if full else "incremental"
    definitions = definitions_digest(runner.paths)
    with refresh_session(url, mode=mode, as_of=as_of, triggered_by="the proof") as session:
        is_anything_left = False
        for planned in passes(session, definitions):
            _build(session, runner, planned)
            is_anything_left = planned.is_last
            if not planned.is_last:
                publish(session, runner)
        if is_anything_left:
            publish(session, runner)


def _build(session: RefreshSession, runner: DbtRunner, planned: Pass) -> None:
    if planned.is_founded:
        manifest = json.loads(runner.paths.manifest.read_text(encoding="utf-8"))
        options = OF_ORGANIZATIONS if planned.organizations else OF_KEYS
        session.compiled = compiled_pass(runner.paths, manifest, options, lambda: runner)
        for _ in fill_tables(session.url, session.compiled.models):
            pass
        return
    arguments = build_arguments(runner.paths, full_refresh=True)
    arguments.insert(arguments.index("--exclude-resource-type") + 1, "test")
    told = OF_ORGANIZATIONS.variables
    failed = [outcome for outcome in runner.stream(arguments, told) if outcome.failed]
    if failed:
        raise BuildFailedError("; ".join(f"{one.name}: {one.message}" for one in failed))


def copy_given(source_url: str, target_url: str) -> None:
    """Copy raw rows and the list of loads, none of which any refresh has taken there."""
    raw = [(RAW_SCHEMA, entity) for entity in load_contract().entities]
    with connect(source_url) as source, connect(target_url) as target:
        with source.cursor() as reading, target.cursor() as writing:
            tables = [sql.Identifier(*table) for table in (*GIVEN_TABLES, *raw)]
            writing.execute(sql.SQL("truncate {} cascade").format(sql.SQL(", ").join(tables)))
            for table in tables:
                _copy(reading, writing, table)
            writing.execute("update ops.loads set refresh_id = null")
        target.commit()


def _copy(reading: object, writing: object, table: sql.Identifier) -> None:
    with tempfile.TemporaryFile() as file:
        reading.copy_expert(sql.SQL("copy {} to stdout").format(table), file)
        if file.tell():
            file.seek(0)
            writing.copy_expert(sql.SQL("copy {} from stdin").format(table), file)
