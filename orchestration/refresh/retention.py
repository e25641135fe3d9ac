"""How long the operations log keeps its rows, and the deleting of older ones.

Put here retention of schema ops. Do not put here Dagster's own log (orchestration/retention.py),
export files (exporting/publishing.py) or raw data and loads, which are kept for good: raw rows name
the load that brought them.
"""

from __future__ import annotations

from datetime import timedelta

from orchestration.postgres.connection import Connection

# Outcomes of checks are many and alike; refreshes and loads are few and worth comparing for years.
LONG = timedelta(days=400)
SHORT = timedelta(days=30)

_STATEMENTS = {
    "ops.data_quality_results": """
        delete from ops.data_quality_results
        where checked_at < clock_timestamp() - case when passed then %(short)s else %(long)s end
    """,
    # A hundred models and seeds that were built as always, against a few tables and stages.
    "ops.refresh_steps": """
        delete from ops.refresh_steps as steps
        using ops.refreshes as refreshes
        where
            steps.refresh_id = refreshes.refresh_id
            and refreshes.finished_at < clock_timestamp() - case
                when steps.step_type in ('model', 'seed', 'snapshot') and steps.status = 'succeeded'
                    then %(short)s
                else %(long)s
            end
    """,
    # What could not be read of a file stays until the file was loaded again, however long ago.
    "ops.rejected_rows": """
        delete from ops.rejected_rows as rejected
        using ops.loads as loads
        where
            rejected.load_id = loads.load_id
            and loads.finished_at < clock_timestamp() - %(long)s
            and (
                rejected.severity = 'warning'
                or exists (
                    select from ops.load_files as later
                    where
                        later.entity = rejected.entity
                        and later.file_name = rejected.file_name
                        and later.load_id > rejected.load_id
                )
            )
    """,
    # Files that changed nothing; those that did count as rows of their tables.
    "ops.load_files": """
        delete from ops.load_files as files
        using ops.loads as loads
        where
            files.load_id = loads.load_id
            and loads.finished_at < clock_timestamp() - %(long)s
            and files.rows_inserted + files.rows_updated + files.rows_deleted = 0
            and exists (
                select from ops.load_files as later
                where
                    later.entity = files.entity
                    and later.file_name = files.file_name
                    and later.load_id > files.load_id
            )
    """,
    # A failed load left no row anywhere but those it rejected.
    "ops.loads": """
        delete from ops.loads as loads
        where
            loads.status = 'failed'
            and loads.finished_at < clock_timestamp() - %(long)s
            and not exists (
                select from ops.rejected_rows as rejected where rejected.load_id = loads.load_id
            )
    """,
    # The next export of an audience compares itself with its last, however old.
    "ops.exports": """
        delete from ops.exports as old
        where
            old.exported_at < clock_timestamp() - %(long)s
            and exists (
                select from ops.exports as newer
                where
                    newer.organization_id = old.organization_id
                    and newer.export_name = old.export_name
                    and newer.channel = old.channel
                    and newer.run_name > old.run_name
                    and newer.is_copy <= old.is_copy
            )
    """,
    # Publishing deletes them with the loads it takes; this is for what a crash may have left.
    "ops.row_changes": """
        delete from ops.row_changes as changes
        using ops.loads as loads
        where
            changes.load_id = loads.load_id
            and loads.refresh_id is not null
            and loads.finished_at < clock_timestamp() - %(short)s
    """,
}


def prune_operations_log(connection: Connection) -> dict[str, int]:
    """Delete what is older than the limits above, and return how many rows of each table."""
    deleted = {}
    with connection.cursor() as cursor:
        for table, statement in _STATEMENTS.items():
            cursor.execute(statement, {"long": LONG, "short": SHORT})
            deleted[table] = cursor.rowcount
    return deleted
