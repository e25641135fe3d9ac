"""Tables that change every hour are told to clear their dead rows early."""

from __future__ import annotations

import pytest

from orchestration.contract.model import load_contract
from orchestration.postgres.connection import Connection, connect
from orchestration.refresh.churn import PUBLIC_SETTINGS, set_public_storage
from orchestration.warehouse.query import fetch_value

OPTIONS = "select reloptions from pg_class where oid = %s::regclass"


@pytest.fixture
def sales(connection: Connection) -> Connection:
    """A warehouse with one public table, and one of an analyst."""
    with connection.cursor() as cursor:
        cursor.execute(
            "create schema marts; create table marts.sales (id int);"
            "create view marts.mine as select * from marts.sales;"
            "create schema mine; create table mine.notes (id int)"
        )
    return connection


def test_a_public_table_is_given_its_settings_once_and_nothing_else_is(sales: Connection) -> None:
    assert set_public_storage(sales) == ["marts.sales"]
    wanted = {f"{name}={value}" for name, value in PUBLIC_SETTINGS.items()}
    assert set(fetch_value(sales, OPTIONS, ("marts.sales",))) == wanted
    assert fetch_value(sales, OPTIONS, ("mine.notes",)) is None
    assert set_public_storage(sales) == []


def test_a_table_that_is_just_being_changed_has_its_turn_next_time(
    ops_url: str, sales: Connection
) -> None:
    with connect(ops_url) as other:
        with other.cursor() as cursor:
            cursor.execute("lock table marts.sales in share update exclusive mode")
        assert set_public_storage(sales) == []
        other.rollback()
    assert set_public_storage(sales) == ["marts.sales"]


def test_readers_are_not_waited_for(ops_url: str, sales: Connection) -> None:
    with connect(ops_url) as reader:
        assert fetch_value(reader, "select count(*) from marts.sales") == 0
        assert set_public_storage(sales) == ["marts.sales"]


def test_every_raw_table_clears_its_dead_rows_early(connection: Connection) -> None:
    for entity in load_contract().entities:
        options = fetch_value(connection, OPTIONS, (f"raw_native.{entity}",))
        assert "autovacuum_vacuum_scale_factor=0.02" in options
