"""What publishing did, as ops.refresh_steps tells it, and publishing itself through dbt.

Put here the step that makes built tables public. Do not put here its SQL (dbt_project/macros).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import psycopg2

from orchestration.dbt.arguments import publish_arguments
from orchestration.dbt.compiled import CompiledPass
from orchestration.dbt.failures import is_transient
from orchestration.dbt.process import DbtProcess
from orchestration.dbt.runner import DbtFailedError, DbtRunner
from orchestration.postgres.connection import Connection, connect
from orchestration.progress import Progress, report
from orchestration.refresh.churn import set_public_storage
from orchestration.refresh.leftovers import empty_large_tables
from orchestration.refresh.session import RefreshSession
from orchestration.refresh.statistics import analyze_changed_tables

# Seconds before each further try. With the lock_timeout of every try they make two minutes.
PAUSES = (1.0, 5.0, 15.0)


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """What one refresh changed in one public table."""

    table: str
    rows: int
    rows_inserted: int
    rows_updated: int
    rows_deleted: int
    seconds: float


def publish(session: RefreshSession, runner: DbtRunner | DbtProcess) -> list[PublishedTable]:
    """Merge all built tables into the public ones in one transaction, which also ends the refresh.

    A passing failure, such as a lock that somebody holds on a table, is tried again a few times.
    Raises DbtFailedError or LockLostError; the public tables are then as they were.
    """
    for pause in (*PAUSES, None):
        session.require_lock()
        # A transaction may have been committed just before its connection broke.
        if is_published(session):
            break
        try:
            _publish_once(session, runner)
            break
        except DbtFailedError as error:
            if pause is None or not is_transient(error):
                raise
        report(Progress("publish", note=f"tried again in {pause:g} s"))
        time.sleep(pause)
    set_public_storage(session.connection)
    empty_large_tables(session.connection)
    # A rebuild's passes before the last do without: each would count again what the one before had.
    if is_published(session):
        analyze_changed_tables(session.connection, session.refresh_id)
    return published_tables(session.connection, session.refresh_id)


def _publish_once(session: RefreshSession, runner: DbtRunner | DbtProcess) -> None:
    compiled = session.compiled
    if compiled is not None and _merges_rows_only(session.connection, compiled):
        try:
            # Apart from the session that holds the lock, whose loss would be the refresh's.
            with connect(session.url) as connection, connection.cursor() as cursor:
                cursor.execute("select ops.hold_refresh(%s)", (session.refresh_id,))
                cursor.execute(compiled.publish_rows)
        except psycopg2.Error as error:
            raise DbtFailedError(f"Publishing failed: {str(error).strip()}") from error
    else:
        runner.run(publish_arguments(runner.paths))


def _merges_rows_only(connection: Connection, compiled: CompiledPass) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(compiled.what_only_dbt_publishes)
        return cursor.fetchone() is None


def is_published(session: RefreshSession) -> bool:
    """Tell whether the refresh's tables are public."""
    with session.connection.cursor() as cursor:
        cursor.execute(
            "select published_at is not null from ops.refreshes where refresh_id = %s",
            (session.refresh_id,),
        )
        return cursor.fetchone() == (True,)


def published_tables(connection: Connection, refresh_id: int) -> list[PublishedTable]:
    """Return what a refresh published, in the order of the tables' names."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select step_name, rows, rows_inserted, rows_updated, rows_deleted, seconds::float
            from ops.refresh_steps
            where refresh_id = %s and step_type = 'publish'
            order by step_name
            """,
            (refresh_id,),
        )
        return [PublishedTable(*row) for row in cursor.fetchall()]
