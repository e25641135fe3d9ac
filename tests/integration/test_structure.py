"""A changed model changes its public table, and neither readers nor what they own notice.

Put here columns, keys, comments, indexes and locks of public tables. Do not put here their rows
(test_publication.py) or readers during a whole refresh (test_refresh.py).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg2
import pytest

from orchestration.dbt.arguments import common_arguments, publish_arguments
from orchestration.dbt.runner import DbtFailedError, DbtRunner
from orchestration.postgres.connection import Connection, connect

if TYPE_CHECKING:
    from tests.warehouse import Warehouse

OPEN_A_REFRESH = """
    insert into ops.refreshes (status, as_of, triggered_by)
    select 'running', as_of, 'tests' from ops.refresh_context
    where not exists (select 1 from ops.refreshes where status = 'running')
"""
ANALYST = """
    create schema analyst;
    create view analyst.staff_names as select organization_id, staff_id, name from marts.staff;
    grant select on analyst.staff_names to pg_monitor;
    grant select on marts.staff to pg_read_all_stats;
    comment on view analyst.staff_names is 'whom to call';
    create index analysts_own on marts.staff (lower(name));
    create view analyst.everything as select * from marts.visits;
"""
OWNED = """
    select relname, oid::bigint, relacl::text, obj_description(oid, 'pg_class') as comment
    from pg_catalog.pg_class
    where relnamespace = 'analyst'::regnamespace or relname = 'analysts_own'
        or oid = 'marts.staff'::regclass
    order by relname
"""
COLUMN = """
    select
        format_type(atttypid, atttypmod) as type, attnotnull as is_required,
        col_description(attrelid, attnum) as comment
    from pg_catalog.pg_attribute
    where attrelid = %s::regclass and attname = %s and not attisdropped
"""
FUNCTIONS = """
    select proname, xmin::text, oid::bigint from pg_catalog.pg_proc
    where pronamespace = 'marts'::regnamespace order by proname
