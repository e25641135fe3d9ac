"""One unchanging view of the published tables for a whole run of exports, and facts about it.

Put here the read-only transaction, the lock that keeps two runs apart, and what is read once a run.
Do not put here the reading of clients (audience.py, delta.py) or any writing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import psycopg2
from psycopg2 import extensions

from orchestration.errors import ChairsideError, DiskFullError
from orchestration.postgres.connection import Connection

# psycopg2 names the class in lower case.
Cursor: TypeAlias = extensions.cursor

# Any constant will do; ensure_warehouse holds the one before it.
EXPORT_LOCK = 7_302_002
REQUIRED_TABLES = (
    "marts.customer_analytics",
    "marts.customer_segments",
    "reference.currencies",
    "reference.segments",
    "reference.segment_thresholds",
    "ops.export_members",
)


@dataclass(frozen=True, slots=True)
class PublishedRefresh:
    """The refresh whose tables are read: its number, and its clock in UTC."""

    refresh_id: int
    as_of: datetime


@contextmanager
def export_lock(connection: Connection) -> Iterator[None]:
    """Keep other export runs on this warehouse out until the block ends.

    Raises ChairsideError when another run is at work.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", (EXPORT_LOCK,))
        if cursor.fetchone() != (True,):
            raise ChairsideError(
                "Another export is running on this warehouse.",
                "Wait until it has ended; `chairside status` shows what runs.",
            )
    connection.commit()
    try:
        yield
    finally:
        # A connection that broke has let go of its lock by itself.
        if not connection.closed:
            connection.rollback()
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s)", (EXPORT_LOCK,))
            connection.commit()


@contextmanager
def snapshot(connection: Connection) -> Iterator[Cursor]:
    """Read everything as of one instant, in UTC; nothing but temporary tables can be written.

    Raises DiskFullError when the server has no room for its temporary files.
    """
    connection.commit()
    try:
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
            cursor.execute("set local timezone = 'UTC'")
            # Cursors are read to their end, so plans for the first rows would be the wrong ones.
            cursor.execute("set local cursor_tuple_fraction = 1.0")
            yield cursor
        # A rollback would empty the temporary tables.
        connection.commit()
    except psycopg2.errors.DiskFull as error:
        raise DiskFullError(
            f"Postgres has no room for the export: {error}", "Free some space on its disk."
        ) from error
    finally:
        if not connection.closed:
            connection.rollback()


def require_published_tables(cursor: Cursor) -> None:
    """Raise ChairsideError naming the tables that exports read and that are not there yet."""
    cursor.execute(
        "select name from unnest(%s) as name where to_regclass(name) is null",
        (list(REQUIRED_TABLES),),
    )
    if missing := [name for (name,) in cursor.fetchall()]:
        raise ChairsideError(
            f"There is nothing to export yet: {', '.join(missing)} not found.",
            "Run `chairside refresh` first.",
        )


def read_refresh(cursor: Cursor, refresh_id: int | None) -> PublishedRefresh:
    """Return the refresh that was published last, whose rows are what a reader sees.

    Raises ChairsideError when nothing, or not yet `refresh_id`, was published.
    """
    cursor.execute(
        """
        select refresh_id, as_of
        from ops.refreshes
        where published_at is not null
        order by refresh_id desc
        limit 1
        """
    )
    row = cursor.fetchone()
    if row is None or row[0] < (refresh_id or 0):
        which = f"Refresh {refresh_id} has not" if refresh_id else "No refresh has"
        raise ChairsideError(
            f"{which} been published, so there is nothing to export.",
            "Run `chairside refresh`; `chairside status` tells why the last one failed.",
        )
    return PublishedRefresh(*row)


def read_organizations(cursor: Cursor, wanted: Sequence[str] | None) -> list[str]:
    """Return the organizations to export: those with clients now or in a former export.

    Raises ChairsideError naming those that are wanted and unknown.
    """
    cursor.execute(
        """
        select organization_id from marts.customer_analytics
        union
        select organization_id from ops.export_members
        order by organization_id
        """
    )
    known = [organization_id for (organization_id,) in cursor.fetchall()]
    if unknown := sorted(set(wanted or ()) - set(known)):
        shown = ", ".join(known[:20]) + (", …" if len(known) > 20 else "")
        raise ChairsideError(
            f"There is no organization {', '.join(unknown)} with clients.",
            f"Known organizations: {shown or 'none'}.",
        )
    return [organization_id for organization_id in known if not wanted or organization_id in wanted]
