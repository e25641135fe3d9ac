"""One refresh at a time, and none that stays open for ever."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import psycopg2
import pytest

from orchestration.postgres.connection import Connection, connect
from orchestration.refresh.lock import is_locked, try_lock
from orchestration.refresh.session import (
    LockLostError,
    RefreshRunningError,
    ensure_none_running,
    refresh_session,
)

AS_OF = datetime(2026, 3, 1, 12, tzinfo=UTC)


def refreshes(connection: Connection) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("select status, error, as_of from ops.refreshes order by refresh_id")
        return cursor.fetchall()


def steps(connection: Connection) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("select step_name, status, error from ops.refresh_steps")
        return cursor.fetchall()


def run_refresh(url: str, triggered_by: str, error: Exception | None = None) -> None:
    """Run a refresh of two stages; the last one raises the error."""
    with refresh_session(url, triggered_by=triggered_by) as session:
        with session.stage("good"):
            assert is_locked(session.connection)
        with session.stage("last"):
            if error:
                raise error


def insert_running(connection: Connection, triggered_by: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into ops.refreshes (status, as_of, triggered_by) values ('running', %s, %s)",
            (AS_OF, triggered_by),
        )


def test_of_two_refreshes_at_once_the_second_ends_with_a_message(
    ops_url: str, connection: Connection
) -> None:
    with refresh_session(ops_url, triggered_by="the first"):
        with pytest.raises(RefreshRunningError, match=r"Refresh 1, started by the first at"):
            run_refresh(ops_url, "the second")
        with pytest.raises(RefreshRunningError):
            ensure_none_running(connection)
    assert len(refreshes(connection)) == 1


def test_the_lock_is_free_after_a_refresh_however_it_ended(
    ops_url: str, connection: Connection
) -> None:
    with pytest.raises(ZeroDivisionError):
        run_refresh(ops_url, "a test", ZeroDivisionError("by design"))
    assert not is_locked(connection)
    assert refreshes(connection)[0][:2] == ("failed", "by design")
    with refresh_session(ops_url, triggered_by="a test"):
        pass
    assert refreshes(connection)[1][0] == "succeeded"


def test_a_refresh_whose_process_was_killed_is_closed_by_the_next_one(
    ops_url: str, connection: Connection
) -> None:
    program = (
        "import os, signal, sys\n"
        "from orchestration.refresh.session import refresh_session\n"
        "with refresh_session(sys.argv[1], triggered_by='the killed one'):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", program, ops_url], check=False)
    assert refreshes(connection)[0][0] == "running"

    with refresh_session(ops_url, triggered_by="the next") as session:
        assert [refresh.triggered_by for refresh in session.abandoned] == ["the killed one"]

    status, error, _ = refreshes(connection)[0]
    assert (status, "abandoned" in error) == ("failed", True)
    assert refreshes(connection)[1][0] == "succeeded"


def test_a_bare_dbt_at_work_is_not_taken_for_abandoned(
    ops_url: str, connection: Connection
) -> None:
    insert_running(connection, "dbt")
    with (
        connect(ops_url, application_name="dbt"),
        pytest.raises(RefreshRunningError, match="started by dbt"),
    ):
        run_refresh(ops_url, "a test")
    assert not is_locked(connection)


def test_a_bare_dbt_that_is_gone_is_closed(ops_url: str, connection: Connection) -> None:
    insert_running(connection, "dbt")
    with refresh_session(ops_url, triggered_by="a test"):
        pass
    assert [row[0] for row in refreshes(connection)] == ["failed", "succeeded"]


def test_a_refresh_takes_the_clock_it_is_given_and_the_server_s_otherwise(
    ops_url: str, connection: Connection
) -> None:
    with refresh_session(ops_url, triggered_by="a test", as_of=AS_OF):
        pass
    with refresh_session(ops_url, triggered_by="a test"):
        pass
    first, second = (row[2] for row in refreshes(connection))
    assert first == AS_OF
    assert second > AS_OF


def test_a_refresh_sees_the_newest_load_that_succeeded(
    ops_url: str, connection: Connection
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into ops.loads (source_system, path, status, started_at, finished_at, seconds)"
            " select 'native', '/', status, now(), now(), 0"
            " from unnest(array['succeeded', 'succeeded', 'failed']) as status"
        )
    with refresh_session(ops_url, triggered_by="a test") as session:
        assert session.refresh.through_load_id == 2


def test_a_stage_leaves_a_step_with_its_error(ops_url: str, connection: Connection) -> None:
    with pytest.raises(ValueError, match="wrong"):
        run_refresh(ops_url, "a test", ValueError("wrong"))
    assert steps(connection) == [("good", "succeeded", None), ("last", "failed", "wrong")]
    assert refreshes(connection)[0][:2] == ("failed", "wrong")


def test_a_refresh_that_lost_its_connection_may_not_publish(
    ops_url: str, connection: Connection
) -> None:
    with refresh_session(ops_url, triggered_by="a test") as session:
        pid = session.connection.info.backend_pid
        with connection.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(%s, 5000)", (pid,))
        with pytest.raises(LockLostError):
            session.require_lock()
    # Its row stays open, and the next refresh closes it.
    assert refreshes(connection)[0][0] == "running"
    with refresh_session(ops_url, triggered_by="the next"):
        assert refreshes(connection)[0][0] == "failed"


def test_the_lock_of_one_database_is_not_that_of_another(ops_url: str, fresh_database: str) -> None:
    with connect(ops_url) as one, connect(fresh_database) as other:
        assert try_lock(one)
        assert not is_locked(other)
        assert try_lock(other)


def test_two_rows_that_run_are_refused_by_the_table_itself(connection: Connection) -> None:
    insert_running(connection, "one")
    with pytest.raises(psycopg2.errors.UniqueViolation):
        insert_running(connection, "two")
