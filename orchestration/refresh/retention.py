"""How long the operations log keeps its rows, and the deleting of older ones.

Put here retention of schema ops. Do not put here Dagster's own log (automation/) or raw data, which
is kept for good.
"""

from __future__ import annotations

from datetime import timedelta

from orchestration.postgres.connection import Connection

# Outcomes of checks are many and alike; refreshes and loads are few and worth comparing for years.
PASSED_CHECKS = timedelta(days=30)
FAILED_CHECKS = timedelta(days=400)
STEPS = timedelta(days=400)


def prune_operations_log(connection: Connection) -> dict[str, int]:
    """Delete what is older than the limits above, and return how many rows of each table."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            delete from ops.data_quality_results
            where checked_at < clock_timestamp() - case when passed then %s else %s end
            """,
            (PASSED_CHECKS, FAILED_CHECKS),
        )
        checks = cursor.rowcount
        cursor.execute(
            """
            delete from ops.refresh_steps as steps
            using ops.refreshes as refreshes
            where steps.refresh_id = refreshes.refresh_id
                and refreshes.finished_at < clock_timestamp() - %s
            """,
            (STEPS,),
        )
        steps = cursor.rowcount
    return {"ops.data_quality_results": checks, "ops.refresh_steps": steps}
