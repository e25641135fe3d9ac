"""Running one of the jobs in this process, recorded in the real Dagster instance.

Put here the way from a command line to a Dagster run. Do not put here options or output (cli/).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from expectations.moment import has_landed
from expectations.worker import prepared_worker
from orchestration.dbt.compiled import OF_KEYS, OF_ORGANIZATIONS, is_compiled
from orchestration.dbt.process import prepared_dbt
from orchestration.dbt.project import definitions_digest, project_paths
from orchestration.jobs import REFRESH_JOB
from orchestration.postgres.connection import connect
from orchestration.postgres.server import ensure_running
from orchestration.refresh.moments import parse_moment
from orchestration.refresh.scope.waiting import has_work
from orchestration.settings import Settings
from orchestration.warehouse.schema import ensure_warehouse


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run in this process ended."""

    run_id: str
    succeeded: bool
    error: str | None


def run_job(
    settings: Settings,
    job: str,
    run_config: Mapping[str, Any] | None = None,
    *,
    by: str,
) -> RunResult:
    """Run a refresh's job to its end in this process; it shows in Dagster's UI like any other run.

    `by` names who asked, for ops.refreshes. The variables of `export_environment` must be set.
    """
    # Both import for seconds, on the other core, while this process imports Dagster.
    builds, checks = _foresee(settings, job, run_config or {})
    dbt = prepared_dbt(project_paths(settings)) if builds else nullcontext()
    with dbt, prepared_worker(checks):
        return _run(settings, job, run_config, by)


def _foresee(settings: Settings, job: str, run_config: Mapping[str, Any]) -> tuple[bool, bool]:
    """Tell whether there will be work for dbt and for Great Expectations, as far as is known.

    What comes in between finds them not prepared, and waits for them.
    """
    refresh = run_config.get("resources", {}).get("refresh", {}).get("config", {})
    as_of = refresh.get("as_of")
    paths = project_paths(settings)
    definitions = definitions_digest(paths)
    with connect(ensure_running(settings).warehouse) as connection:
        ensure_warehouse(connection)
        rebuilds = job != REFRESH_JOB or refresh.get("mode") == "full"
        # What dbt has compiled runs without it.
        builds = not is_compiled(paths, OF_ORGANIZATIONS if rebuilds else OF_KEYS) and (
            rebuilds or has_work(connection, parse_moment(as_of) if as_of else None, definitions)
        )
        return builds, has_landed(connection)


def _run(settings: Settings, job: str, run_config: Mapping[str, Any] | None, by: str) -> RunResult:
    import dagster as dg

    from orchestration import automation
    from orchestration.definitions import build_definitions
    from orchestration.resources import TRIGGER_TAG
    from orchestration.storage import keep_connections

    # A refresh that finds nothing to do gives no results, and Dagster would warn of each.
    logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)
    with dg.DagsterInstance.get() as instance:
        keep_connections(instance)
        # Within the block: jobs are resolved by the state that the instance in use keeps.
        definition = build_definitions(settings).resolve_job_def(job)
        result = definition.execute_in_process(
            run_config={**automation.QUIET, **(run_config or {})},
            instance=instance,
            tags={TRIGGER_TAG: by},
            raise_on_error=False,
        )
        return RunResult(result.run_id, result.success, _first_error(result))


def _first_error(result: Any) -> str | None:
    for event in result.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            cause = error.cause if error and error.cause else error
            return str(cause.message).strip() if cause else event.message
    return None
