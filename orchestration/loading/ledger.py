"""The load's rows in ops: its number, its figures, its rejects; of a failed load only why.

Put here the statements that write ops.loads, ops.load_files and ops.rejected_rows. Do not put here
what is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from psycopg2 import sql

from orchestration.loading.problems import ProblemLog
from orchestration.loading.report import COUNTS, LoadReport
from orchestration.postgres.connection import Connection
from orchestration.warehouse.patience import without_lock_timeout
from orchestration.warehouse.query import fetch_value

# Loads take turns, so that they commit in the order of their numbers; any constant will do.
LOAD_LOCK = 7_302_002


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What is known of a load before it starts."""

    load_id: int
    source_system: str
    path: str
    mapping: str | None
    started_at: datetime


def begin(
    connection: Connection, source_system: str, path: str, mapping: str | None
) -> LedgerEntry:
    """Wait for other loads to end, then draw a load number. Starts the load's transaction."""
    with connection.cursor() as cursor, without_lock_timeout(connection):
        cursor.execute("select pg_advisory_xact_lock(%s)", (LOAD_LOCK,))
    load_id = fetch_value(
        connection, "select nextval(pg_get_serial_sequence('ops.loads', 'load_id'))"
    )
    return LedgerEntry(load_id, source_system, path, mapping, datetime.now(UTC))


def record_success(
    connection: Connection, entry: LedgerEntry, report: LoadReport, problems: ProblemLog
) -> None:
    """Write the load, its files and its rejects, and commit them with the rows."""
    _insert_load(connection, entry, report, "succeeded", None)
    for file in report.files:
        values: dict[str, object] = {
            "load_id": entry.load_id,
            "entity": file.entity,
            "file_name": file.file_name,
            "sha256": file.sha256,
        }
        values |= {count: getattr(file, count) for count in COUNTS}
        _insert(connection, sql.Identifier("ops", "load_files"), values)
    problems.copy_to(connection, entry.load_id)
    connection.commit()


def record_failure(
    connection: Connection,
    entry: LedgerEntry,
    report: LoadReport,
    problems: ProblemLog,
    error: str,
) -> None:
    """Undo the load, then write and commit that it failed, with the rejects that made it fail."""
    connection.rollback()
    _insert_load(connection, entry, report, "failed", error)
    problems.copy_to(connection, entry.load_id, limited=True)
    connection.commit()


def _insert_load(
    connection: Connection, entry: LedgerEntry, report: LoadReport, status: str, error: str | None
) -> None:
    finished = datetime.now(UTC)
    report.seconds = (finished - entry.started_at).total_seconds()
    kept = COUNTS if status == "succeeded" else ("rows_read", "rows_rejected", "rows_warned")
    values: dict[str, object] = {
        "load_id": entry.load_id,
        "source_system": entry.source_system,
        "path": entry.path,
        "mapping": entry.mapping,
        "status": status,
        "started_at": entry.started_at,
        "finished_at": finished,
        "seconds": round(report.seconds, 3),
        "error": error,
        **{count: report.total(count) for count in kept},
    }
    _insert(connection, sql.Identifier("ops", "loads"), values)


def _insert(connection: Connection, table: sql.Identifier, values: dict[str, object]) -> None:
    # The load number was drawn beforehand, as its rows carry it.
    statement = sql.SQL("insert into {} ({}) overriding system value values ({})").format(
        table,
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(map(sql.Placeholder, values)),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
