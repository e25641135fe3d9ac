"""Who came and who went since the last export: ids only, kept in ops.export_members.

Put here the comparison with the former membership and its update. Do not put here files, or who may
be exported at all (audience.py, consent.py).
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

from psycopg2 import sql

from orchestration.exporting.audience import Audience, Batch, members_query, stream
from orchestration.exporting.columns import ColumnType, ExportColumn
from orchestration.exporting.consent import removal_reason
from orchestration.exporting.snapshot import Cursor
from orchestration.postgres.connection import Connection

CUSTOMER_ID = ExportColumn("customer_id", ColumnType.TEXT, sql.Identifier("members", "customer_id"))
# A removed client's name or address must not travel once more, so the id is all that is said.
REMOVED_COLUMNS = (CUSTOMER_ID, ExportColumn("reason", ColumnType.TEXT, sql.Identifier("reason")))

_FORMER = sql.SQL(
    """
    select customer_id
    from ops.export_members
    where organization_id = %(organization_id)s
        and export_name = %(export_name)s
        and channel = %(channel)s
    """
)


def prepare_changes(connection: Connection) -> None:
    """Create this session's empty table of changes, and commit.

    It is filled within the read-only snapshot and read again when the exports are published, so
    that no list of clients has to fit into memory.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            create temporary table if not exists export_changes (
                audience integer not null,
                customer_id text not null,
                reason text,
                primary key (audience, customer_id)
            )
            """
        )
        cursor.execute("truncate pg_temp.export_changes")
    connection.commit()


def find_changes(cursor: Cursor, audience: Audience) -> None:
    """Note who came (no reason) and who went (with the reason) since the last export."""
    query = sql.SQL(
        """
        with current_members as materialized ({current}),
        former_members as materialized ({former})
        insert into pg_temp.export_changes (audience, customer_id, reason)
        select %(audience)s, customer_id, null
        from current_members as come
        where not exists (
            select 1 from former_members as former where former.customer_id = come.customer_id
        )
        union all
        select %(audience)s, gone.customer_id, {reason}
        from former_members as gone
        left join marts.customer_analytics as customers
            on customers.organization_id = %(organization_id)s
            and customers.customer_id = gone.customer_id
        where not exists (
            select 1 from current_members as stay where stay.customer_id = gone.customer_id
        )
        """
    ).format(
        current=members_query(audience, [CUSTOMER_ID]),
        former=_FORMER,
        reason=removal_reason(audience.channel),
    )
    cursor.execute(query, audience.parameters)


def count_changes(cursor: Cursor, audience: Audience) -> tuple[int, dict[str, int]]:
    """Return how many clients came, and how many went by reason."""
    cursor.execute(
        """
        select reason, count(*) from pg_temp.export_changes
        where audience = %(audience)s
        group by reason
        order by reason
        """,
        audience.parameters,
    )
    counts = dict(cursor.fetchall())
    return counts.pop(None, 0), counts


def stream_added(
    connection: Connection, audience: Audience, columns: Sequence[ExportColumn]
) -> Generator[Batch]:
    """Yield those who came, with the same columns as the members."""
    query = sql.SQL(
        """
        {members}
            and members.customer_id in (
                select customer_id from pg_temp.export_changes
                where audience = %(audience)s and reason is null
            )
        order by members.customer_id
        """
    )
    return stream(connection, query.format(members=members_query(audience, columns)), audience)


def stream_removed(connection: Connection, audience: Audience) -> Generator[Batch]:
    """Yield the ids of those who went, each with its reason."""
    query = sql.SQL(
        """
        select customer_id, reason from pg_temp.export_changes
        where audience = %(audience)s and reason is not null
        order by customer_id
        """
    )
    return stream(connection, query, audience)


def apply_changes(cursor: Cursor, audience: Audience, export_id: int) -> None:
    """Bring ops.export_members up to the export; rows of members who stay are not rewritten."""
    parameters = audience.parameters | {"export_id": export_id}
    cursor.execute(
        """
        delete from ops.export_members as former
        using pg_temp.export_changes as changes
        where changes.audience = %(audience)s
            and changes.reason is not null
            and former.organization_id = %(organization_id)s
            and former.export_name = %(export_name)s
            and former.channel = %(channel)s
            and former.customer_id = changes.customer_id
        """,
        parameters,
    )
    cursor.execute(
        """
        insert into ops.export_members (
            organization_id, export_name, channel, customer_id, first_export_id, first_exported_at
        )
        select
            %(organization_id)s, %(export_name)s, %(channel)s, changes.customer_id,
            exports.export_id, exports.exported_at
        from pg_temp.export_changes as changes
        inner join ops.exports as exports on exports.export_id = %(export_id)s
        where changes.audience = %(audience)s and changes.reason is null
        """,
        parameters,
    )
