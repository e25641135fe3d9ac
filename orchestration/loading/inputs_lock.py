"""A load's share in the lock on raw_native: it does not write there while a refresh reads it.

Put here the load's side. Do not put here the refresh's own (refresh/lock.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

from orchestration.postgres.connection import Connection
from orchestration.warehouse.locks import INPUTS_LOCK_OBJECT, LOCK_CLASS
from orchestration.warehouse.patience import without_lock_timeout
from orchestration.warehouse.query import fetch_value

_NAME = (LOCK_CLASS, INPUTS_LOCK_OBJECT)


def share_inputs(connection: Connection, on_wait: Callable[[str], None] | None = None) -> None:
    """Take a share in the lock until the transaction ends, waiting for a refresh that reads.

    Before it waits, `on_wait` is told for what.
    """
    free = fetch_value(connection, "select pg_try_advisory_xact_lock_shared(%s, %s)", _NAME)
    if free:
        return
    if on_wait:
        on_wait(f"Waiting for {_reader(connection)} to finish reading the raw tables.")
    with without_lock_timeout(connection), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock_shared(%s, %s)", _NAME)


def _reader(connection: Connection) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "select refresh_id, triggered_by, started_at from ops.refreshes"
            " where status = 'running'"
        )
        row = cursor.fetchone()
    if row is None:
        return "a refresh"
    refresh_id, triggered_by, started_at = row
    started = f"{started_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return f"refresh {refresh_id}, started by {triggered_by} at {started},"
