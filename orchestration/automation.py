"""What runs when: jobs and schedules, per environment.

Put here named jobs and their timing. Do not put here what they do (assets/, checks/, retention.py)
or what reacts to runs (monitoring.py).
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import dagster as dg

from expectations.suite import WHOLE
from orchestration.checks.expectations import CHECKS_TAG
from orchestration.checks.verification import SECONDS_TAG
from orchestration.environments import Environment
from orchestration.jobs import EXPORT_JOB, NIGHTLY_JOB, REFRESH_JOB, VERIFICATION_JOB
from orchestration.postgres.connection import connect
from orchestration.refresh.lock import is_locked
from orchestration.refresh.log import last_published, running_refresh
from orchestration.resources import WarehouseResource

# Only runs that go through Dagster's queue carry it; dagster.yaml lets one of them run at a time.
QUEUE_TAG = {"chairside/refresh": "true"}
# A run that hangs frees its place in the queue after this many seconds.
REFRESH_TAGS = QUEUE_TAG | {"dagster/max_runtime": str(4 * 60 * 60)}
# Organizations verified longest ago come first; those that do not fit have their turn other nights.
NIGHTLY_VERIFICATION_SECONDS = 30 * 60
# The event log holds every event; printing a thousand of them as well costs seconds.
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}

Schedules = Sequence[dg.ScheduleDefinition]
# What define_asset_job returns; Dagster gives the class no public name.
Job: TypeAlias = Any


def build_refresh_job(selection: dg.AssetSelection) -> Job:
    """Return the hourly job: landings and checks, build, checks, publish."""
    return dg.define_asset_job(
        REFRESH_JOB,
        selection=selection,
        description="Bring every public table up to date: check what landed, build and test all"
        " models, check the built tables, publish them in one transaction.",
        executor_def=dg.in_process_executor,
    )


def build_nightly_job(selection: dg.AssetSelection) -> Job:
    """Return the nightly job: a refresh, then a rebuild from nothing and a comparison."""
    return dg.define_asset_job(
        NIGHTLY_JOB,
        selection=selection,
        description="Refresh once, then rebuild organizations from raw at the same as_of and"
        " compare with what readers see. A difference fails the table's check and the run. All"
        " checks of shares, volumes and distributions are made, on whole tables.",
        tags={CHECKS_TAG: WHOLE, SECONDS_TAG: str(NIGHTLY_VERIFICATION_SECONDS)},
        executor_def=dg.in_process_executor,
    )


def build_verification_job(selection: dg.AssetSelection) -> Job:
    """Return the job that compares what readers see now with a rebuild, and refreshes nothing."""
    return dg.define_asset_job(
        VERIFICATION_JOB,
        selection=selection,
        description="Rebuild organizations from raw at the as_of of the public tables and compare.",
        executor_def=dg.in_process_executor,
    )


def build_export_job(selection: dg.AssetSelection) -> Job:
    """Return the job that writes every export from the last published tables."""
    return dg.define_asset_job(
        EXPORT_JOB,
        selection=selection,
        description="Write every export from the tables that readers see.",
        executor_def=dg.in_process_executor,
    )


def refresh_schedule(name: str, job: Job, cron: str, description: str) -> dg.ScheduleDefinition:
    """Return a schedule that asks for a refresh unless one is running."""

    @dg.schedule(
        name=name,
        job=job,
        cron_schedule=cron,
        execution_timezone="UTC",
        description=description,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    def request(
        context: dg.ScheduleEvaluationContext, warehouse: WarehouseResource
    ) -> dg.RunRequest | dg.SkipReason:
        with connect(warehouse.urls().warehouse) as connection:
            if is_locked(connection):
                running = running_refresh(connection)
                number = f" {running.refresh_id}" if running else ""
                return dg.SkipReason(f"Refresh{number} is still running.")
        return dg.RunRequest(tags=REFRESH_TAGS, run_config=QUIET)

    return request


def export_schedule(job: Job) -> dg.ScheduleDefinition:
    """Return the schedule that exports each morning what has been published by then."""

    @dg.schedule(
        name="daily_export",
        job=job,
        cron_schedule="30 6 * * *",
        execution_timezone="UTC",
        description="Write all exports from the tables published last.",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    def request(
        context: dg.ScheduleEvaluationContext, warehouse: WarehouseResource
    ) -> dg.RunRequest | dg.SkipReason:
        with connect(warehouse.urls().warehouse) as connection:
            if last_published(connection) is None:
                return dg.SkipReason("Nothing has been published yet.")
        return dg.RunRequest()

    return request


def retention_schedule(job: dg.JobDefinition) -> dg.ScheduleDefinition:
    """Return the schedule that deletes old runs and rows of logs."""
    return dg.ScheduleDefinition(
        name="daily_retention",
        job=job,
        cron_schedule="45 4 * * *",
        execution_timezone="UTC",
        description="Delete old runs, their events and old rows of the operations log.",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )


def schedules_for(environment: Environment, schedules: Schedules) -> Schedules:
    """Return the schedules an environment registers; tests start their own runs."""
    registered: dict[Environment, Schedules] = {
        Environment.DEV: schedules,
        Environment.CI: (),
        Environment.PRODUCTION: schedules,
    }
    return registered[environment]
