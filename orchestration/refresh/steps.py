"""Rows of ops.refresh_steps and ops.data_quality_results.

Put here the two tables' writers. Do not put here what a step is (the callers know) or reading for
people (status.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from typing import Literal

from psycopg2 import sql
from psycopg2.extras import execute_values

from orchestration.postgres.connection import Connection

StepType = Literal[
    "run", "stage", "seed", "model", "snapshot", "test", "check", "verification", "export"
]


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of a refresh did. Seconds may be less than the time between its ends."""

    step_name: str
    step_type: StepType
    status: str
    rows: int | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    seconds: float | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class QualityResult:
    """The outcome of one check of one table, in one of the four dimensions of data quality."""

    tool: Literal["great_expectations", "dbt"]
    table_name: str
    check_name: str
    dimension: str
    severity: Literal["error", "warning"]
    passed: bool
    rows_failed: int | None
    expected: str | None
    checked_at: datetime | None


def record_steps(connection: Connection, refresh_id: int, steps: Sequence[Step]) -> None:
    """Write steps; one that was written before (a retry) is replaced."""
    columns = [field.name for field in fields(Step)]
    replaced = sql.SQL(", ").join(
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(column)) for column in columns[2:]
    )
    with connection.cursor() as cursor:
        execute_values(
            cursor,
            sql.SQL(
                "insert into ops.refresh_steps (refresh_id, {}) values %s"
                " on conflict (refresh_id, step_type, step_name) do update set {}"
            ).format(_names(columns), replaced),
            [(refresh_id, *astuple(step)) for step in steps],
        )


def record_quality(
    connection: Connection, refresh_id: int | None, results: Sequence[QualityResult]
) -> None:
    """Write the outcomes of checks; those without a time of their own get the server's."""
    columns = [field.name for field in fields(QualityResult)]
    rows = [(refresh_id, *astuple(result)) for result in results]
    with connection.cursor() as cursor:
        execute_values(
            cursor,
            sql.SQL("insert into ops.data_quality_results (refresh_id, {}) values %s").format(
                _names(columns)
            ),
            rows,
            template=f"(%s{', %s' * (len(columns) - 1)}, coalesce(%s, clock_timestamp()))",
        )


def _names(columns: Sequence[str]) -> sql.Composable:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
