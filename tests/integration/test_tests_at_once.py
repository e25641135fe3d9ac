"""A pass over keys makes its data tests in one statement: it must find what dbt's own would."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest

from orchestration.dbt.arguments import common_arguments
from orchestration.dbt.outcomes import NodeOutcome
from orchestration.dbt.project import load_manifest, project_paths
from orchestration.dbt.runner import DbtRunner
from orchestration.dbt.tests_at_once import OF_KEYS, run_tests_at_once
from orchestration.postgres.connection import connect

if TYPE_CHECKING:
    from tests.integration.conftest import Warehouse

# One for each way a test can be written, and what each is found by.
BROKEN = """
    insert into input.input__locations select * from input.input__locations;
    update build.staff set staff_type = 'robot';
    update build.locations set organization_id = organization_id || '?';
    delete from build.calendar where day_of_month = 2;
"""
# Of a refresh with 130 models and the tests of them; dbt would open one for every node.
MOST_SESSIONS = 60


CHANGED_ROWS = """
    with load as (
        insert into ops.loads (source_system, path, status, started_at, finished_at, seconds)
        values ('native', 'changed rows', 'succeeded', now(), now(), 0)
        returning load_id
    )
    update raw_native.appointments set _load_id = load.load_id from load
    where (organization_id, appointment_id) in (
        select organization_id, appointment_id from raw_native.appointments limit 5
    )
"""
SESSIONS = "select sessions from pg_stat_database where datname = current_database()"


@pytest.fixture
def sessions(scratch_warehouse: Warehouse) -> int:
    """Return how many sessions a refresh opens that recomputes a few keys, and leave its tables."""
    scratch_warehouse.execute(CHANGED_ROWS)
    before = scratch_warehouse.rows(SESSIONS)[0]["sessions"]
    assert scratch_warehouse.refresh().succeeded
    assert scratch_warehouse.rows("select 1 from scope.organizations") == []
    assert scratch_warehouse.rows("select 1 from scope.row_versions") != []
    opened: int = scratch_warehouse.rows(SESSIONS)[0]["sessions"] - before
    return opened


def judged(outcomes: Iterable[NodeOutcome]) -> dict[str, tuple[str, int | None]]:
    return {o.unique_id: (o.status, o.failures) for o in outcomes if o.is_test}


def test_a_pass_over_keys_finds_at_once_what_dbt_finds_one_by_one(
    scratch_warehouse: Warehouse, sessions: int
) -> None:
    assert sessions < MOST_SESSIONS

    with scratch_warehouse.active() as settings, connect(scratch_warehouse.url) as connection:
        connection.autocommit = True
        runner, manifest = DbtRunner(project_paths(settings)), load_manifest(settings)
        dbt_test = ["test", "--exclude-resource-type", "unit_test"]
        dbt_test += common_arguments(runner.paths)
        sound = judged(run_tests_at_once(runner, manifest, connection))
        scratch_warehouse.execute("alter table build.staff rename column staff_type to kind")
        unable = [o for o in run_tests_at_once(runner, manifest, connection) if o.failed]
        scratch_warehouse.execute("alter table build.staff rename column kind to staff_type")
        scratch_warehouse.execute(BROKEN)
        broken = judged(run_tests_at_once(runner, manifest, connection))
        one_by_one = judged(runner.stream(dbt_test, OF_KEYS.variables))

    assert {status for status, _ in sound.values()} == {"pass"}
    assert broken == {i: found for i, found in one_by_one.items() if i in broken}
    failed = {unique_id for unique_id, (status, _) in broken.items() if status == "fail"}
    for kind in ("unique_key_input__locations", "accepted_values_staff", "foreign_key", "assert_"):
        assert any(kind in unique_id for unique_id in failed), kind

    assert unable, "a test that cannot be run is named by dbt"
    assert all(o.status == "error" and "staff_type" in (o.message or "") for o in unable)
