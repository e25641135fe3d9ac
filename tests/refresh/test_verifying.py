"""Whose rows a verification compares, in which order, and what it notes of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from orchestration.postgres.connection import Connection
from orchestration.refresh import verifying
from orchestration.refresh.lock import LOCK_CLASS
from orchestration.refresh.verifying import (
    batches,
    coverage_since,
    note_verified,
    verifiable_as_of,
)
from orchestration.warehouse.locks import INPUTS_LOCK_OBJECT

AS_OF = datetime(2026, 11, 1, 12, tzinfo=UTC)
SQL_OF_TODAY = "abc"
# As long as it takes, and as good as no time.
ALL, ONE_BATCH = None, 0.0


@pytest.fixture
def three(connection: Connection) -> Connection:
    """Organizations a, b and c, rebuilt by today's SQL, of which b was verified long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into ops.organization_states"
            " (organization_id, is_stale, definitions, as_of, verified_at)"
            " select name, false, %s, %s, verified_at from (values ('a', now()),"
            " ('b', timestamptz '2026-01-01'), ('c', null)) as three (name, verified_at)",
            (SQL_OF_TODAY, AS_OF),
        )
    return connection


def ask(connection: Connection, statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def taken(connection: Connection, seconds: float | None) -> list[list[str]]:
    return list(batches(connection, AS_OF, SQL_OF_TODAY, seconds))


def test_all_are_one_batch_where_they_are_small(three: Connection) -> None:
    assert taken(three, ALL) == [["c", "b", "a"]]


def test_who_was_never_verified_comes_first_and_then_who_waited_longest(
    three: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "ROWS_OF_A_BATCH", 0)
    assert taken(three, ALL) == [["c"], ["b"], ["a"]]
    assert taken(three, ONE_BATCH) == [["c"]]
    note_verified(three, ["c"], [])
    assert taken(three, ONE_BATCH) == [["b"]]


def test_a_batch_is_what_the_scope_rebuilds_while_no_load_writes(three: Connection) -> None:
    for batch in batches(three, AS_OF, SQL_OF_TODAY, ALL):
        rows = ask(three, "select organization_id from scope.organizations order by 1 desc")
        assert [name for (name,) in rows] == batch
        locks = ask(
            three,
            "select mode from pg_locks where locktype = 'advisory'"
            f" and (classid, objid) = ({LOCK_CLASS}, {INPUTS_LOCK_OBJECT})",
        )
        assert locks == [("ExclusiveLock",)]


@pytest.mark.parametrize(
    "reason",
    [
        "update ops.organization_states set is_stale = true where organization_id = 'b'",
        "update ops.organization_states set definitions = 'old' where organization_id = 'b'",
        "update ops.organization_states set as_of = '2026-01-01' where organization_id = 'b'",
        "insert into ops.loads (source_system, path, status, started_at, finished_at, seconds)"
        " values ('native', '/', 'succeeded', now(), now(), 0);"
        " insert into raw_native.staff (organization_id, staff_id, _source_system, _load_id,"
        " _loaded_at) values ('b', 's', 'native', 1, now())",
    ],
    ids=["stale", "of another SQL", "of another clock", "with rows not taken yet"],
)
def test_an_organization_that_a_refresh_has_to_rebuild_is_left_out(
    three: Connection, reason: str
) -> None:
    ask(three, reason)
    assert taken(three, ALL) == [["c", "a"]]


def test_who_was_right_is_noted_and_who_differed_is_rebuilt_by_the_next_refresh(
    three: Connection,
) -> None:
    note_verified(three, ["b", "c"], {"b"})
    assert ask(
        three,
        "select organization_id, is_stale, stale_because from ops.organization_states"
        " where verified_at > now() - interval '1 minute' order by 1",
    ) == [("a", False, None), ("b", True, "differed from a rebuild"), ("c", False, None)]


def test_how_far_verifications_have_come_is_told(three: Connection) -> None:
    began = datetime.now(UTC) + timedelta(hours=1)
    assert coverage_since(three, began).longest_unverified == "c"
    ask(three, "update ops.organization_states set verified_at = now() + interval '2 hours'")
    coverage = coverage_since(three, began)
    assert (coverage.organizations, coverage.verified, coverage.waiting) == (3, 3, 0)
    assert coverage.longest_unverified is None


def test_the_clock_of_a_verification_is_the_one_that_rows_were_made_right_by(
    connection: Connection, three: Connection
) -> None:
    assert verifiable_as_of(three) == AS_OF
    ask(three, "update ops.organization_states set is_stale = true")
    assert verifiable_as_of(three) is None
