"""The lock that lets one refresh run at a time, held by a session of its own in Postgres.

Put here taking, probing and checking the lock. Do not put here rows of ops.refreshes (log.py).
"""

from __future__ import annotations

import psycopg2

from orchestration.postgres.connection import Connection
from orchestration.warehouse.locks import LOCK_CLASS
from orchestration.warehouse.locks import REFRESH_LOCK_OBJECT as LOCK_OBJECT


def try_lock(connection: Connection) -> bool:
    """Take the lock until this session ends; False when another session holds it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s, %s)", (LOCK_CLASS, LOCK_OBJECT))
        return cursor.fetchone() == (True,)


def release(connection: Connection) -> None:
    """Give the lock back at once; closing the session would do so some moments later."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_unlock(%s, %s)", (LOCK_CLASS, LOCK_OBJECT))


def is_locked(connection: Connection) -> bool:
    """Tell whether any session holds the lock, without waiting for it or taking it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select exists (
                select 1
                from pg_catalog.pg_locks as locks
                inner join pg_catalog.pg_database as databases on locks.database = databases.oid
                where locks.locktype = 'advisory' and locks.granted
                    and locks.classid = %s and locks.objid = %s and locks.objsubid = 2
                    and databases.datname = current_database()
            )
            """,
            (LOCK_CLASS, LOCK_OBJECT),
        )
        return cursor.fetchone() == (True,)


def still_holds(connection: Connection) -> bool:
    """Tell whether this session, and with it the lock it took, is still alive."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except psycopg2.Error:
        return False
    return True
