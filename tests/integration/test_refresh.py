"""What a refresh promises: all or nothing, once at a time, repaired by the next one."""

from __future__ import annotations

import signal
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from orchestration.refresh import leftovers

if TYPE_CHECKING:
    from tests.warehouse import Warehouse

BROKEN_ROW = """
    with load as (
        insert into ops.loads (source_system, path, status, started_at, finished_at, seconds)
        values ('native', 'a broken row', 'succeeded', now(), now(), 0)
        returning load_id
    )
    insert into raw_native.appointments (
        organization_id, appointment_id, customer_id, location_id, status, created_at, start_at,
        _source_system, _load_id, _loaded_at
    )
    select
        organization_id, 'broken', customer_id, location_id, 'no such status', created_at, start_at,
        _source_system, load.load_id, _loaded_at
    from raw_native.appointments
    cross join load
    limit 1
"""


# Those whose history a refresh reads client by client.
BY_CLIENT = (
    "appointments",
    "appointment_services",
    "loyalty_ledger",
    "payments",
    "sale_lines",
    "sales",
    "visits",
)
OUT_OF_PLACE = """
    select count(*) filter (where is_after_a_later_one) as rows, count(*) as all_rows
    from (
        select (organization_id, customer_id)
            < lag((organization_id, customer_id)) over (order by ctid) as is_after_a_later_one
        from marts.{}
        where customer_id is not null
    ) as placed
"""


def last_refresh(warehouse: Warehouse) -> dict:
    return warehouse.rows("select * from ops.refreshes order by refresh_id desc limit 1")[0]


def test_the_first_refresh_publishes_every_mart_and_logs_every_step(warehouse: Warehouse) -> None:
    refresh = last_refresh(warehouse)
    assert refresh["status"] == "succeeded"
    assert refresh["as_of"] == warehouse.as_of
    assert refresh["published_at"] is not None
    assert refresh["triggered_by"] == "tests"
    newest = warehouse.rows("select max(load_id) as load_id from ops.loads")[0]["load_id"]
    assert refresh["through_load_id"] == newest

    steps = warehouse.rows(
        "select * from ops.refresh_steps where refresh_id = %s", (refresh["refresh_id"],)
    )
    stages = {step["step_name"] for step in steps if step["step_type"] == "stage"}
    assert {"raw checks", "build", "mart checks", "publish"} <= stages
    published = {step["step_name"]: step for step in steps if step["step_type"] == "publish"}
    assert {"marts.customer_analytics", "marts.financial_daily"} <= published.keys()
    assert published["marts.customer_analytics"]["rows_inserted"] > 0
    assert all(step["seconds"] is not None for step in steps if step["step_type"] == "model")


@pytest.mark.parametrize("table", BY_CLIENT)
def test_a_rebuild_writes_a_clients_rows_side_by_side(warehouse: Warehouse, table: str) -> None:
    (placed,) = warehouse.rows(OUT_OF_PLACE.format(table))
    # A short row may fill what is left of a page before.
    assert 20 * placed["rows"] < placed["all_rows"]


def test_every_data_test_leaves_a_quality_row_in_one_of_four_dimensions(
    warehouse: Warehouse,
) -> None:
    rows = warehouse.rows(
        "select table_name, dimension, count(*) as checks, bool_and(passed) as passed"
        " from ops.data_quality_results where tool = 'dbt' and severity = 'error' group by 1, 2"
    )
    assert rows
    assert all(row["passed"] for row in rows)
    assert "marts.customer_analytics" in {row["table_name"] for row in rows}


def test_a_second_refresh_with_nothing_new_changes_no_public_row(
    scratch_warehouse: Warehouse,
) -> None:
    before = scratch_warehouse.public_tables()
    assert scratch_warehouse.refresh().succeeded
    refresh = last_refresh(scratch_warehouse)
    changes = [refresh[f"rows_{what}"] for what in ("inserted", "updated", "deleted")]
    assert changes == [0, 0, 0]
    assert scratch_warehouse.public_tables() == before


def test_a_refresh_that_fails_half_way_leaves_the_public_tables_as_they_were(
    scratch_warehouse: Warehouse,
) -> None:
    before = scratch_warehouse.public_tables()
    scratch_warehouse.execute(BROKEN_ROW)

    result = scratch_warehouse.refresh()

    assert not result.succeeded
    refresh = last_refresh(scratch_warehouse)
    assert refresh["status"] == "failed"
    assert refresh["published_at"] is None
    assert "failed" in refresh["error"]
    failed = scratch_warehouse.rows(
        "select check_name from ops.data_quality_results"
        " where refresh_id = %s and not passed and severity = 'error'",
        (refresh["refresh_id"],),
    )
    assert failed, "the check that failed is named in ops.data_quality_results"
    assert scratch_warehouse.public_tables() == before


def test_the_refresh_after_a_failed_one_repairs_without_help(scratch_warehouse: Warehouse) -> None:
    before = scratch_warehouse.public_tables()
    scratch_warehouse.execute("delete from raw_native.appointments where appointment_id = 'broken'")
    assert scratch_warehouse.refresh().succeeded
    assert scratch_warehouse.public_tables() == before


def test_a_killed_rebuild_is_closed_by_the_next_one_at_an_earlier_clock(
    scratch_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if every table were large.
    monkeypatch.setattr(leftovers, "LARGE_BYTES", 0)
    process = scratch_warehouse.command(
        "refresh", "--full", "--as-of", scratch_warehouse.as_of.isoformat()
    )
    try:
        wait_until_running(scratch_warehouse, process)
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    killed = last_refresh(scratch_warehouse)
    assert killed["status"] == "running"

    # At an earlier clock, so that it leaves out what happened later.
    earlier = scratch_warehouse.as_of - timedelta(days=60)
    assert scratch_warehouse.refresh_beside_readers(earlier).succeeded

    closed = scratch_warehouse.rows(
        "select status, error from ops.refreshes where refresh_id = %s", (killed["refresh_id"],)
    )[0]
    assert closed["status"] == "failed"
    assert "abandoned" in closed["error"]
    assert last_refresh(scratch_warehouse)["as_of"] == earlier
    newest = scratch_warehouse.rows("select max(sold_at) as sold_at from marts.sales")[0]
    assert newest["sold_at"] <= earlier
    assert scratch_warehouse.rows("select 1 from intermediate.int_visits limit 1") == []


def wait_until_running(warehouse: Warehouse, process: object) -> None:
    """Return when the process has opened its refresh; fail when it ends before."""
    for _ in range(1200):
        if last_refresh(warehouse)["status"] == "running":
            return
        if process.poll() is not None:
            pytest.fail(f"the refresh ended early: {process.stdout.read()}")
        time.sleep(0.05)
    pytest.fail("the refresh did not open within a minute")
