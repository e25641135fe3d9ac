"""The planner knows what a refresh has filled before the next one is planned."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from orchestration.dbt.runner import DbtRunner
from orchestration.postgres.connection import Connection, connect
from orchestration.refresh.publication import publish
from orchestration.refresh.session import RefreshSession
from orchestration.refresh.statistics import analyze_changed_tables
from orchestration.warehouse.query import fetch_value

ROWS = "select reltuples from pg_class where oid = %s::regclass"
CHANGED, NEARLY_AS_BEFORE = "marts.sales", "marts.staff"


@pytest.fixture
def refresh_id(connection: Connection) -> int:
    """A refresh that filled one public table and changed one row in a hundred of another."""
    with connection.cursor() as cursor:
        cursor.execute("create schema marts")
        for table in (CHANGED, NEARLY_AS_BEFORE):
            cursor.execute(f"create table {table} (id int)")
            cursor.execute(f"insert into {table} select generate_series(1, 1000)")
        cursor.execute(f"analyze {NEARLY_AS_BEFORE}")
        cursor.execute(f"insert into {NEARLY_AS_BEFORE} select generate_series(1, 10)")
    refresh_id = int(
        fetch_value(
            connection,
            "insert into ops.refreshes (mode, status, as_of, triggered_by, published_at)"
            " values ('full', 'succeeded', now(), 'a test', now()) returning refresh_id",
        )
    )
    with connection.cursor() as cursor:
        for table, inserted in ((CHANGED, 1000), (NEARLY_AS_BEFORE, 10)):
            cursor.execute(
                "insert into ops.refresh_steps (refresh_id, step_name, step_type, status,"
                " rows_inserted, rows_updated, rows_deleted)"
                " values (%s, %s, 'publish', 'succeeded', %s, 0, 0)",
                (refresh_id, table, inserted),
            )
    return refresh_id


def test_a_table_that_was_filled_is_counted_and_one_that_hardly_changed_is_not(
    connection: Connection, refresh_id: int
) -> None:
    assert analyze_changed_tables(connection, refresh_id) == [CHANGED]
    assert fetch_value(connection, ROWS, (CHANGED,)) == 1000
    assert fetch_value(connection, ROWS, (NEARLY_AS_BEFORE,)) == 1000


def test_a_table_that_is_locked_is_left_to_autovacuum(
    ops_url: str, connection: Connection, refresh_id: int
) -> None:
    with connect(ops_url) as other:
        with other.cursor() as cursor:
            cursor.execute(f"lock table {CHANGED} in share update exclusive mode")
        assert analyze_changed_tables(connection, refresh_id) == []
        other.rollback()


def test_what_was_published_is_counted_before_the_refresh_ends(
    connection: Connection, refresh_id: int
) -> None:
    session = SimpleNamespace(
        connection=connection, refresh_id=refresh_id, require_lock=lambda: None
    )
    # Its last transaction was committed, so that nothing is left to publish.
    publish(cast("RefreshSession", session), cast("DbtRunner", None))
    assert fetch_value(connection, ROWS, (CHANGED,)) == 1000
