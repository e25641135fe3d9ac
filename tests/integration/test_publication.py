"""Publishing: only rows that differ are written, and a table's definition may change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orchestration.dbt.arguments import publish_arguments
from orchestration.dbt.runner import DbtFailedError, DbtRunner

if TYPE_CHECKING:
    from tests.warehouse import Warehouse

OPEN_A_REFRESH_ONE_HOUR_LATER = """
    insert into ops.refreshes (status, as_of, triggered_by)
    select 'running', as_of + interval '1 hour', 'tests' from ops.refresh_context
"""
CHANGE_ONE_SERVICE_AND_DELETE_ONE = """
    create view marts.a_readers_own as select name from marts.services;
    create table public.places as
    select ctid as place, organization_id, service_id, updated_at,
        row_number() over (order by organization_id, service_id) as number
    from marts.services;
    update build.services as service set name = 'renamed' from public.places
    where service.organization_id = places.organization_id
        and service.service_id = places.service_id and number = 1;
    delete from build.services as service using public.places
    where service.organization_id = places.organization_id
        and service.service_id = places.service_id and number = 2;
    update build.services set updated_at = updated_at + interval '1 h';
"""
SERVICES = """
    select places.number, services.ctid <> places.place as is_rewritten,
        services.updated_at - places.updated_at as later, services.name
    from public.places left join marts.services
        on services.organization_id = places.organization_id
        and services.service_id = places.service_id
    order by places.number
"""
LAST_STEP = """
    select rows_inserted, rows_updated, rows_deleted from ops.refresh_steps
    where step_type = 'publish' and step_name = 'marts.services'
    order by refresh_id desc limit 1
"""


def publish(warehouse: Warehouse, runner: DbtRunner) -> None:
    warehouse.execute(OPEN_A_REFRESH_ONE_HOUR_LATER)
    with warehouse.active():
        runner.run(publish_arguments(runner.paths))


def test_only_rows_that_differ_are_written_and_a_readers_view_survives(
    scratch_warehouse: Warehouse, runner: DbtRunner
) -> None:
    publish(scratch_warehouse, runner)
    assert scratch_warehouse.rows(LAST_STEP) == [
        {"rows_inserted": 0, "rows_updated": 0, "rows_deleted": 0}
    ]
    scratch_warehouse.execute(CHANGE_ONE_SERVICE_AND_DELETE_ONE)

    publish(scratch_warehouse, runner)

    renamed, deleted, *others = scratch_warehouse.rows(SERVICES)
    assert others
    assert renamed["is_rewritten"]
    assert renamed["name"] == "renamed"
    assert renamed["later"]
    assert deleted["name"] is None
    assert not any(row["is_rewritten"] or row["later"] for row in others)
    assert scratch_warehouse.rows(LAST_STEP) == [
        {"rows_inserted": 0, "rows_updated": 1, "rows_deleted": 1}
    ]
    names = scratch_warehouse.rows("select name from marts.a_readers_own where name = 'renamed'")
    assert len(names) == 1


def test_a_column_that_the_model_gained_is_added_with_its_values(
    scratch_warehouse: Warehouse, runner: DbtRunner
) -> None:
    scratch_warehouse.execute("alter table build.products add column colour text default 'red'")

    publish(scratch_warehouse, runner)

    assert scratch_warehouse.rows("select distinct colour from marts.products") == [
        {"colour": "red"}
    ]

    scratch_warehouse.execute("alter table build.products drop column colour")
    publish(scratch_warehouse, runner)

    columns = scratch_warehouse.rows(
        "select column_name from information_schema.columns"
        " where table_schema = 'marts' and table_name = 'products'"
    )
    assert "colour" not in {row["column_name"] for row in columns}


def test_an_index_that_the_model_names_is_made_where_it_is_missing_and_a_readers_own_stays(
    scratch_warehouse: Warehouse, runner: DbtRunner
) -> None:
    of_model = "btree (organization_id, customer_id, visit_date)"
    indexes = """
        select indexname, split_part(indexdef, ' USING ', 2) as shape from pg_indexes
        where schemaname = 'marts' and tablename = 'visits'
    """
    made_first = scratch_warehouse.rows(indexes)
    (found,) = (row["indexname"] for row in made_first if row["shape"] == of_model)
    scratch_warehouse.execute(f"drop index marts.{found}")
    scratch_warehouse.execute("create index readers_own on marts.visits (lower(location_id))")

    publish(scratch_warehouse, runner)
    publish(scratch_warehouse, runner)

    shapes = sorted(row["shape"] for row in scratch_warehouse.rows(indexes))
    assert shapes == sorted([*(row["shape"] for row in made_first), "btree (lower(location_id))"])


def test_a_publish_that_fails_leaves_every_table_as_it_was(
    scratch_warehouse: Warehouse, runner: DbtRunner
) -> None:
    scratch_warehouse.execute("update build.appointments set status = 'changed'")
    scratch_warehouse.execute(
        "alter table marts.visits add constraint no_change check (false) not valid"
    )
    scratch_warehouse.execute("update build.visits set services = services + 1")
    before = scratch_warehouse.public_tables()

    with pytest.raises(DbtFailedError, match="no_change"):
        publish(scratch_warehouse, runner)

    assert scratch_warehouse.public_tables() == before
