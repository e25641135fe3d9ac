"""Which time zone a row's local times are in.

Put here the way from a row to its location's time zone. Do not put here clock arithmetic
(local_time.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Lock

import pyarrow as pa
from psycopg2 import sql

from orchestration.contract.model import Contract, Entity
from orchestration.contract.tables import table_name
from orchestration.postgres.connection import Connection


class ZoneFinder:
    """Finds zones among the locations in raw, which hold this load's own once those are in."""

    def __init__(
        self, connection: Connection, contract: Contract, default: str | None = None
    ) -> None:
        """`default` is the zone of rows whose location says nothing, from a mapping."""
        self._connection = connection
        self._contract = contract
        self._default = default
        self._by_location: dict[tuple[str, str], str] | None = None
        self._by_organization: dict[str, set[str]] = {}
        # Whoever holds it may use the connection: rows are converted in a thread of their own.
        self.turn = Lock()

    def forget(self) -> None:
        """Read the locations again when next asked; call after loading locations."""
        self._by_location = None

    def zones_of(
        self, entity: Entity, columns: Mapping[str, pa.Array], rows: Sequence[int]
    ) -> list[str | None]:
        """Return the zone of each row of a batch: its location's, else its parent's location's.

        Failing both it is the only zone of the row's organization; None where that is not clear.
        """
        values = _Picked(columns, pa.array(rows, pa.int64()))
        if "timezone" in entity.by_name:
            return list(values["timezone"])
        with self.turn:
            self._read_locations()
            zones = [self._only_zone(organization) for organization in values["organization_id"]]
            if None in zones:
                self._fill_from_locations(entity, values, zones)
            if None in zones:
                self._fill_from_parents(entity, values, zones)
        return [zone or self._default for zone in zones]

    def _only_zone(self, organization: str | None) -> str | None:
        zones = self._by_organization.get(organization or "", set())
        return next(iter(zones)) if len(zones) == 1 else None

    def _read_locations(self) -> None:
        if self._by_location is not None:
            return
        with self._connection.cursor() as cursor:
            cursor.execute(
                "select organization_id, location_id, timezone from raw_native.locations"
            )
            self._by_location = {(row[0], row[1]): row[2] for row in cursor}
        self._by_organization = {}
        for (organization, _), zone in self._by_location.items():
            self._by_organization.setdefault(organization, set()).add(zone)

    def _fill_from_locations(
        self, entity: Entity, values: _Picked, zones: list[str | None]
    ) -> None:
        known = self._by_location or {}
        organizations = values["organization_id"]
        for column in entity.columns:
            if column.references == "locations":
                for row, location in enumerate(values[column.name]):
                    key = (organizations[row] or "", location or "")
                    zones[row] = zones[row] or known.get(key)

    def _fill_from_parents(self, entity: Entity, values: _Picked, zones: list[str | None]) -> None:
        known = self._by_location or {}
        organizations = values["organization_id"]
        for column in entity.columns:
            parent = self._contract.entities.get(column.references or "")
            if not parent or not _has_location(parent):
                continue
            keys = [
                (organizations[row] or "", key or "") for row, key in enumerate(values[column.name])
            ]
            missing = {key for row, key in enumerate(keys) if zones[row] is None}
            locations = self._parent_locations(parent, missing)
            for row, key in enumerate(keys):
                place = (key[0], locations.get(key, ""))
                zones[row] = zones[row] or known.get(place)

    def _parent_locations(
        self, parent: Entity, keys: set[tuple[str, str]]
    ) -> dict[tuple[str, str], str]:
        statement = sql.SQL(
            "select p.organization_id, p.{key}, p.location_id from {parent} as p"
            " join unnest(%s::text[], %s::text[]) as wanted (organization_id, parent_id)"
            " on wanted.organization_id = p.organization_id and wanted.parent_id = p.{key}"
        ).format(key=sql.Identifier(parent.key[0]), parent=table_name(parent))
        organizations, identifiers = zip(*keys, strict=True) if keys else ((), ())
        with self._connection.cursor() as cursor:
            cursor.execute(statement, (list(organizations), list(identifiers)))
            return {(row[0], row[1]): row[2] for row in cursor}


def _has_location(entity: Entity) -> bool:
    return "location_id" in entity.by_name and len(entity.key) == 1 and entity.name != "locations"


class _Picked(dict[str, list[str | None]]):
    """Columns of the picked rows as lists, made when first asked for; None throughout if absent."""

    def __init__(self, columns: Mapping[str, pa.Array], rows: pa.Array) -> None:
        super().__init__()
        self._columns = columns
        self._rows = rows

    def __missing__(self, name: str) -> list[str | None]:
        column = self._columns.get(name)
        empty: list[str | None] = [None] * len(self._rows)
        self[name] = column.take(self._rows).to_pylist() if column is not None else empty
        return self[name]
