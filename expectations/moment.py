"""The refresh that a validation belongs to: its clock, what waits for it, what readers see now.

Put here what SQL of profiles may ask for as a parameter. Do not put here writing of refreshes
(orchestration/refresh).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orchestration.postgres.connection import Connection


@dataclass(frozen=True, slots=True)
class Moment:
    """When the data is judged, and what it may be compared with."""

    as_of: datetime
    # False where losing rows is meant: nothing published yet, an earlier clock, a full refresh.
    compares: bool
    # The loads that no refresh has taken, and how many rows they changed in each raw table.
    load_ids: tuple[int, ...]
    rows_landed: Mapping[str, int]

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of every profile, by name."""
        return {
            "as_of": self.as_of,
            "compares": self.compares,
            "load_ids": list(self.load_ids),
        }


def moment_of(connection: Connection, refresh_id: int | None) -> Moment:
    """Return the moment of a refresh; without a number, of the one that runs or ran last.

    Before any refresh it is the server's clock.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select
                coalesce(judged.as_of, clock_timestamp()),
                coalesce(
                    judged.mode <> 'full' and published.as_of <= judged.as_of, false
                )
            from (select 1) as always
            left join ops.refreshes as judged
                on judged.refresh_id = coalesce(
                    %(refresh_id)s, (select refresh_id from ops.refresh_context)
                )
            left join ops.refreshes as published
                on published.refresh_id = (
                    select max(refreshes.refresh_id) from ops.refreshes as refreshes
                    where refreshes.published_at is not null
                )
            """,
            {"refresh_id": refresh_id},
        )
        row = cursor.fetchone()
        if row is None:
            raise AssertionError("a query over a constant returns a row")
        cursor.execute(
            """
            select
                loads.load_id, files.entity,
                sum(files.rows_inserted + files.rows_updated + files.rows_deleted)::bigint
            from ops.loads as loads
            inner join ops.load_files as files on loads.load_id = files.load_id
            where loads.refresh_id is null and loads.status = 'succeeded'
            group by loads.load_id, files.entity
            """
        )
        landed = cursor.fetchall()
    rows: dict[str, int] = {}
    for _, entity, count in landed:
        rows[entity] = rows.get(entity, 0) + count
    load_ids = sorted({load_id for load_id, _, _ in landed})
    as_of, compares = row
    return Moment(as_of, compares, tuple(load_ids), rows)


def has_landed(connection: Connection) -> bool:
    """Tell whether any load waits to be taken by a refresh."""
    return _exists(
        connection, "select from ops.loads where refresh_id is null and status = 'succeeded'"
    )


def recomputes_whole(connection: Connection) -> bool:
    """Tell whether the pass at work recomputes any organization whole."""
    return _exists(connection, "select from scope.organizations")


def _exists(connection: Connection, query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"select exists ({query})")
        return cursor.fetchone() == (True,)
