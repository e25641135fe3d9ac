"""The comparison that the nightly alarm rests on finds every kind of difference."""

from __future__ import annotations

import pytest

from orchestration.postgres.connection import Connection
from orchestration.refresh.verification import Difference, TablePair, compare

PAIR = TablePair(("build", "t"), ("marts", "t"), ("organization_id", "id"))


@pytest.fixture
def tables(connection: Connection) -> Connection:
    with connection.cursor() as cursor:
        for schema in ("build", "marts"):
            cursor.execute(
                f"create schema if not exists {schema};"
                f"create table {schema}.t (organization_id text, id int, name text,"
                " amount_minor bigint, updated_at timestamptz, primary key (organization_id, id));"
                f"insert into {schema}.t select 'a', i, 'n' || i, nullif(i, 2), now()"
                " from generate_series(1, 3) i"
            )
    return connection


def change(connection: Connection, statement: str) -> Difference:
    with connection.cursor() as cursor:
        cursor.execute(statement)
    return compare(connection, PAIR)


def test_equal_tables_are_equal_whenever_their_rows_were_written(tables: Connection) -> None:
    difference = change(tables, "update marts.t set updated_at = 'yesterday'")
    assert difference == Difference(3, 0, 0, 0)
    assert difference.is_equal
    assert str(difference) == "3 rows are equal"


def test_a_changed_value_is_found_with_its_key_and_column(tables: Connection) -> None:
    difference = change(tables, "update marts.t set amount_minor = 9 where id = 3")
    assert (difference.missing, difference.extra, difference.changed) == (0, 0, 1)
    assert difference.columns == ("amount_minor",)
    assert difference.examples == ["a / 3"]


def test_null_differs_from_a_value_and_equals_null(tables: Connection) -> None:
    assert change(tables, "select 1").is_equal
    assert change(tables, "update marts.t set amount_minor = 0 where id = 2").changed == 1


def test_a_row_too_many_and_a_row_missing_are_told_apart(tables: Connection) -> None:
    extra = change(tables, "delete from build.t where id = 1")
    assert (extra.missing, extra.extra, extra.changed) == (0, 1, 0)
    both = change(tables, "delete from marts.t where id = 2")
    assert (both.missing, both.extra, both.changed) == (1, 1, 0)
    assert str(both) == "1 missing and 1 too many; such as a / 1, a / 2"


def test_a_column_that_only_one_table_has_is_a_difference(tables: Connection) -> None:
    difference = change(tables, "alter table build.t add column extra int")
    assert not difference.is_equal
    assert difference.columns == ("extra",)


def test_two_empty_tables_are_equal(tables: Connection) -> None:
    assert change(tables, "truncate build.t, marts.t").is_equal
