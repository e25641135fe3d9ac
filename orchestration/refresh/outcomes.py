"""dbt's outcomes as rows of the operations log.

Put here which step or quality row an outcome becomes. Do not put here writing them (steps.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from orchestration.dbt.outcomes import NodeOutcome
from orchestration.refresh.steps import QualityResult, Step, StepType

# The dimension of a generic test that names none in its meta.
DIMENSIONS = {
    "not_null": "completeness",
    "unique": "consistency",
    "unique_key": "consistency",
    "relationships": "consistency",
    "accepted_values": "accuracy",
}
DEFAULT_DIMENSION = "consistency"


def steps_of(outcomes: Sequence[NodeOutcome]) -> list[Step]:
    """Return a step for each model, seed and snapshot, and for each test that did not pass."""
    return [
        Step(
            step_name=outcome.name,
            step_type=cast("StepType", outcome.resource_type),
            status=outcome.status,
            rows=outcome.failures if outcome.is_test else outcome.rows,
            started_at=outcome.started_at,
            finished_at=outcome.finished_at,
            seconds=outcome.seconds,
            error=None if outcome.succeeded else outcome.message,
        )
        for outcome in outcomes
        if not (outcome.is_test and outcome.succeeded)
    ]


def quality_results(
    outcomes: Sequence[NodeOutcome], manifest: Mapping[str, Any]
) -> list[QualityResult]:
    """Return a quality row for each data test that ran."""
    nodes = manifest["nodes"]
    return [
        _quality_result(outcome, nodes[outcome.unique_id], nodes)
        for outcome in outcomes
        if outcome.is_test and not outcome.skipped and outcome.unique_id in nodes
    ]


def _quality_result(
    outcome: NodeOutcome, test: Mapping[str, Any], nodes: Mapping[str, Any]
) -> QualityResult:
    severity = str(test["config"].get("severity", "error")).lower()
    return QualityResult(
        tool="dbt",
        table_name=tested_table(test, nodes),
        check_name=outcome.name,
        dimension=dimension_of(test),
        severity="warning" if severity == "warn" else "error",
        passed=outcome.succeeded,
        rows_failed=outcome.failures,
        expected=test.get("description") or None,
        checked_at=outcome.finished_at,
    )


def dimension_of(test: Mapping[str, Any]) -> str:
    """Return the dimension in a test's meta, else the usual one of its kind."""
    stated = test["config"].get("meta", {}).get("dimension")
    kind = (test.get("test_metadata") or {}).get("name")
    return str(stated or DIMENSIONS.get(kind or "", DEFAULT_DIMENSION))


def tested_table(test: Mapping[str, Any], nodes: Mapping[str, Any]) -> str:
    """Return the table a test is about, under the name that readers know."""
    named = test["config"].get("meta", {}).get("dagster", {}).get("ref", {}).get("name")
    tested = test.get("attached_node") or next(
        (i for i, node in nodes.items() if named and node["name"] == named), None
    )
    tested = tested or next(iter(test["depends_on"]["nodes"]), None)
    node = nodes.get(str(tested))
    if node is None:
        return str(tested or test["name"])
    schema = node["config"].get("meta", {}).get("published_schema") or node["schema"]
    return f"{schema}.{node['alias']}"
