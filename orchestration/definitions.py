"""The one list of everything Dagster knows of Chairside.

Put here names of definitions that are built elsewhere. Do not put here definitions themselves.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import dagster as dg

from orchestration import automation
from orchestration.assets.dbt_models import build_dbt_assets
from orchestration.assets.exports import build_exports
from orchestration.assets.ingestion import build_raw_assets
from orchestration.assets.publication import build_publication
from orchestration.checks.expectations import build_expectations, build_whole_expectations
from orchestration.checks.verification import build_verification
from orchestration.dbt.project import load_manifest
from orchestration.monitoring import clear_abandoned_refreshes, record_failures
from orchestration.postgres.environment import export_environment
from orchestration.postgres.server import ensure_running
from orchestration.resources import RefreshResource, WarehouseResource
from orchestration.retention import retention_job
from orchestration.settings import Settings


def build_definitions(
    settings: Settings | None = None, overrides: Mapping[str, object] | None = None
) -> dg.Definitions:
    """Return fresh definitions; `overrides` replaces resources by their names, for tests."""
    settings = settings or Settings.from_environment()
    manifest = load_manifest(settings)
    dbt, publication = build_dbt_assets(manifest), build_publication(manifest)
    exports = build_exports(settings, manifest)
    checks, whole_checks = build_expectations(), build_whole_expectations()
    verification = build_verification(manifest)

    everything = dg.AssetSelection.assets(dbt, publication) | dg.AssetSelection.checks(*checks)
    verified = dg.AssetSelection.checks(verification)
    nightly_checks = dg.AssetSelection.checks(whole_checks)
    refresh = automation.build_refresh_job(everything - verified - nightly_checks)
    nightly = automation.build_nightly_job(everything | verified | nightly_checks)
    verify = automation.build_verification_job(verified)
    export = automation.build_export_job(dg.AssetSelection.assets(exports))
    schedules = [
        automation.refresh_schedule("hourly_refresh", refresh, "0 * * * *", "Refresh every hour."),
        automation.refresh_schedule(
            "nightly_verification", nightly, "20 3 * * *", "Refresh and verify every night."
        ),
        automation.export_schedule(export),
        automation.retention_schedule(retention_job),
    ]
    warehouse = WarehouseResource()
    return dg.Definitions(
        assets=[*build_raw_assets(), dbt, publication, exports],
        asset_checks=[*checks, whole_checks, verification],
        jobs=[refresh, nightly, verify, export, retention_job],
        schedules=automation.schedules_for(settings.environment, schedules),
        sensors=[record_failures, clear_abandoned_refreshes],
        resources={
            "warehouse": warehouse,
            "refresh": RefreshResource(warehouse=warehouse),
            **(overrides or {}),
        },
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """Return the definitions of the code location, for the settings of this process."""
    settings = Settings.from_environment()
    if "CHAIRSIDE_PG_DATABASE" not in os.environ:
        # Whoever starts Dagster without `chairside dagster` gets the same warehouse.
        os.environ.update(export_environment(ensure_running(settings), settings))
    return build_definitions(settings)
