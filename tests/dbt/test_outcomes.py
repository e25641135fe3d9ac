"""dbt's events as outcomes, and outcomes as rows of the operations log."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from orchestration.dbt.outcomes import outcome_from_event
from orchestration.refresh.outcomes import dimension_of, quality_results, steps_of


def event(resource_type: str, status: str, **result: Any) -> dict[str, Any]:
    return {
        "data": {
            "node_info": {
                "unique_id": f"{resource_type}.chairside.sales",
                "node_name": "sales",
                "resource_type": resource_type,
                "node_status": status,
                "node_started_at": "2026-03-01T12:00:00.500000",
                "node_finished_at": "2026-03-01T12:00:02",
            },
            "run_result": {"status": status, "execution_time": 1.5, **result},
        }
    }


MANIFEST: dict[str, Any] = {
    "nodes": {
        "model.chairside.sales": {
            "name": "sales",
            "alias": "sales",
            "schema": "build",
            "config": {"meta": {"published_schema": "marts"}},
        },
        "test.chairside.sales": {
            "name": "not_null_sales",
            "config": {"severity": "warn"},
            "test_metadata": {"name": "not_null"},
            "attached_node": "model.chairside.sales",
            "depends_on": {"nodes": ["model.chairside.sales"]},
        },
    }
}


def test_a_table_s_outcome_tells_the_rows_it_wrote_and_its_times_in_utc() -> None:
    outcome = outcome_from_event(event("model", "success", adapter_response={"rows_affected": 7.0}))
    assert outcome.rows == 7
    assert outcome.succeeded
    assert outcome.started_at == datetime(2026, 3, 1, 12, 0, 0, 500000, UTC)
    assert outcome.seconds == 1.5


def test_a_view_has_no_rows_rather_than_minus_one() -> None:
    outcome = outcome_from_event(event("model", "success", adapter_response={"rows_affected": -1}))
    assert outcome.rows is None


def test_a_test_counts_its_failures_and_not_the_row_its_query_returned() -> None:
    answer = {"rows_affected": 1.0}
    passed = outcome_from_event(event("test", "pass", adapter_response=answer))
    failed = outcome_from_event(event("test", "fail", adapter_response=answer, num_failures=3))
    assert (passed.rows, passed.failures, passed.failed) == (None, 0, False)
    assert (failed.rows, failed.failures, failed.failed) == (None, 3, True)


def test_a_warning_neither_passes_nor_stops_a_refresh() -> None:
    outcome = outcome_from_event(event("test", "warn", num_failures=1))
    assert not outcome.succeeded
    assert not outcome.failed


def test_every_model_and_only_tests_that_did_not_pass_become_steps() -> None:
    outcomes = [
        outcome_from_event(event("model", "success")),
        outcome_from_event(event("test", "pass")),
        outcome_from_event(event("test", "fail", num_failures=2, message="Got 2 results")),
    ]
    steps = steps_of(outcomes)
    assert [(step.step_type, step.status, step.rows) for step in steps] == [
        ("model", "success", None),
        ("test", "fail", 2),
    ]
    assert steps[1].error == "Got 2 results"


def test_a_test_s_quality_row_names_the_public_table_and_not_the_one_it_was_built_in() -> None:
    outcome = outcome_from_event(event("test", "warn", num_failures=4))
    (row,) = quality_results([outcome], MANIFEST)
    assert (row.table_name, row.severity, row.passed) == ("marts.sales", "warning", False)
    assert (row.dimension, row.rows_failed) == ("completeness", 4)


def test_a_skipped_test_is_no_result() -> None:
    assert not quality_results([outcome_from_event(event("test", "skipped"))], MANIFEST)


def test_a_test_s_own_dimension_wins_over_that_of_its_kind() -> None:
    node = {"config": {"meta": {"dimension": "accuracy"}}, "test_metadata": {"name": "not_null"}}
    assert dimension_of(node) == "accuracy"
    assert dimension_of({"config": {}, "test_metadata": None}) == "consistency"
