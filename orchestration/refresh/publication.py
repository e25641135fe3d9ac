"""What publishing did, as ops.refresh_steps tells it, and publishing itself through dbt.

Put here the step that makes built tables public. Do not put here its SQL (dbt_project/macros).
"""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.dbt.arguments import publish_arguments
from orchestration.dbt.failures import is_transient
from orchestration.dbt.process import DbtProcess
from orchestration.dbt.runner import DbtFailedError, DbtRunner
from orchestration.postgres.connection import Connection
from orchestration.refresh.session import RefreshSession


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

    A passing failure, such as a lock held too long by a reader, is tried once more. Raises
    DbtFailedError or LockLostError; the public tables are then as they were.
    """
    session.require_lock()
    arguments = publish_arguments(runner.paths)
    try:
        runner.run(arguments)
    except DbtFailedError as error:
        if not is_transient(error):
            raise
        session.require_lock()
        # The transaction may have been committed just before the connection broke.
        if not is_published(session):
            runner.run(arguments)
    return published_tables(session.connection, session.refresh_id)


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
