"""What `chairside status` tells of a warehouse."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orchestration.postgres.connection import Connection
from orchestration.refresh.failures import record_run_failure
from orchestration.refresh.rows import single_row
from orchestration.refresh.session import refresh_session
from orchestration.refresh.status import freshness_of, read_status
from orchestration.refresh.steps import QualityResult


def add_load(connection: Connection, rows: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into ops.loads (source_system, path, status, rows_inserted, started_at,"
            " finished_at, seconds) values ('native', '/', 'succeeded', %s, now(), now(), 0)",
            (rows,),
        )


def publish(connection: Connection, refresh_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update ops.refreshes set status = 'succeeded', published_at = clock_timestamp()"
            " where refresh_id = %s returning through_load_id",
            (refresh_id,),
        )
        cursor.execute(
            "update ops.loads set refresh_id = %s where load_id <= %s",
            (refresh_id, single_row(cursor)[0]),
        )


def test_an_empty_warehouse_has_nothing_to_tell(connection: Connection) -> None:
    status = read_status(connection)
    assert status.freshness == "empty"
    assert (status.published, status.running, status.refreshes, status.loads) == (
        None,
        None,
        [],
        [],
    )
    assert status.waiting["loads"] == 0


def test_loads_wait_until_a_refresh_has_published_them(
    ops_url: str, connection: Connection
) -> None:
    add_load(connection, 10)
    assert read_status(connection).waiting["rows"] == 10
    with refresh_session(ops_url, triggered_by="a test") as session:
        # It arrives while the refresh runs, so the refresh does not count it as seen.
        add_load(connection, 5)
        publish(connection, session.refresh_id)
    status = read_status(connection)
    assert (status.waiting["loads"], status.waiting["rows"]) == (1, 5)
    assert status.freshness == "fresh"


def test_a_load_that_no_refresh_took_waits_whatever_its_number(
    ops_url: str, connection: Connection
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('ops.loads', 'load_id'))")
        late = single_row(cursor)[0]
    add_load(connection, 10)
    with refresh_session(ops_url, triggered_by="a test") as session:
        publish(connection, session.refresh_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into ops.loads (load_id, source_system, path, status, rows_inserted,"
            " started_at, finished_at, seconds) overriding system value"
            " values (%s, 'native', '/', 'succeeded', 7, now(), now(), 0)",
            (late,),
        )
    waiting = read_status(connection).waiting
    assert (waiting["loads"], waiting["rows"]) == (1, 7)


def test_a_refresh_that_runs_is_told_and_one_that_died_is_not(
    ops_url: str, connection: Connection
) -> None:
    with refresh_session(ops_url, triggered_by="a test"):
        running = read_status(connection).running
        assert running is not None
        assert running["triggered_by"] == "a test"
    with connection.cursor() as cursor:
        cursor.execute("update ops.refreshes set status = 'running'")
    assert not read_status(connection).is_running


def judge(ops_url: str, check: str, passed: bool) -> None:
    result = QualityResult(
        "dbt", "marts.sales", check, "consistency", "error", passed, 1, None, None
    )
    with refresh_session(ops_url, triggered_by="a test") as session:
        session.record([], [result])


def test_a_check_that_failed_is_shown_until_it_is_made_again_and_passes(
    ops_url: str, connection: Connection
) -> None:
    def shown() -> list[str]:
        return [row["check_name"] for row in read_status(connection).failed_checks]

    judge(ops_url, "unique", passed=False)
    # A night's check is not made again by the hour that follows.
    judge(ops_url, "another", passed=True)
    assert shown() == ["unique"]
    judge(ops_url, "unique", passed=True)
    assert shown() == []


@pytest.mark.parametrize(
    ("hours", "freshness"), [(0.1, "fresh"), (2, "fresh"), (2.5, "late"), (4, "stale")]
)
def test_age_makes_tables_late_and_then_stale(hours: float, freshness: str) -> None:
    assert freshness_of(timedelta(hours=hours)) == freshness


def test_a_run_that_failed_before_its_refresh_began_gets_a_row(connection: Connection) -> None:
    refresh_id = record_run_failure(
        connection, job="refresh", opens_refresh=True, dagster_run_id="r1", error="no such module"
    )
    (row,) = read_status(connection).refreshes
    assert (row["refresh_id"], row["status"], row["error"]) == (
        refresh_id,
        "failed",
        "no such module",
    )


def test_a_failed_export_becomes_a_step_of_the_refresh_published_last(
    ops_url: str, connection: Connection
) -> None:
    def record() -> int | None:
        return record_run_failure(
            connection, job="export", opens_refresh=False, dagster_run_id="r2", error="disk full"
        )

    assert record() is None
    with refresh_session(ops_url, triggered_by="a test") as session:
        publish(connection, session.refresh_id)
    assert record() == session.refresh_id
    with connection.cursor() as cursor:
        cursor.execute("select step_name, step_type, status, error from ops.refresh_steps")
        assert cursor.fetchall() == [("export", "run", "failed", "disk full")]
