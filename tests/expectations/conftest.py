"""A demo warehouse that checks pass on, to be broken in transactions that are rolled back.

Put here data and the judging of one suite. Great Expectations is imported once a session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from expectations.outcomes import CheckOutcome
from expectations.runner import try_suite
from expectations.suite import Scope, load_suites
from orchestration.demo.plan import Plan
from orchestration.demo.salon import make_demo, write_demo
from orchestration.loading.load import load_path
from orchestration.postgres.connection import Connection, connect
from orchestration.warehouse.schema import ensure_warehouse

STAND_INS = Path(__file__).with_name("stand_ins.sql")

Judge = Callable[..., dict[str, CheckOutcome]]


@pytest.fixture(scope="session")
def demo_warehouse(new_database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a database with a year of demo raw data, and stand-ins for the marts of it.

    A published refresh has taken its only load; another runs at the demo's present.
    """
    folder = tmp_path_factory.mktemp("demo")
    plan = Plan(customers=1200, years=1)
    write_demo(make_demo(plan), folder)
    with new_database() as url:
        with connect(url) as connection:
            ensure_warehouse(connection)
            load_path(connection, folder)
            with connection.cursor() as cursor:
                cursor.execute(
                    """
                    insert into ops.refreshes
                        (status, as_of, through_load_id, triggered_by, published_at)
                    values ('succeeded', '2026-11-01 11:00Z', 1, 'test', '2026-11-01 11:00Z');
                    insert into ops.refreshes (status, as_of, through_load_id, triggered_by)
                    values ('running', %(now)s, 1, 'test');
                    update ops.loads set refresh_id = 1;
                    """,
                    {"now": f"{plan.as_of}Z"},
                )
                cursor.execute(STAND_INS.read_text(encoding="utf-8"))
        yield url


@pytest.fixture
def connection(demo_warehouse: str) -> Iterator[Connection]:
    """A connection to the demo warehouse; what a test changes is rolled back."""
    with connect(demo_warehouse) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def judge(connection: Connection) -> Judge:
    """Return `judge(schema, table, scope)`: outcomes by name, as the test's transaction sees it."""

    def judge(schema: str, table: str, scope: Scope) -> dict[str, CheckOutcome]:
        suite = next(suite for suite in load_suites(schema) if suite.table == table)
        outcomes = try_suite(connection, suite, scope=scope)
        return {outcome.check_name: outcome for outcome in outcomes}

    return judge


@pytest.fixture
def execute(connection: Connection) -> Callable[[str], None]:
    """Return `execute(sql)`, which changes what the same test judges next."""

    def execute(statements: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statements)

    return execute


@pytest.fixture
def land(connection: Connection) -> Callable[[str], None]:
    """Return `land(table)`: maple's rows of it, or those of load 2, come from an untaken load."""

    def land(table: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                insert into ops.loads
                    (load_id, source_system, path, status, started_at, finished_at, seconds)
                overriding system value
                values (2, 'native', '/', 'succeeded', '2026-11-01', '2026-11-01', 1)
                on conflict do nothing;
                insert into ops.load_files values (2, '{table}', 'x', 'x', 1, 1, 0, 0, 0, 0, 0);
                update raw_native.{table} set _load_id = 2
                where organization_id = 'maple'
                and not exists (select from raw_native.{table} where _load_id = 2)
                """
            )

    return land