"""


@dataclass
class Publishing:
    """A warehouse and a dbt that has read the project once."""

    warehouse: Warehouse
    runner: DbtRunner

    def align(self) -> None:
        """Change the structure of public tables, as the first step of publishing does."""
        self.warehouse.execute(OPEN_A_REFRESH)
        common = common_arguments(self.runner.paths)
        with self.warehouse.active():
            self.runner.run(["run-operation", "align_public_tables", *common])

    def publish(self) -> None:
        """Publish everything that is built."""
        self.warehouse.execute(OPEN_A_REFRESH)
        with self.warehouse.active():
            self.runner.run(publish_arguments(self.runner.paths))

    def column(self, table: str, name: str) -> dict[str, Any] | None:
        """Return what the catalogue knows of a column; None where there is none."""
        return next(iter(self.warehouse.rows(COLUMN, (table, name))), None)

    def notes(self, table: str) -> str:
        """Return what the last refresh's log says of a table's structure."""
        rows = self.warehouse.rows(
            "select note from ops.refresh_steps where step_type = 'structure' and step_name = %s"
            " order by refresh_id desc limit 1",
            (table,),
        )
        return rows[0]["note"] if rows else ""


@pytest.fixture(scope="module")
def publishing(scratch_warehouse: Warehouse, runner: DbtRunner) -> Publishing:
    scratch_warehouse.execute(ANALYST)
    return Publishing(scratch_warehouse, runner)


@contextmanager
def reader_in_a_transaction(publishing: Publishing, table: str) -> Iterator[Connection]:
    """Somebody who has read a table and leaves the transaction open."""
    with connect(publishing.warehouse.url, application_name="notebook") as connection:
        connection.cursor().execute(f"select count(*) from {table}")
        yield connection


def test_an_ordinary_publication_takes_no_lock_stronger_than_row_exclusive(
    publishing: Publishing,
) -> None:
    tables = publishing.warehouse.rows(
        "select string_agg(oid::regclass::text, ', ') as names from pg_class"
        " where relnamespace = 'marts'::regnamespace and relkind = 'r'"
    )[0]["names"]
    functions = publishing.warehouse.rows(FUNCTIONS)
    assert functions
    with connect(publishing.warehouse.url) as other:
        # Whatever is stronger than ROW EXCLUSIVE has to wait for this, and then fails.
        other.cursor().execute(f"lock table {tables} in share update exclusive mode")
        publishing.publish()
    assert publishing.warehouse.rows(FUNCTIONS) == functions


def test_what_an_analyst_owns_survives_a_column_that_a_model_gained(publishing: Publishing) -> None:
    owned = publishing.warehouse.rows(OWNED)
    publishing.warehouse.execute(
        "alter table build.staff add column shoe_size integer;"
        " comment on column build.staff.shoe_size is 'EU'; comment on table build.staff is 'Team'"
    )
    publishing.align()
    assert publishing.column("marts.staff", "shoe_size") == {
        "type": "integer",
        "is_required": False,
        "comment": "EU",
    }
    assert publishing.notes("marts.staff") == "column shoe_size was added"
    after = publishing.warehouse.rows(OWNED)
    assert [{**row, "comment": None} for row in after] == [
        {**row, "comment": None} for row in owned
    ]
    comments = {row["relname"]: row["comment"] for row in after}
    assert comments["staff_names"] == "whom to call"
    assert comments["staff"] == "Team"


def test_a_column_that_a_view_uses_is_kept_empty_and_goes_when_nobody_uses_it(
    publishing: Publishing,
) -> None:
    publishing.warehouse.execute("alter table build.staff drop column name")
    publishing.align()
    column = publishing.column("marts.staff", "name")
    assert column is not None
    assert not column["is_required"]
    assert column["comment"].startswith("Obsolete and empty")
    assert "analyst.staff_names" in column["comment"]
    assert publishing.warehouse.rows("select count(name) as names from analyst.staff_names") == [
        {"names": 0}
    ]
    publishing.publish()

    publishing.warehouse.execute("drop view analyst.staff_names")
    publishing.align()
    assert publishing.column("marts.staff", "name") is None


def test_a_retyped_column_keeps_its_values_and_the_views_on_the_old_one(
    publishing: Publishing,
) -> None:
    services = publishing.warehouse.rows("select sum(services) as sum from marts.visits")
    publishing.warehouse.execute(
        "alter table build.visits alter column services type numeric(12, 2);"
        " alter table build.visits alter column service_minutes type numeric(12, 2)"
    )
    publishing.align()
    column = publishing.column("marts.visits", "services")
    assert column is not None
    assert column["type"] == "numeric(12,2)"
    assert publishing.warehouse.rows("select sum(services) as sum from marts.visits") == services
    assert publishing.warehouse.rows("select count(services) as n from analyst.everything") == [
        {"n": 0}
    ]
    assert "kept because of the view analyst.everything" in publishing.notes("marts.visits")
    publishing.publish()


@pytest.mark.parametrize("index", ["", "create index on marts.products (name, brand)"])
def test_a_column_is_retyped_even_if_its_old_values_do_not_fit(
    publishing: Publishing, index: str
) -> None:
    column = "brand" if index else "name"
    publishing.warehouse.execute(
        f"alter table build.products alter column {column} type integer using length({column});"
        + index
    )
    publishing.align()
    retyped = publishing.column("marts.products", column)
    assert retyped is not None
    assert retyped["type"] == "integer"


def test_an_analysts_index_survives_the_retyping_of_its_column(publishing: Publishing) -> None:
    publishing.warehouse.execute(
        "create index analysts_second on marts.services (price_changes);"
        " alter table build.services alter column price_changes type bigint"
    )
    publishing.align()
    indexes = publishing.warehouse.rows(
        "select 1 from pg_indexes where indexname = 'analysts_second'"
    )
    assert indexes
    assert publishing.notes("marts.services") == "column price_changes became bigint"


def test_a_key_that_cannot_become_its_new_type_is_refused(publishing: Publishing) -> None:
    publishing.warehouse.execute(
        "alter table build.locations alter column location_id type integer using length(name)"
    )
    with pytest.raises(DbtFailedError, match=r"Column location_id of the key of .* cannot become"):
        publishing.align()
    publishing.warehouse.execute("alter table build.locations alter column location_id type text")


def test_a_changed_key_is_refused_with_what_to_do(publishing: Publishing) -> None:
    constraint = publishing.warehouse.rows(
        "select conname from pg_constraint where conrelid = 'build.locations'::regclass"
        " and contype = 'p'"
    )[0]["conname"]
    publishing.warehouse.execute(
        f'alter table build.locations drop constraint "{constraint}";'
        " alter table build.locations add primary key (location_id, organization_id)"
    )
    with pytest.raises(DbtFailedError, match="give the model its old key back"):
        publishing.align()
    publishing.warehouse.execute(
        "alter table build.locations drop constraint locations_pkey;"
        " alter table build.locations add primary key (organization_id, location_id)"
    )
    publishing.align()


def test_a_change_waits_for_a_reader_and_holds_up_nobody_meanwhile(publishing: Publishing) -> None:
    publishing.warehouse.execute("alter table build.calendar add column moon text")
    aligning = threading.Thread(target=publishing.align)
    with (
        reader_in_a_transaction(publishing, "marts.calendar"),
        connect(publishing.warehouse.url, autocommit=True) as other,
    ):
        aligning.start()
        with other.cursor() as cursor:
            for _ in range(40):
                # Longer than one try of the change, and far shorter than the reader's stay.
                cursor.execute(
                    "set lock_timeout = '1s'; select count(*), pg_sleep(0.05) from marts.calendar"
                )
        assert publishing.column("marts.calendar", "moon") is None
        assert aligning.is_alive()
    aligning.join()
    assert publishing.column("marts.calendar", "moon") is not None


def test_a_change_that_finds_no_moment_names_who_is_in_the_way(
    publishing: Publishing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAIRSIDE_STRUCTURE_PATIENCE", "1 second")
    publishing.warehouse.execute("alter table build.calendar add column tide text")
    with reader_in_a_transaction(publishing, "marts.calendar") as reader:
        session = reader.info.backend_pid
        with pytest.raises(DbtFailedError) as failure:
            publishing.align()
    assert "calendar" in str(failure.value)
    assert f"session {session} of" in str(failure.value)
    assert "(notebook), idle in transaction since" in str(failure.value)
    monkeypatch.delenv("CHAIRSIDE_STRUCTURE_PATIENCE")
    publishing.align()


def test_a_transaction_that_only_sits_there_is_ended(
    publishing: Publishing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAIRSIDE_READER_IDLE_LIMIT", "1 second")
    publishing.warehouse.execute("alter table build.calendar add column wind text")
    with reader_in_a_transaction(publishing, "marts.calendar") as reader:
        publishing.align()
        with pytest.raises(psycopg2.Error):
            reader.cursor().execute("select 1")
    assert publishing.column("marts.calendar", "wind") is not None
