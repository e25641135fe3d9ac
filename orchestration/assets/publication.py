"""The public tables as Dagster assets: what readers see, published in one transaction.

Put here the op that publishes and the metadata of each table. Do not put here how rows are merged
(dbt_project/macros/refresh) or what is built (dbt_models.py).
"""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg

from orchestration.dbt.project import Manifest
from orchestration.dbt.translator import ChairsideTranslator, layer_tags, owner_of, published_schema
from orchestration.refresh.publication import is_published, publish
from orchestration.refresh.session import RefreshSession
from orchestration.resources import RefreshResource

STAGE = "publish"
# Two missed hours are a warning, three a failure.
FRESHNESS = dg.FreshnessPolicy.time_window(
    fail_window=timedelta(hours=3, minutes=15), warn_window=timedelta(hours=2, minutes=15)
)


def publishable_nodes(manifest: Manifest) -> list[dict]:
    """Return the models that are published, in the order of their public names."""
    nodes = [node for node in manifest["nodes"].values() if published_schema(node)]
    return sorted(nodes, key=lambda node: (published_schema(node), node["alias"]))


def published_key(node: dict) -> dg.AssetKey:
    """Return the asset key of a model's public table, e.g. marts/sales."""
    return dg.AssetKey([str(published_schema(node)), node["alias"]])


def build_publication(manifest: Manifest) -> dg.AssetsDefinition:
    """Return all public tables as one definition: they change together or not at all."""
    nodes = publishable_nodes(manifest)

    @dg.multi_asset(specs=[_spec(node) for node in nodes], name="publish")
    def publish_marts(
        context: dg.AssetExecutionContext, refresh: RefreshResource
    ) -> Iterator[dg.MaterializeResult]:
        session = refresh.session(context.op_execution_context)
        with session.stage(STAGE):
            _require_built(session)
            tables = {table.table: table for table in publish(session, refresh.dbt())}
        for node in nodes:
            key = published_key(node)
            table = tables[".".join(key.path)]
            yield dg.MaterializeResult(
                asset_key=key,
                metadata={
                    "dagster/row_count": table.rows,
                    "rows_inserted": table.rows_inserted,
                    "rows_updated": table.rows_updated,
                    "rows_deleted": table.rows_deleted,
                    "seconds": round(table.seconds, 3),
                    "as_of": session.refresh.as_of.isoformat(),
                    "refresh_id": session.refresh_id,
                },
            )

    return publish_marts


def _require_built(session: RefreshSession) -> None:
    """Raise Failure where the tables to publish are not all of this run."""
    if not (session.is_built or is_published(session)):
        raise dg.Failure(
            "Nothing was published: this run did not build and test all tables, so what is in"
            " schema build may be of another run. Launch the whole job 'refresh'.",
            allow_retries=False,
        )


def _spec(node: dict) -> dg.AssetSpec:
    key = published_key(node)
    columns = [
        dg.TableColumn(name, column.get("data_type") or "?", column.get("description") or None)
        for name, column in node["columns"].items()
    ]
    return dg.AssetSpec(
        key,
        deps=[ChairsideTranslator().get_asset_key(node)],
        description=f"{node['description'].strip()}\n\nRead by everyone, changed by publishing.",
        group_name=key.path[0],
        owners=[owner_of(node)],
        tags=layer_tags(node),
        kinds={"postgres"},
        freshness_policy=FRESHNESS,
        metadata={
            "dagster/table_name": ".".join(key.path),
            "dagster/column_schema": dg.TableSchema(columns),
        },
    )
