"""What runs when: jobs, schedules and sensors, per environment.

Put here named jobs and their timing. Do not put here what they do (assets/, checks/, refresh/).
"""

from __future__ import annotations

import dagster as dg

REFRESH_JOB = "refresh"
# Only runs that go through Dagster's queue carry it; dagster.yaml lets one of them run at a time.
QUEUE_TAG = {"chairside/refresh": "true"}


def build_refresh_job(selection: dg.AssetSelection) -> dg.UnresolvedAssetJobDefinition:
    """Return the hourly job: landings and checks, build, checks, publish."""
    return dg.define_asset_job(
        REFRESH_JOB,
        selection=selection,
        description="Bring every public table up to date: check what landed, build and test all"
        " models, check the built tables, publish them in one transaction.",
        executor_def=dg.in_process_executor,
        tags={"team": "data-engineering"},
    )
