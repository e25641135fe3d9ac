"""The one list of everything Dagster knows of Chairside.

Put here names of definitions that are built elsewhere. Do not put here definitions themselves.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import dagster as dg

from orchestration.assets.dbt_models import build_dbt_assets
from orchestration.assets.ingestion import build_raw_assets
from orchestration.assets.publication import build_publication
from orchestration.automation import build_refresh_job
from orchestration.checks.landings import build_landing_checks
from orchestration.dbt.project import load_manifest
from orchestration.postgres.environment import export_environment
from orchestration.postgres.server import ensure_running
from orchestration.resources import RefreshResource, WarehouseResource
from orchestration.settings import Settings


def build_definitions(
    settings: Settings | None = None, overrides: Mapping[str, object] | None = None
) -> dg.Definitions:
    """Return fresh definitions; `overrides` replaces resources by their names, for tests."""
    settings = settings or Settings.from_environment()
    manifest = load_manifest(settings)
    warehouse = WarehouseResource()
    dbt, publication, landings = (
        build_dbt_assets(manifest),
        build_publication(manifest),
        build_landing_checks(),
    )
    selection = dg.AssetSelection.assets(dbt, publication) | dg.AssetSelection.checks(landings)
    return dg.Definitions(
        assets=[*build_raw_assets(), dbt, publication],
        asset_checks=[landings],
        jobs=[build_refresh_job(selection)],
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
