"""What reacts to runs: failures are written where SQL can read them, dead runs are cleared away.

Put here sensors. Do not put here schedules (automation.py) or the statements (refresh/).
"""

from datetime import UTC, datetime, timedelta

import dagster as dg

from orchestration.jobs import NIGHTLY_JOB, REFRESH_JOB, VERIFICATION_JOB
from orchestration.postgres.connection import connect
from orchestration.refresh.failures import record_run_failure
from orchestration.refresh.lock import is_locked, try_lock
from orchestration.refresh.log import close_abandoned
from orchestration.resources import WarehouseResource

REFRESHING_JOBS = (REFRESH_JOB, NIGHTLY_JOB, VERIFICATION_JOB)
# A run has this long from its start to taking the lock.
STARTING_TIME = timedelta(minutes=5)


@dg.run_failure_sensor(
    name="record_failures",
    description="Write every failed run to ops.refreshes or ops.refresh_steps.",
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def record_failures(context: dg.RunFailureSensorContext, warehouse: WarehouseResource) -> None:
    """Record why a run failed, also where it failed before its first op."""
    run = context.dagster_run
    errors = [
        event.step_failure_data.error.message.strip()
        for event in context.get_step_failure_events()
        if event.step_failure_data.error
    ]
    error = errors[0] if errors else context.failure_event.message or "The run failed."
    with connect(warehouse.urls().warehouse) as connection:
        record_run_failure(
            connection,
            job=run.job_name,
            opens_refresh=run.job_name in REFRESHING_JOBS,
            dagster_run_id=run.run_id,
            error=error,
        )


@dg.sensor(
    name="clear_abandoned_refreshes",
    description="Close refreshes whose process is gone, and fail their runs, so that the queue"
    " moves on.",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def clear_abandoned_refreshes(
    context: dg.SensorEvaluationContext, warehouse: WarehouseResource
) -> dg.SkipReason:
    """Look once; the lock tells whether anybody is at work."""
    with connect(warehouse.urls().warehouse, autocommit=True) as connection:
        if is_locked(connection) or not try_lock(connection):
            return dg.SkipReason("A refresh is at work.")
        closed = {refresh.dagster_run_id for refresh in close_abandoned(connection)}
    failed = [run for run in _runs_at_work(context.instance, closed) if not run.is_finished]
    for run in failed:
        context.instance.report_run_failed(run, "Its process ended without a word.")
    return dg.SkipReason(f"{len(closed)} refreshes closed, {len(failed)} runs marked as failed.")


def _runs_at_work(instance: dg.DagsterInstance, closed: set[str | None]) -> list[dg.DagsterRun]:
    """Return runs of closed refreshes, and runs that should hold the lock by now and do not."""
    late = (datetime.now(UTC) - STARTING_TIME).timestamp()
    found = []
    for job in REFRESHING_JOBS:
        runs = dg.RunsFilter(job_name=job, statuses=[dg.DagsterRunStatus.STARTED])
        found += [
            record.dagster_run
            for record in instance.get_run_records(runs)
            if record.dagster_run.run_id in closed
            or (record.start_time is not None and record.start_time < late)
        ]
    return found
