"""Data tests in one statement, for a pass whose tables have few rows.

Put here what makes that equal to dbt's own tests, which say the same of each test. Do not put here
their SQL (dbt_project/tests, dbt_project/macros/refresh) or building (build.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from orchestration.dbt.arguments import data_tests_arguments
from orchestration.dbt.build import BuildOptions, Dbt, build, buildable
from orchestration.dbt.outcomes import NodeOutcome
from orchestration.dbt.project import Manifest
from orchestration.dbt.runner import DbtFailedError
from orchestration.postgres.connection import Connection

OF_KEYS = BuildOptions(recomputed_only=True, recreate=False, rebuilds_organizations=False)


def run_tests_at_once(
    runner: Dbt, manifest: Manifest, connection: Connection
) -> Iterator[NodeOutcome]:
    """Run every data test of a pass over keys in one statement and yield the outcomes.

    Where a test cannot be run at all dbt runs them, one by one, and tells which it was.
    """
    nodes = manifest["nodes"]
    tests = [i for i in buildable(manifest, OF_KEYS) if nodes[i]["resource_type"] == "test"]
    started_at = datetime.now(UTC)
    try:
        runner.run(data_tests_arguments(runner.paths, tests), OF_KEYS.variables)
    except DbtFailedError:
        yield from build(runner, manifest, tests, OF_KEYS)
        return
    yield from _outcomes(connection, manifest, started_at)


def _outcomes(
    connection: Connection, manifest: Manifest, started_at: datetime
) -> Iterator[NodeOutcome]:
    with connection.cursor() as cursor:
        cursor.execute("select unique_id, failures from scope.test_results order by unique_id")
        results = cursor.fetchall()
    finished_at = datetime.now(UTC)
    for unique_id, failures in results:
        node = manifest["nodes"][unique_id]
        fails = "warn" if node["config"]["severity"].lower() == "warn" else "fail"
        yield NodeOutcome(
            unique_id=unique_id,
            resource_type="test",
            name=node["name"],
            status=fails if failures else "pass",
            message=f"Got {failures} failing rows" if failures else None,
            rows=None,
            failures=failures,
            started_at=started_at,
            finished_at=finished_at,
            seconds=None,
        )
