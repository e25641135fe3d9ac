"""Exports as Dagster assets: where the line from a booking system's files to a list ends.

Put here which assets they are and their metadata. Do not put here how files are made (exporting/)
or where they are declared (dbt_project/models/exposures.yml).
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from orchestration.assets.publication import published_key
from orchestration.dbt.project import Manifest
from orchestration.dbt.translator import published_schema, team_or_address
from orchestration.exporting.definitions import ExportDefinition, load_definitions
from orchestration.postgres.connection import connect
from orchestration.refresh.log import last_published
from orchestration.resources import WarehouseResource
from orchestration.settings import Settings

GROUP = "exports"


def export_key(name: str) -> dg.AssetKey:
    """Return the asset key of an export."""
    return dg.AssetKey([GROUP, name])


def build_exports(settings: Settings, manifest: Manifest) -> dg.AssetsDefinition:
    """Return all declared exports as one definition that can run in part."""
    definitions = list(load_definitions(settings.project_root).values())
    sources = _sources(manifest)

    @dg.multi_asset(
        specs=[_spec(definition, sources.get(definition.name, [])) for definition in definitions],
        name="write_exports",
        can_subset=True,
    )
    def write_exports(
        context: dg.AssetExecutionContext, warehouse: WarehouseResource
    ) -> Iterator[dg.MaterializeResult]:
        from orchestration.exporting.export import run_exports  # Excel and Parquet take a second

        names = [key.path[-1] for key in context.selected_asset_keys]
        with connect(warehouse.urls().warehouse) as connection:
            published = last_published(connection)
            if published is None:
                raise dg.Failure("Nothing has been published yet.", allow_retries=False)
            connection.commit()
            results = run_exports(connection, warehouse.settings(), names, published.refresh_id)
        for name in names:
            yield _result(name, [result for result in results if result.export_name == name])

    return write_exports


def _result(name: str, results: list) -> dg.MaterializeResult:
    metadata: dict[str, Any] = {
        "dagster/row_count": sum(result.rows for result in results),
        "rows_added": sum(result.rows_added for result in results),
        "rows_removed": sum(result.rows_removed for result in results),
        "rows_withheld": sum(result.rows_withheld for result in results),
        "organizations": len({result.organization_id for result in results}),
    }
    if results:
        metadata |= {
            "as_of": results[0].as_of.isoformat(),
            "refresh_id": results[0].refresh_id,
            "folder": dg.MetadataValue.path(str(results[0].manifest_path.parent)),
        }
    return dg.MaterializeResult(asset_key=export_key(name), metadata=metadata)


def _spec(definition: ExportDefinition, deps: list[dg.AssetKey]) -> dg.AssetSpec:
    return dg.AssetSpec(
        export_key(definition.name),
        deps=deps,
        description=definition.description,
        group_name=GROUP,
        owners=[team_or_address(definition.owner)],
        tags={"layer": "exports", "segment": definition.segment},
        kinds={"csv", "excel", "parquet"},
        metadata={"channels": ", ".join(definition.channels)},
    )


def _sources(manifest: Manifest) -> dict[str, list[dg.AssetKey]]:
    """Return the public tables that each exposure says it reads."""
    nodes = manifest["nodes"]
    return {
        exposure["name"]: [
            published_key(nodes[i])
            for i in exposure["depends_on"]["nodes"]
            if i in nodes and published_schema(nodes[i])
        ]
        for exposure in manifest["exposures"].values()
    }
