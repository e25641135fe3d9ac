"""The operations log is pruned by age, and what matters for longer is kept for longer."""

from __future__ import annotations

import pytest

from orchestration.postgres.connection import Connection
from orchestration.refresh.retention import prune_operations_log

YOUNG, OLD, ANCIENT = 1, 100, 500


def ask(connection: Connection, statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def ago(days: int) -> str:
    return f"now() - interval '{days} days'"


@pytest.fixture
def refreshes(connection: Connection) -> Connection:
    """Three refreshes, 1, 100 and 500 days old, whose steps and checks went as always or failed."""
    ask(
        connection,
        f"""
        insert into ops.refreshes (status, as_of, triggered_by, finished_at)
        select 'succeeded', now(), 'a test', now() - make_interval(days => days)
        from unnest(array[{YOUNG}, {OLD}, {ANCIENT}]) as days;
        insert into ops.refresh_steps (refresh_id, step_name, step_type, status)
        select refresh_id, type || ended, type, ended
        from ops.refreshes, unnest(array['stage', 'model']) as type,
            unnest(array['succeeded', 'failed']) as ended;
        insert into ops.data_quality_results
            (tool, table_name, check_name, dimension, severity, passed, checked_at)
        select 'dbt', 't', 'c', 'accuracy', 'error', passed, now() - make_interval(days => days)
        from unnest(array[{YOUNG}, {OLD}, {ANCIENT}]) as days, unnest(array[true, false]) as passed
        """,
    )
    return connection


@pytest.fixture
def loads(connection: Connection) -> Connection:
    """Two old loads of one file and one of another, with an error and a warning each."""
    ask(
        connection,
        f"""
        insert into ops.loads (source_system, path, status, started_at, finished_at, seconds)
        select 'native', '/', 'succeeded', {ago(ANCIENT)}, {ago(ANCIENT)}, 1
        from generate_series(1, 3);
        insert into ops.load_files
        select load_id, 'sales', name, 'x', 9, inserted, 0, 0, 0, 1, 1
        from (values (1, 'a', 0), (2, 'a', 9), (3, 'b', 0)) as files (load_id, name, inserted);
        insert into ops.rejected_rows
            (load_id, severity, entity, file_name, line_number, reason, row_text)
        select load_id, severity, 'sales', file_name, 7, 'wrong', 'x,y'
        from ops.load_files, unnest(array['error', 'warning']) as severity
        """,
    )
    return connection


def test_steps_and_checks_that_went_as_always_go_first_and_refreshes_stay(
    refreshes: Connection,
) -> None:
    deleted = prune_operations_log(refreshes)
    assert (deleted["ops.data_quality_results"], deleted["ops.refresh_steps"]) == (3, 5)
    assert ask(refreshes, "select count(*) from ops.refreshes") == [(3,)]
    assert ask(
        refreshes, "select passed, count(*) from ops.data_quality_results group by 1 order by 1"
    ) == [(False, 2), (True, 1)]
    assert ask(
        refreshes,
        "select step_name, count(*) from ops.refresh_steps group by 1 order by 1",
    ) == [("modelfailed", 2), ("modelsucceeded", 1), ("stagefailed", 2), ("stagesucceeded", 2)]


def test_errors_stay_until_their_file_was_loaded_again(loads: Connection) -> None:
    assert prune_operations_log(loads)["ops.rejected_rows"] == 4
    assert ask(
        loads, "select load_id, severity from ops.rejected_rows order by rejected_row_id"
    ) == [(2, "error"), (3, "error")]


def test_files_that_changed_nothing_go_and_those_that_count_stay_as_do_loads(
    loads: Connection,
) -> None:
    assert prune_operations_log(loads)["ops.load_files"] == 1
    assert ask(loads, "select load_id, file_name from ops.load_files order by 1") == [
        (2, "a"),
        (3, "b"),
    ]
    assert ask(loads, "select count(*) from ops.loads") == [(3,)]


def test_a_failed_load_goes_when_nothing_it_rejected_is_left(loads: Connection) -> None:
    ask(loads, "update ops.loads set status = 'failed' where load_id in (1, 3)")
    assert prune_operations_log(loads)["ops.loads"] == 1
    assert ask(loads, "select load_id from ops.loads order by 1") == [(2,), (3,)]


def test_nothing_young_is_deleted(loads: Connection, refreshes: Connection) -> None:
    ask(loads, f"update ops.loads set finished_at = {ago(YOUNG)}, status = 'failed'")
    deleted = prune_operations_log(loads)
    assert {table for table, rows in deleted.items() if rows} == {
        "ops.data_quality_results",
        "ops.refresh_steps",
    }


def test_the_last_export_of_an_audience_stays_however_old(connection: Connection) -> None:
    ask(
        connection,
        f"""
        insert into ops.exports (
            export_name, organization_id, format, file_name, definition_version, rows, rows_added,
            rows_removed, rows_withheld, sha256, as_of, exported_at, run_name, is_copy
        )
        select 'segment_vip', 'maple', format, 'f', 'v', 1, 0, 0, 0, '', now(), {ago(ANCIENT)},
            run, run = '3'
        from unnest(array['csv', 'xlsx']) as format, unnest(array['1', '2', '3']) as run
        """,
    )
    assert prune_operations_log(connection)["ops.exports"] == 2
    assert ask(connection, "select distinct run_name from ops.exports order by 1") == [
        ("2",),
        ("3",),
    ]


def test_a_second_pruning_finds_nothing_more(refreshes: Connection, loads: Connection) -> None:
    prune_operations_log(loads)
    assert set(prune_operations_log(loads).values()) == {0}
