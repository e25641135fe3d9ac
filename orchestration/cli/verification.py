"""`chairside refresh --verify`: what was compared, and what differs.

Put here what is printed and how the command ends. Do not put here the comparison (checks/).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import click

from orchestration.errors import ChairsideError
from orchestration.postgres.connection import Connection
from orchestration.refresh.verifying import Coverage, coverage_since


class VerificationFailedError(ChairsideError):
    """Public tables differ from a rebuild, or could not be compared with one."""


@dataclass(frozen=True, slots=True)
class ComparedTable:
    """How the comparison of one public table ended."""

    table: str
    rows: int
    difference: str | None


def report_verification(
    connection: Connection, dagster_run_id: str, started_at: datetime, error: str | None
) -> None:
    """Print each table and how far verifications have come; raises where anything is wrong."""
    tables = _compared_tables(connection, dagster_run_id)
    coverage = coverage_since(connection, started_at)
    width = max((len(table.table) for table in tables), default=0)
    for table in tables:
        verdict = f"differs: {table.difference}" if table.difference else "equal"
        click.echo(f"  {table.table:<{width}} {table.rows:>11,} rows  {verdict}")
    if tables:
        click.echo(_progress(coverage))
    if any(table.difference for table in tables):
        raise VerificationFailedError(
            "Public tables differ from a rebuild.",
            "They are as they were. The next refresh rebuilds the organizations that differ; what"
            " differed stays in ops.refresh_steps.",
        )
    if error:
        raise VerificationFailedError(f"Nothing was verified: {error}", "See `chairside status`.")


def _compared_tables(connection: Connection, dagster_run_id: str) -> list[ComparedTable]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select steps.step_name, steps.rows, steps.error
            from ops.refresh_steps as steps
            inner join ops.refreshes as refreshes on steps.refresh_id = refreshes.refresh_id
            where
                refreshes.dagster_run_id = %s
                and refreshes.mode = 'verify'
                and steps.step_type = 'verification'
            order by steps.step_name
            """,
            (dagster_run_id,),
        )
        return [ComparedTable(*row) for row in cursor.fetchall()]


def _progress(coverage: Coverage) -> str:
    said = f"Verified {coverage.verified} of {coverage.organizations} organizations."
    if coverage.waiting:
        said += f" {coverage.waiting} wait to be rebuilt by the next refresh."
    if coverage.longest_unverified:
        since = coverage.longest_unverified_since
        when = f"last on {since.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if since else "never so far"
        said += (
            f" The others have their turn next, {coverage.longest_unverified} first"
            f" (verified {when}); --all takes them all."
        )
    return said
