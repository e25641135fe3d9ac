"""The operations log is pruned by age, and what matters for longer is kept for longer."""

from __future__ import annotations

from orchestration.postgres.connection import Connection
from orchestration.refresh.retention import prune_operations_log


def fill(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into ops.refreshes (status, as_of, triggered_by, finished_at)
            select 'succeeded', now(), 'a test', now() - make_interval(days => days)
            from unnest(array[1, 500]) as days;
            insert into ops.refresh_steps (refresh_id, step_name, step_type, status)
            select refresh_id, 'build', 'stage', 'succeeded' from ops.refreshes;
            insert into ops.data_quality_results
                (tool, table_name, check_name, dimension, severity, passed, checked_at)
            select 'dbt', 't', 'c', 'accuracy', 'error', passed, now() - make_interval(days => days)
            from unnest(array[1, 100, 500]) as days, unnest(array[true, false]) as passed
            """
        )


def test_old_steps_and_passed_checks_go_and_failed_checks_and_refreshes_stay(
    connection: Connection,
) -> None:
    fill(connection)
    assert prune_operations_log(connection) == {
        "ops.data_quality_results": 3,
        "ops.refresh_steps": 1,
    }
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from ops.refreshes")
        assert cursor.fetchone() == (2,)
        cursor.execute(
            "select passed, count(*) from ops.data_quality_results group by 1 order by 1"
        )
        assert cursor.fetchall() == [(False, 2), (True, 1)]
    assert set(prune_operations_log(connection).values()) == {0}
