"""The loader takes a demo as it is: nothing refused, and only what was planted remarked on."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.demo.salon import Demo, write_demo
from orchestration.loading.load import load_path
from orchestration.loading.report import LoadReport
from orchestration.postgres.connection import Connection, connect
from orchestration.warehouse.schema import ensure_warehouse

PLANTED = {
    ("appointments", "repeats line"),
    ("appointments", "'trap-ghost' is unknown"),
    ("payments", "'trap-sale-of-nowhere' is unknown"),
}


@pytest.fixture(scope="module")
def reports(
    module_database: str, demo: Demo, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, LoadReport]:
    """The demo loaded from CSV, from CSV again, and from Parquet."""
    columns = tmp_path_factory.mktemp("parquet-demo")
    write_demo(demo, columns, "parquet")
    with connect(module_database) as connection:
        ensure_warehouse(connection)
        return {
            "first": load_path(connection, folder),
            "again": load_path(connection, folder),
            "parquet": load_path(connection, columns),
        }


@pytest.mark.parametrize("which", ["first", "again", "parquet"])
def test_nothing_is_refused(reports: dict[str, LoadReport], which: str) -> None:
    assert reports[which].total("rows_rejected") == 0


def test_only_what_was_planted_is_remarked_on(reports: dict[str, LoadReport]) -> None:
    warnings = reports["first"].first_warnings
    assert len(warnings) == len(PLANTED)
    for entity, reason in PLANTED:
        assert any(w.entity == entity and w.reason.startswith(reason) for w in warnings), reason


@pytest.mark.parametrize("which", ["again", "parquet"])
def test_loading_it_again_changes_nothing(reports: dict[str, LoadReport], which: str) -> None:
    for what in ("rows_inserted", "rows_updated", "rows_deleted"):
        assert reports[which].total(what) == 0, what


def test_raw_holds_the_newest_version_of_each_row(
    reports: dict[str, LoadReport], module_database: str, demo: Demo
) -> None:
    with connect(module_database) as connection:
        for entity in ("appointments", "sale_lines", "payments", "loyalty_events"):
            assert count(connection, entity) == len(demo.delivery.truth[entity])
        with connection.cursor() as cursor:
            cursor.execute(
                "select appointment_id, version, status from raw_native.appointments"
                " where appointment_id in ('trap-late-version', 'trap-moved') order by 1"
            )
            assert cursor.fetchall() == [
                ("trap-late-version", 3, "no_show"),
                ("trap-moved", 2, "confirmed"),
            ]


def count(connection: Connection, entity: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from raw_native.{entity}")
        return int(cursor.fetchone()[0])
