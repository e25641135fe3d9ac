"""What may pass by itself is tried again; what is wrong is not."""

from __future__ import annotations

from dataclasses import replace

import psycopg2
import pytest

from orchestration.dbt.build import may_retry
from orchestration.dbt.failures import is_transient, is_transient_text
from orchestration.dbt.outcomes import NodeOutcome

ERROR = NodeOutcome(
    unique_id="model.chairside.sales",
    resource_type="model",
    name="sales",
    status="error",
    message="Database Error in model sales\n  deadlock detected",
    rows=None,
    failures=None,
    started_at=None,
    finished_at=None,
    seconds=None,
)


@pytest.mark.parametrize(
    "text",
    [
        "Database Error in model a\n  server closed the connection unexpectedly",
        "deadlock detected\nDETAIL: Process 1 waits",
        "canceling statement due to lock timeout",
        "could not serialize access due to concurrent update",
        'connection to server at "127.0.0.1", port 5 failed: Connection refused',
        "FATAL: the database system is starting up",
        "terminating connection due to administrator command",
    ],
)
def test_a_passing_failure_is_recognised_by_the_server_s_text(text: str) -> None:
    assert is_transient_text(text)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "Got 3 results, configured to fail if != 0",
        'Database Error in model a\n  syntax error at or near "form"',
        'duplicate key value violates unique constraint "sales_pkey"',
        "canceling statement due to statement timeout",
        "could not extend file: No space left on device",
    ],
)
def test_a_lasting_failure_is_not_taken_for_a_passing_one(text: str | None) -> None:
    assert not is_transient_text(text)


def test_a_postgres_error_is_judged_by_its_sqlstate_not_its_words(module_database: str) -> None:
    with (
        pytest.raises(psycopg2.Error) as caught,
        psycopg2.connect(module_database) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("do $$ begin raise exception 'deadlock detected'; end $$")
    assert not is_transient(caught.value)


def test_a_lock_that_is_held_too_long_is_a_passing_failure(module_database: str) -> None:
    with psycopg2.connect(module_database) as holder, psycopg2.connect(module_database) as waiter:
        with holder.cursor() as cursor:
            cursor.execute("create table t (i int)")
            holder.commit()
            cursor.execute("lock table t")
        with pytest.raises(psycopg2.errors.LockNotAvailable) as caught, waiter.cursor() as cursor:
            cursor.execute("set lock_timeout = '10ms'; select * from t")
    assert is_transient(caught.value)


def test_a_build_is_tried_again_when_all_its_failures_may_pass() -> None:
    skipped = replace(ERROR, status="skipped", message=None)
    assert may_retry([ERROR, skipped])


def test_a_build_with_one_lasting_failure_is_not_tried_again() -> None:
    failed_test = replace(ERROR, resource_type="test", status="fail", message="Got 3 results")
    assert not may_retry([ERROR, failed_test])


def test_a_build_without_a_failure_is_not_tried_again() -> None:
    assert not may_retry([])
    assert not may_retry([replace(ERROR, status="skipped", message=None)])
