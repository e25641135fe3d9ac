"""The comparison that the nightly alarm rests on finds every kind of difference."""

from __future__ import annotations

import pytest

from orchestration.postgres.connection import Connection
from orchestration.refresh import digests
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


def test_of_named_organizations_alone_is_anything_told(tables: Connection) -> None:
    with tables.cursor() as cursor:
        cursor.execute(
            "insert into marts.t select 'b', i, 'n', 1, now() from generate_series(1, 2) i;"
            "insert into marts.t values ('c', 1, 'n', 1, now());"
            "insert into build.t values ('c', 1, 'other', 1, now())"
        )
    assert compare(tables, PAIR, ["a"]) == Difference(3, 0, 0, 0)
    both = compare(tables, PAIR, ["a", "b"])
    assert (both.rows, both.extra, both.examples) == (5, 2, ["b / 1", "b / 2"])
    every = compare(tables, PAIR)
    assert (every.rows, every.missing, every.extra, every.changed) == (6, 0, 2, 1)
    assert every.columns == ("name",)
    assert compare(tables, PAIR, []) == Difference(0, 0, 0, 0)


def test_a_large_organization_is_narrowed_to_the_rows_that_differ(
    tables: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "ROWS_PER_PART", 50)
    with tables.cursor() as cursor:
        for schema in ("build", "marts"):
            cursor.execute(
                f"insert into {schema}.t select 'large', i, 'n', i, now()"
                " from generate_series(1, 1000) i"
            )
    difference = change(
        tables,
        "update marts.t set amount_minor = 0 where id in (17, 800);"
        "delete from build.t where id = 500; delete from marts.t where id = 501",
    )
    assert (difference.missing, difference.extra, difference.changed) == (1, 1, 2)
    assert difference.examples == ["large / 17", "large / 500", "large / 501", "large / 800"]


def test_values_that_swap_places_between_rows_are_found(tables: Connection) -> None:
    difference = change(tables, "update marts.t set name = 'n' || 4 - id where id <> 2")
    assert (difference.changed, difference.columns) == (2, ("name",))


def test_a_number_written_with_more_decimals_is_the_same_number(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "create schema build; create schema marts;"
            "create table build.t (organization_id text, id int, n numeric, l text[], j jsonb,"
            " v tsvector, primary key (organization_id, id));"
            "create table marts.t (like build.t including all);"
            "insert into build.t values ('a', 1, 1.0, '{x}', '{\"b\": 1.0}', 'cat');"
            "insert into marts.t values ('a', 1, 1.000, '{x}', '{\"b\": 1.00}', 'cat')"
        )
    assert compare(connection, PAIR).is_equal
    for column, value in (("l", "'{x, y}'"), ("j", "'{\"b\": 2}'"), ("v", "'dog'")):
        difference = change(connection, f"update marts.t set {column} = {value}")
        assert column in difference.columns


def test_a_table_that_knows_no_organizations_is_compared_whole(connection: Connection) -> None:
    pair = TablePair(("build", "calendar"), ("marts", "calendar"), ("day",))
    with connection.cursor() as cursor:
        cursor.execute(
            "create schema build; create schema marts;"
            "create table build.calendar (day date primary key, is_weekend boolean);"
            "create table marts.calendar (like build.calendar including all);"
            "insert into build.calendar values ('2026-11-20', false), ('2026-11-21', true);"
            "insert into marts.calendar values ('2026-11-20', false), ('2026-11-21', false)"
        )
    difference = compare(connection, pair, ["maple"])
    assert (difference.rows, difference.changed) == (2, 1)
    assert difference.examples == ["2026-11-21"]
