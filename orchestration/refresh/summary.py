"""How one refresh went, for the person who started it.

Put here reading of one refresh. Do not put here the state of the whole warehouse (status.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from orchestration.postgres.connection import Connection
from orchestration.refresh.publication import PublishedTable, published_tables
from orchestration.refresh.rows import single_row


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check that did not pass."""

    table_name: str
    check_name: str
    severity: str
    rows_failed: int | None


@dataclass(frozen=True, slots=True)
class Summary:
    """A refresh with its public tables and checks; as_of is UTC."""

    refresh_id: int | None = None
    as_of: datetime | None = None
    error: str | None = None
    tables: list[PublishedTable] = field(default_factory=list)
    failed_checks: list[FailedCheck] = field(default_factory=list)
    checks_passed: int = 0


def summary_of_run(connection: Connection, dagster_run_id: str) -> Summary:
    """Return the refresh that a Dagster run made; an empty summary when it opened none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select refresh_id, as_of, error from ops.refreshes where dagster_run_id = %s",
            (dagster_run_id,),
        )
        row = cursor.fetchone()
        if row is None:
            return Summary()
        refresh_id, as_of, error = row
        cursor.execute(
            "select table_name, check_name, severity, rows_failed from ops.data_quality_results"
            " where refresh_id = %s and not passed order by severity, table_name, check_name",
            (refresh_id,),
        )
        failed = [FailedCheck(*check) for check in cursor.fetchall()]
        cursor.execute(
            "select count(*) from ops.data_quality_results where refresh_id = %s and passed",
            (refresh_id,),
        )
        passed = single_row(cursor)[0]
    tables = published_tables(connection, refresh_id)
    return Summary(refresh_id, as_of.astimezone(UTC), error, tables, failed, passed)
