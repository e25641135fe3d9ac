"""How long to wait for a lock: as long as it takes, or hardly at all.

Put here the exceptions from the role's lock_timeout. Do not put here the locks themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg2 import errors, sql
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from orchestration.postgres.connection import Connection
from orchestration.warehouse.query import fetch_value

AN_INSTANT = "100ms"


@contextmanager
def without_lock_timeout(connection: Connection) -> Iterator[None]:
    """Lift the session's lock_timeout inside the block.

    It guards tables against forgotten transactions; a load and a refresh that take turns may well
    wait for an hour.
    """
    with _lock_timeout(connection, "0"):
        yield


def run_unless_locked(connection: Connection, statement: sql.Composable) -> bool:
    """Run a statement that locks a table, and tell whether it ran; somebody may be at the table.

    `connection` commits by itself.
    """
    with _lock_timeout(connection, AN_INSTANT), connection.cursor() as cursor:
        try:
            cursor.execute(statement)
        except errors.LockNotAvailable:
            return False
    return True


@contextmanager
def _lock_timeout(connection: Connection, value: str) -> Iterator[None]:
    before = fetch_value(connection, "select current_setting('lock_timeout')")
    _set_lock_timeout(connection, value)
    try:
        yield
    finally:
        # A transaction that failed takes the setting back when it is rolled back.
        is_broken = connection.info.transaction_status == TRANSACTION_STATUS_INERROR
        if not connection.closed and not is_broken:
            _set_lock_timeout(connection, before)


def _set_lock_timeout(connection: Connection, value: str) -> None:
    fetch_value(connection, "select set_config('lock_timeout', %s, false)", (value,))
