"""CHAIRSIDE_DATABASE_URL: the same promises on a server that Chairside did not start."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg2
import pytest
from psycopg2 import sql

from orchestration.errors import DatabaseMissingError
from orchestration.postgres.connection import connect
from orchestration.postgres.environment import export_environment
from orchestration.postgres.record import load_record
from orchestration.postgres.server import DatabaseUrls, ensure_running, server_status, stop
from orchestration.postgres.urls import parse_url, with_parameters
from orchestration.settings import Settings, find_project_root

USER = "o'dd @:/ nämé"
PASSWORD = "p@ss:w/o?r#d %41 'quoted\" ünï"


@pytest.fixture(scope="module")
def admin_url(module_settings: Settings) -> str:
    """The superuser's URL of a server that plays the foreign one for this module."""
    ensure_running(module_settings)
    record = load_record(module_settings.home)
    assert record is not None
    return f"postgresql://postgres:{record.superuser_password}@127.0.0.1:{record.port}/postgres"


@pytest.fixture
def own_server(admin_url: str, tmp_path: Path) -> Iterator[Settings]:
    """Settings that name a new database on that server, and a home that knows nothing yet."""
    run(admin_url, "create database salon")
    url = with_parameters(admin_url, dbname="salon")
    yield Settings(find_project_root(tmp_path), tmp_path / "home", tmp_path, database_url=url)
    for database in ("salon", "salon_dagster"):
        run(admin_url, f"drop database if exists {database} with (force)")


@pytest.fixture
def modest_server(own_server: Settings, admin_url: str) -> Iterator[Settings]:
    """The same, for a user who may log in and no more."""
    run(admin_url, "create role modest login password 'x'")
    url = with_parameters(admin_url, dbname="salon", user="modest", password="x")
    yield replace(own_server, database_url=url)
    run(admin_url, "drop role modest")


def run(url: str, *statements: sql.Composable | str) -> None:
    with connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_dagsters_database_is_made_beside_the_warehouse(own_server: Settings) -> None:
    for _ in range(2):
        urls = ensure_running(own_server)
        assert parse_url(urls.warehouse)["dbname"] == "salon"
        assert parse_url(urls.dagster)["dbname"] == "salon_dagster"
        run(urls.dagster, "select 1")


def test_dagsters_own_url_wins(own_server: Settings) -> None:
    assert own_server.database_url is not None
    dagster = with_parameters(own_server.database_url, dbname="warehouse")
    urls = ensure_running(replace(own_server, dagster_database_url=dagster))
    assert urls.dagster == dagster


def test_a_reader_that_was_there_before_keeps_its_password(own_server: Settings) -> None:
    assert ensure_running(own_server).bi_reader is None


def test_a_reader_that_we_make_is_remembered(own_server: Settings, admin_url: str) -> None:
    run(with_parameters(admin_url, dbname="warehouse"), "drop owned by bi_reader")
    run(admin_url, "drop role bi_reader")
    first = ensure_running(own_server).bi_reader
    assert first is not None
    run(first, "select 1")
    assert ensure_running(own_server).bi_reader == first


def test_a_user_without_rights_gets_a_note_and_not_a_failure(
    modest_server: Settings, admin_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    run(admin_url, "create database salon_dagster")
    assert ensure_running(modest_server).bi_reader is None
    assert "bi_reader was not set up" in caplog.text
    run(admin_url, "drop database salon with (force)", "create database salon")


def test_a_user_who_cannot_make_dagsters_database_is_told(modest_server: Settings) -> None:
    with pytest.raises(DatabaseMissingError, match="salon_dagster"):
        ensure_running(modest_server)


def test_special_characters_in_names_and_passwords_reach_dbt_and_dagster(
    own_server: Settings, admin_url: str
) -> None:
    create = sql.SQL("create role {} superuser login password {}")
    run(admin_url, create.format(sql.Identifier(USER), sql.Literal(PASSWORD)))
    url = with_parameters(admin_url, dbname="salon", user=USER, password=PASSWORD)
    urls = ensure_running(replace(own_server, database_url=url))
    variables = export_environment(urls, own_server)
    assert variables["CHAIRSIDE_PG_PASSWORD"] == PASSWORD
    psycopg2.connect(variables["CHAIRSIDE_DAGSTER_PG_URL"]).close()
    psycopg2.connect(
        host=variables["CHAIRSIDE_PG_HOST"],
        port=variables["CHAIRSIDE_PG_PORT"],
        user=variables["CHAIRSIDE_PG_USER"],
        password=variables["CHAIRSIDE_PG_PASSWORD"],
        dbname=variables["CHAIRSIDE_PG_DATABASE"],
    ).close()


def test_stop_leaves_it_running(own_server: Settings) -> None:
    urls = ensure_running(own_server)
    assert stop(own_server) is False
    assert server_status(own_server).embedded is False
    run(urls.warehouse, "select 1")


def test_it_works_on_each_supported_postgres(
    each_postgres: DatabaseUrls, settings: Settings
) -> None:
    name = f"salon_{uuid.uuid4().hex[:8]}"
    run(each_postgres.warehouse, f"create database {name}")
    url = with_parameters(each_postgres.warehouse, dbname=name)
    try:
        urls = ensure_running(replace(settings, database_url=url))
        run(urls.dagster, "select 1")
        run(urls.warehouse, "create table marts.t (x int)")
    finally:
        for database in (name, f"{name}_dagster"):
            run(each_postgres.warehouse, f"drop database if exists {database} with (force)")
