"""Dagster resources: what ops need from the outside.

Put here typed resources. Do not put here the work they give access to (refresh/, dbt/).
"""

import os
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from typing import Literal

import dagster as dg
from pydantic import PrivateAttr

from expectations.worker import ChecksWorker, checks_worker
from orchestration.dbt.build import BuildOptions
from orchestration.dbt.compiled import CompiledPass, compiled_pass
from orchestration.dbt.process import DbtProcess, dbt_process
from orchestration.dbt.project import Manifest, definitions_digest, project_paths
from orchestration.postgres.connection import connect
from orchestration.postgres.environment import export_environment
from orchestration.postgres.server import DatabaseUrls, ensure_running
from orchestration.refresh.log import Mode
from orchestration.refresh.moments import parse_moment
from orchestration.refresh.session import RefreshRunningError, RefreshSession, refresh_session
from orchestration.refresh.verifying import verifiable_as_of
from orchestration.settings import Settings
from orchestration.storage import keep_connections
from orchestration.warehouse.schema import ensure_warehouse

TRIGGER_TAG = "chairside/triggered_by"


class WarehouseResource(dg.ConfigurableResource):
    """The settings of this process and the Postgres that they name."""

    def settings(self) -> Settings:
        """Return the settings; raises InvalidSettingError when one cannot be used."""
        return Settings.from_environment()

    def urls(self) -> DatabaseUrls:
        """Return the databases of a server that answers, with all tables that must exist.

        dbt's variables are set to match.
        """
        settings = self.settings()
        urls = ensure_running(settings)
        os.environ.update(export_environment(urls, settings))
        with connect(urls.warehouse) as connection:
            ensure_warehouse(connection)
        return urls


class RefreshResource(dg.ConfigurableResource):
    """The one refresh that a run makes: opened by its first op, closed when the run ends.

    Its ops must run in one process, since they share the session that holds the lock.
    """

    mode: Literal["incremental", "full"] = "incremental"
    as_of: str | None = None
    # How long a verification may take; None is as long as all organizations take.
    verify_seconds: float | None = 150.0
    warehouse: dg.ResourceDependency[WarehouseResource]

    _stack: ExitStack = PrivateAttr(default_factory=ExitStack)
    _session: RefreshSession | None = PrivateAttr(default=None)
    _dbt: DbtProcess | None = PrivateAttr(default=None)
    _checks: ChecksWorker | None = PrivateAttr(default=None)
    # What outlasts a single session of the run.
    _helpers: ExitStack = PrivateAttr(default_factory=ExitStack)

    def session(self, context: dg.OpExecutionContext) -> RefreshSession:
        """Return the run's refresh, opening it if this is the run's first op.

        Raises Failure, which Dagster does not retry, when another refresh runs.
        """
        if self._session is None:
            self._session = self._open(context, self.mode, self.moment())
        return self._session

    def verification(self, context: dg.OpExecutionContext) -> RefreshSession:
        """Return a refresh of its own that rebuilds what readers see, at the same as_of.

        The run's refresh, if it has one, ends with this. Raises Failure when nothing was published.
        """
        self._close()
        with connect(self.warehouse.urls().warehouse) as connection:
            as_of = verifiable_as_of(connection)
        if as_of is None:
            raise dg.Failure("Nothing has been published yet. Refresh first.", allow_retries=False)
        self._session = self._open(context, "verify", as_of)
        return self._session

    def checks(self) -> ChecksWorker:
        """Return the run's Great Expectations: the one prepared for it, or one started now."""
        if self._checks is None:
            self._checks = self._helpers.enter_context(checks_worker())
        return self._checks

    def warehouse_url(self) -> str:
        """Return the URL of the warehouse; it holds a password."""
        return self.warehouse.urls().warehouse

    def _open(
        self, context: dg.OpExecutionContext, mode: Mode, as_of: datetime | None
    ) -> RefreshSession:
        run = context.run
        keep_connections(context.instance)
        try:
            session = self._stack.enter_context(
                refresh_session(
                    self.warehouse.urls().warehouse,
                    mode=mode,
                    as_of=as_of,
                    triggered_by=run.tags.get(TRIGGER_TAG) or _trigger(run.tags),
                    dagster_run_id=run.run_id,
                )
            )
        except RefreshRunningError as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        _fail_abandoned_runs(context.instance, session)
        return session

    def _close(self) -> None:
        self._session = None
        self._stack.close()

    def moment(self) -> datetime | None:
        """Return as_of as an instant; raises ChairsideError when it names none."""
        return parse_moment(self.as_of) if self.as_of else None

    def dbt(self) -> DbtProcess:
        """Return the run's dbt: the one prepared for it, or one started now."""
        if self._dbt is None:
            paths = project_paths(self.warehouse.settings())
            self._dbt = self._helpers.enter_context(dbt_process(paths))
        return self._dbt

    def compiled(self, manifest: Manifest, options: BuildOptions) -> CompiledPass:
        """Return the SQL of a pass of one kind; the first time, dbt compiles it."""
        paths = project_paths(self.warehouse.settings())
        return compiled_pass(paths, manifest, options, self.dbt)

    def definitions(self) -> str:
        """Return the digest of the SQL and the rules that rows are made by."""
        return definitions_digest(project_paths(self.warehouse.settings()))

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Close the refresh; without publishing it counts as failed if any op said so."""
        self._close()
        self._helpers.close()


def _fail_abandoned_runs(instance: dg.DagsterInstance, session: RefreshSession) -> None:
    """Tell Dagster of runs whose process died, which it cannot see for runs of the CLI."""
    for refresh in session.abandoned:
        run = instance.get_run_by_id(refresh.dagster_run_id) if refresh.dagster_run_id else None
        if run is not None and not run.is_finished:
            instance.report_run_failed(run, "Its process ended without a word.")


def _trigger(tags: Mapping[str, str]) -> str:
    schedule = tags.get("dagster/schedule_name")
    return f"schedule {schedule}" if schedule else "dagster"
