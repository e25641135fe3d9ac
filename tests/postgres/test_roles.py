"""Who may do what: the BI reader reads and nothing else, on tables old and new."""

from __future__ import annotations

import os

import psycopg2
import pytest

from orchestration.errors import WrongPasswordError
from orchestration.postgres.connection import connect
from orchestration.postgres.roles import can_read, grant_read_access
from orchestration.postgres.server import DatabaseUrls
from orchestration.postgres.urls import parse_url, with_parameters


@pytest.fixture
def reader_url(postgres_server: DatabaseUrls, fresh_database: str) -> str:
    """The BI reader's URL of a database with one table made before the grants, one after."""
    if postgres_server.bi_reader is None:
        pytest.skip("the test server's bi_reader password is not known")
    name = parse_url(fresh_database)["dbname"]
    with connect(fresh_database) as connection, connection.cursor() as cursor:
        cursor.execute("create schema marts; create table marts.old as select 1 as x")
        for _ in range(2):
            assert grant_read_access(connection) is True
        assert can_read(connection)
        cursor.execute("create table marts.new as select 2 as x")
        cursor.execute("create schema intermediate; create table intermediate.t as select 3 as x")
    return with_parameters(postgres_server.bi_reader, dbname=name)


def test_bi_reader_reads_tables_made_before_and_after_the_grant(reader_url: str) -> None:
    with connect(reader_url) as connection, connection.cursor() as cursor:
        cursor.execute("select old.x + new.x from marts.old, marts.new")
        assert cursor.fetchone() == (3,)


@pytest.mark.parametrize(
    "statement",
    [
        "insert into marts.old values (9)",
        "update marts.old set x = 9",
        "delete from marts.old",
        "truncate marts.old",
        "drop table marts.old",
        "create table marts.mine (x int)",
        "create table public.mine (x int)",
        "create schema mine",
        "select * from intermediate.t",
    ],
)
def test_bi_reader_cannot(reader_url: str, statement: str) -> None:
    with connect(reader_url) as connection, connection.cursor() as cursor:
        # The default that guards against accidents is not what keeps the reader out.
        cursor.execute("set default_transaction_read_only = off")
        connection.commit()
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(statement)
        connection.rollback()


def test_bi_reader_cannot_run_or_idle_for_ever(reader_url: str) -> None:
    with connect(reader_url) as connection, connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('statement_timeout'),"
            " current_setting('idle_in_transaction_session_timeout')"
        )
        assert cursor.fetchone() == ("5min", "1min")


def test_bi_reader_cannot_open_dagsters_database(postgres_server: DatabaseUrls) -> None:
    if postgres_server.bi_reader is None:
        pytest.skip("the test server's bi_reader password is not known")
    dagster = parse_url(postgres_server.dagster)["dbname"]
    with (
        pytest.raises(WrongPasswordError, match="permission denied for database"),
        connect(with_parameters(postgres_server.bi_reader, dbname=dagster)),
    ):
        pass


@pytest.mark.skipif(
    "CHAIRSIDE_TEST_DATABASE_URL" in os.environ, reason="the user of that URL may be anyone"
)
def test_the_owner_is_no_superuser(postgres_server: DatabaseUrls) -> None:
    with connect(postgres_server.warehouse) as connection, connection.cursor() as cursor:
        cursor.execute("select rolsuper, rolcreaterole from pg_roles where rolname = current_user")
        assert cursor.fetchone() == (False, False)


def test_a_block_that_raises_is_rolled_back_and_one_that_ends_is_committed(
    fresh_database: str,
) -> None:
    with connect(fresh_database) as connection, connection.cursor() as cursor:
        cursor.execute("create table t (x int)")
    with pytest.raises(psycopg2.errors.DivisionByZero), connect(fresh_database) as connection:
        connection.cursor().execute("insert into t values (1); select 1 / 0")
    assert connection.closed
    with connect(fresh_database) as connection, connection.cursor() as cursor:
        cursor.execute("select count(*), current_setting('application_name') from t")
        assert cursor.fetchone() == (0, "chairside")
