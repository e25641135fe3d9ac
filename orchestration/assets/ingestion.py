"""Raw landings as Dagster assets: one for each entity of the native layout.

Put here what the assets are and how loads are told to Dagster. Do not put here loading, which needs
no Dagster: `chairside load` fills the tables, and the next refresh reports what it brought.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg

from orchestration.contract.model import Entity, load_contract
from orchestration.contract.tables import RAW_SCHEMA, postgres_type
from orchestration.dbt.translator import DEFAULT_OWNER
from orchestration.refresh.arrivals import Arrival

# Booking systems send at least daily; reference files may rest for weeks.
FRESHNESS = dg.FreshnessPolicy.time_window(
    fail_window=timedelta(hours=50), warn_window=timedelta(hours=26)
)
DAILY_ENTITIES = frozenset(
    {"appointments", "appointment_services", "sales", "sale_lines", "payments"}
)
MOST_NAMES_SHOWN = 20


def raw_key(entity: str) -> dg.AssetKey:
    """Return the asset key of an entity's raw table."""
    return dg.AssetKey([RAW_SCHEMA, entity])


def build_raw_assets() -> list[dg.AssetSpec]:
    """Return a spec for each raw table; loads outside Dagster materialize them."""
    return [_spec(entity) for entity in load_contract().entities.values()]


def materializations(arrivals: list[Arrival]) -> Iterator[dg.AssetMaterialization]:
    """Yield an event for each entity that loads have fed."""
    for arrival in arrivals:
        yield dg.AssetMaterialization(
            raw_key(arrival.entity),
            metadata={
                "dagster/row_count": arrival.rows_in_all,
                "rows_inserted": arrival.rows_inserted,
                "rows_updated": arrival.rows_updated,
                "rows_deleted": arrival.rows_deleted,
                "rows_unchanged": arrival.rows_unchanged,
                "rows_rejected": arrival.rows_rejected,
                "rows_warned": arrival.rows_warned,
                "loads": dg.MetadataValue.json(list(arrival.load_ids[-MOST_NAMES_SHOWN:])),
                "files": dg.MetadataValue.json(list(arrival.files[:MOST_NAMES_SHOWN])),
                "source_systems": ", ".join(arrival.source_systems),
                "loaded_at": dg.MetadataValue.timestamp(arrival.last_loaded_at),
            },
        )


def _spec(entity: Entity) -> dg.AssetSpec:
    columns = [
        dg.TableColumn(column.name, postgres_type(column), column.description)
        for column in entity.columns
    ]
    return dg.AssetSpec(
        raw_key(entity.name),
        description=f"{entity.description}\n\nAs loaded by `chairside load`.",
        group_name=RAW_SCHEMA,
        owners=[DEFAULT_OWNER],
        tags={"layer": "raw"},
        kinds={"postgres", "csv"},
        freshness_policy=FRESHNESS if entity.name in DAILY_ENTITIES else None,
        metadata={
            "dagster/table_name": f"{RAW_SCHEMA}.{entity.name}",
            "dagster/column_schema": dg.TableSchema(columns),
        },
    )
