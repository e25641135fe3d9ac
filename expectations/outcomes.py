"""The outcome of one check, and its row in ops.data_quality_results.

Put here what became of a check. Do not put here how checks run (validation.py) or how Dagster is
told (orchestration/checks).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg2.extras import execute_values

from expectations.suite import Check, Severity, Suite
from orchestration.postgres.connection import Connection

if TYPE_CHECKING:
    import pandas as pd

MOST_NAMED = 5
NOTHING_JUDGED = "nothing to judge"
TOO_LITTLE_HISTORY = "too little history"
HISTORY_COLUMNS = ("robust_z", "lateness")


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What one check found; rows are rows of its table, or organizations where it counts none."""

    check_name: str
    table_name: str
    passed: bool
    severity: Severity
    dimension: str
    description: str
    observed: str
    expected: str
    rows_checked: int
    rows_failed: int


def outcome_of(
    suite: Suite, check: Check, profile: pd.DataFrame, failed: pd.Series
) -> CheckOutcome:
    """Return the outcome of a check; `failed` marks the rows of the profile that it refuses."""
    judged = profile[profile[check.column].notna()]
    refused = profile[failed]
    if check.rows_failed and check.rows_checked:
        rows_checked = int(judged[check.rows_checked].sum())
        rows_failed = int(judged[check.rows_failed].sum())
    else:
        rows_checked, rows_failed = len(judged), len(refused)
    return CheckOutcome(
        check_name=check.name,
        table_name=check.table_name,
        passed=refused.empty,
        severity=check.severity,
        dimension=check.dimension,
        description=check.description,
        observed=_observed(suite, check, judged, refused),
        expected=check.expected,
        rows_checked=rows_checked,
        rows_failed=rows_failed,
    )


def _observed(suite: Suite, check: Check, judged: pd.DataFrame, refused: pd.DataFrame) -> str:
    if judged.empty:
        return TOO_LITTLE_HISTORY if check.column in HISTORY_COLUMNS else NOTHING_JUDGED
    if refused.empty:
        low, high = judged[check.column].min(), judged[check.column].max()
        values = f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"
        return f"{values} over {len(judged)} row(s)"
    named = [
        f"{' '.join(str(row[key]) for key in suite.one_row_per)}: {row[check.column]:.4g}"
        for _, row in refused.head(MOST_NAMED).iterrows()
    ]
    more = f", and {len(refused) - MOST_NAMED} more" if len(refused) > MOST_NAMED else ""
    return f"{', '.join(named)}{more} (of {len(judged)})"


def record_outcomes(
    connection: Connection, refresh_id: int | None, outcomes: Sequence[CheckOutcome]
) -> None:
    """Write a row of ops.data_quality_results for each outcome; the caller commits."""
    with connection.cursor() as cursor:
        execute_values(
            cursor,
            """
            insert into ops.data_quality_results (
                refresh_id, tool, table_name, check_name, dimension, severity, passed,
                rows_checked, rows_failed, observed_value, expected
            ) values %s
            """,
            [
                (
                    refresh_id,
                    "great_expectations",
                    outcome.table_name,
                    outcome.check_name,
                    outcome.dimension,
                    outcome.severity,
                    outcome.passed,
                    outcome.rows_checked,
                    outcome.rows_failed,
                    outcome.observed,
                    outcome.expected,
                )
                for outcome in outcomes
            ],
        )
