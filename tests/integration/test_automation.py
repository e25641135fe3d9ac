"""Schedules, sensors and the jobs beside the refresh, on a warehouse that was refreshed."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
import pytest

from orchestration import retention
from orchestration.definitions import build_definitions
from orchestration.environments import Environment
from orchestration.jobs import EXPORT_JOB, REFRESH_JOB
from orchestration.monitoring import clear_abandoned_refreshes
from orchestration.postgres.connection import connect
from orchestration.refresh.session import refresh_session
from orchestration.resources import WarehouseResource
from orchestration.retention import prune_check_evaluations, prune_runs, retention_job

if TYPE_CHECKING:
    from tests.warehouse import Warehouse


@pytest.fixture(scope="module")
def definitions(scratch_warehouse: Warehouse) -> Iterator[dg.Definitions]:
    """The definitions of production, on the module's own warehouse."""
    with scratch_warehouse.active() as settings:
        yield build_definitions(replace(settings, environment=Environment.PRODUCTION))


@pytest.fixture
def instance(definitions: dg.Definitions) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.get() as instance:
        yield instance


def tick(definitions: dg.Definitions, schedule: str, instance: dg.DagsterInstance) -> object:
    found = definitions.get_repository_def().get_schedule_def(schedule)
    # Closed here: one that is left to the garbage collector takes the instance away from whatever
    # test is running by then.
    with dg.build_schedule_context(
        instance=instance, resources={"warehouse": WarehouseResource()}
    ) as context:
        return found.evaluate_tick(context)


def test_the_hourly_schedule_asks_for_a_refresh(
    definitions: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    (request,) = tick(definitions, "hourly_refresh", instance).run_requests
    assert request.tags["chairside/refresh"] == "true"


def test_no_second_refresh_is_asked_for_while_one_runs(
    definitions: dg.Definitions, instance: dg.DagsterInstance, scratch_warehouse: Warehouse
) -> None:
    with refresh_session(scratch_warehouse.url, triggered_by="a test") as session:
        result = tick(definitions, "hourly_refresh", instance)
        assert not result.run_requests
        assert result.skip_message == f"Refresh {session.refresh_id} is still running."


def test_a_refresh_run_that_loses_the_race_ends_with_a_message_and_no_row(
    definitions: dg.Definitions, scratch_warehouse: Warehouse
) -> None:
    rows = "select count(*) as n from ops.refreshes"
    with refresh_session(scratch_warehouse.url, triggered_by="the winner"):
        before = scratch_warehouse.rows(rows)
        result = scratch_warehouse.refresh()
        assert scratch_warehouse.rows(rows) == before
    assert not result.succeeded
    assert "started by the winner" in (result.error or "")


def test_a_sensor_closes_a_refresh_whose_process_is_gone(
    instance: dg.DagsterInstance, scratch_warehouse: Warehouse
) -> None:
    run = instance.add_run(
        dg.DagsterRun(
            job_name=REFRESH_JOB, run_id=str(uuid.uuid4()), status=dg.DagsterRunStatus.STARTED
        )
    )
    scratch_warehouse.execute(
        "insert into ops.refreshes (status, as_of, triggered_by, dagster_run_id)"
        " values ('running', now(), 'a dead process', %s)",
        (run.run_id,),
    )
    with dg.build_sensor_context(
        instance=instance, resources={"warehouse": WarehouseResource()}
    ) as context:
        clear_abandoned_refreshes.evaluate_tick(context)

    closed = scratch_warehouse.rows(
        "select status from ops.refreshes where dagster_run_id = %s", (run.run_id,)
    )
    assert closed == [{"status": "failed"}]
    assert instance.get_run_by_id(run.run_id).status is dg.DagsterRunStatus.FAILURE


def test_the_export_job_writes_every_export(
    definitions: dg.Definitions, instance: dg.DagsterInstance, scratch_warehouse: Warehouse
) -> None:
    result = definitions.resolve_job_def(EXPORT_JOB).execute_in_process(instance=instance)
    assert result.success
    names = {event.asset_key.path[-1] for event in result.get_asset_materialization_events()}
    assert "segment_vip" in names
    exported = scratch_warehouse.rows("select distinct export_name from ops.exports")
    assert exported
    assert {row["export_name"] for row in exported} <= names
    assert any((scratch_warehouse.home / "exports").rglob("*.csv"))


def test_retention_deletes_old_runs_with_their_events_and_output_and_keeps_the_young(
    definitions: dg.Definitions,
    instance: dg.DagsterInstance,
    scratch_warehouse: Warehouse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert retention_job.execute_in_process(
        instance=instance, resources={"warehouse": WarehouseResource()}
    ).success
    runs = instance.get_runs()
    assert runs, "what is young stays"

    *_, oldest = instance.get_run_ids(dg.RunsFilter(statuses=[dg.DagsterRunStatus.SUCCESS]))
    succeeded = sum(run.status is dg.DagsterRunStatus.SUCCESS for run in runs)
    monkeypatch.setattr(retention, "MOST_KEPT_SUCCEEDED_RUNS", succeeded - 1)
    assert prune_runs(instance, datetime.now(UTC)) == 1, "of many the oldest goes, however young"
    assert instance.get_run_by_id(oldest) is None
    runs = instance.get_runs()

    deleted = prune_runs(instance, datetime.now(UTC) + timedelta(days=365))

    assert deleted == len(runs)
    assert not instance.get_runs()
    assert not instance.all_logs(runs[0].run_id)
    assert not (Path(instance.storage_directory()) / runs[0].run_id).exists()
    with connect(WarehouseResource().urls().dagster) as connection:
        prune_check_evaluations(connection)
        with connection.cursor() as cursor:
            cursor.execute(
                "select max(n) from (select count(*) as n from asset_check_executions"
                " group by asset_key, check_name) as counts"
            )
            assert cursor.fetchone()[0] in (None, 1), "only each check's latest is kept"


def test_status_is_the_same_for_a_person_and_a_program(scratch_warehouse: Warehouse) -> None:
    output, _ = scratch_warehouse.command("status", "--json").communicate()
    status = json.loads(output)
    assert datetime.fromisoformat(status["published"]["as_of"]) == scratch_warehouse.as_of
    shown, _ = scratch_warehouse.command("status").communicate()
    assert f"refresh {status['published']['refresh_id']}" in shown
    assert "Loads (times in UTC)" in shown


def test_a_clock_without_a_zone_is_refused_before_anything_starts(
    scratch_warehouse: Warehouse,
) -> None:
    process = scratch_warehouse.command("refresh", "--as-of", "2026-03-01T12:00:00")
    output, _ = process.communicate()
    assert process.returncode == 1
    assert "has no time zone" in output
    assert "2026-03-01T12:00:00Z" in output
