"""The judge of concurrent readers notices what it is there for.

Put here proofs that a broken publication would be seen. Do not put here readers of a real refresh
(tests/integration).
"""

from __future__ import annotations

import time

import pytest

from orchestration.postgres.connection import connect
from tests.readers import reading

# As the real tables: two organizations, in two tables each.
MARTS = """
    create schema marts;
    create table marts.sales (
        organization_id text, sale_id int, net_minor int, total_minor int
    );
    create table marts.sale_lines (like marts.sales);
    create table marts.daily_sales (
        organization_id text, location_id text, business_date date, net_sales_minor int
    );
    create table marts.financial_daily (
        organization_id text, location_id text, business_date date, accrual_net_sales_minor int
    );
    create table marts.financial_monthly (like marts.financial_daily);
    insert into marts.sales values ('a', 1, 10, 10), ('b', 1, 10, 10);
    insert into marts.sale_lines table marts.sales;
"""


@pytest.fixture
def marts(fresh_database: str) -> str:
    with connect(fresh_database) as connection:
        connection.cursor().execute(MARTS)
    return fresh_database


def run(url: str, *statements: str, sitting_too: bool = True) -> list[str]:
    """Run each statement in a transaction of its own beside readers; return what they found."""
    with (
        reading(url, readers=2, sitting_too=sitting_too) as readers,
        connect(url, autocommit=True) as writer,
    ):
        for statement in statements:
            looks = readers.looks
            writer.cursor().execute(statement)
            while readers.looks < looks + 4 and not any(s.errors for s in readers.seen):
                time.sleep(0.01)
    return readers.faults()


def test_whole_publications_of_one_organization_after_the_other_are_no_fault(marts: str) -> None:
    both = "update marts.sales set net_minor = 20 where organization_id = '{0}';"
    both += "update marts.sale_lines set net_minor = 20 where organization_id = '{0}'"
    assert run(marts, both.format("a"), both.format("b")) == []


def test_tables_that_disagree_are_a_fault(marts: str) -> None:
    assert "lines and tickets disagree" in run(marts, "update marts.sales set net_minor = 20")


def test_a_table_published_before_the_other_is_a_fault(marts: str) -> None:
    day = "insert into marts.daily_sales values ('a', 'l', '2026-11-01', 0)"
    faults = run(marts, day, "delete from marts.sales; delete from marts.sale_lines")
    assert any("in a state of its own" in fault for fault in faults)


def test_an_empty_table_in_between_is_a_fault(marts: str) -> None:
    keep = "create table public.kept as table marts.sales"
    empty = "delete from marts.sales; delete from marts.sale_lines"
    full = "insert into marts.sales table kept; insert into marts.sale_lines table kept"
    assert run(marts, keep, empty, full)


def test_a_lock_that_readers_run_into_is_a_fault(marts: str) -> None:
    locked = "lock table marts.sales in access exclusive mode; select pg_sleep(1)"
    faults = run(marts, locked, sitting_too=False)
    assert any("lock timeout" in fault for fault in faults)
