"""What a rebuild has filled on its way does not stay on the disk."""

from __future__ import annotations

import pytest

from orchestration.postgres.connection import Connection, connect
from orchestration.refresh import leftovers
from orchestration.refresh.leftovers import empty_large_tables
from orchestration.warehouse.query import fetch_value

LARGE, SMALL, PUBLIC = "intermediate.large", "build.small", "marts.sales"


@pytest.fixture
def filled(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Connection:
    """A warehouse with a large table, a small one, and a public one that is as large."""
    monkeypatch.setattr(leftovers, "LARGE_BYTES", 64 * 1024)
    with connection.cursor() as cursor:
        cursor.execute("create schema intermediate; create schema build; create schema marts")
        for table, rows in {LARGE: 10_000, SMALL: 10, PUBLIC: 10_000}.items():
            cursor.execute(f"create table {table} as select * from generate_series(1, {rows})")
    return connection


def rows(connection: Connection) -> list[int]:
    return [
        fetch_value(connection, f"select count(*) from {table}") for table in (LARGE, SMALL, PUBLIC)
    ]


def test_only_large_tables_of_the_way_are_emptied(filled: Connection) -> None:
    assert empty_large_tables(filled) == [LARGE]
    assert rows(filled) == [0, 10, 10_000]
    assert empty_large_tables(filled) == []


def test_a_table_that_somebody_looks_into_is_left(ops_url: str, filled: Connection) -> None:
    with connect(ops_url) as reader:
        fetch_value(reader, f"select count(*) from {LARGE}")
        assert empty_large_tables(filled) == []
    assert rows(filled) == [10_000, 10, 10_000]
