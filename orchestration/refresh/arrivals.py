"""What loads have brought since the tables that readers see were made.

Put here reading of ops.loads and ops.load_files. Do not put here loading itself (loading/).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from orchestration.postgres.connection import Connection


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the loads after a given one brought to one entity. Times carry their zone."""

    entity: str
    load_ids: tuple[int, ...]
    files: tuple[str, ...]
    source_systems: tuple[str, ...]
    rows_inserted: int
    rows_updated: int
    rows_deleted: int
    rows_unchanged: int
    rows_rejected: int
    rows_warned: int
    rows_in_all: int
    last_loaded_at: datetime


def arrivals_after(connection: Connection, load_id: int | None) -> list[Arrival]:
    """Return the entities that loads with a higher number fed, all loads for None.

    Rows in all are counted from the log: raw tables mark rows as deleted and keep them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select
                files.entity,
                array_agg(distinct files.load_id order by files.load_id),
                array_agg(distinct files.file_name order by files.file_name),
                array_agg(distinct loads.source_system order by loads.source_system),
                sum(files.rows_inserted)::bigint,
                sum(files.rows_updated)::bigint,
                sum(files.rows_deleted)::bigint,
                sum(files.rows_unchanged)::bigint,
                sum(files.rows_rejected)::bigint,
                sum(files.rows_warned)::bigint,
                (
                    select sum(every.rows_inserted)::bigint from ops.load_files as every
                    where every.entity = files.entity
                ),
                max(loads.finished_at)
            from ops.load_files as files
            inner join ops.loads as loads on files.load_id = loads.load_id
            where loads.status = 'succeeded' and files.load_id > coalesce(%s, 0)
            group by files.entity
            order by files.entity
            """,
            (load_id,),
        )
        return [
            Arrival(row[0], tuple(row[1]), tuple(row[2]), tuple(row[3]), *row[4:])
            for row in cursor.fetchall()
        ]
