"""The batches of one verification: whose rows are rebuilt and compared, and until when.

Put here the choice of organizations, the budget and what is noted of them. Do not put here
rebuilding (dbt/), comparing (verification.py) or the alarm (checks/verification.py).
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg2 import sql

from orchestration.contract.model import load_contract
from orchestration.contract.tables import table_name
from orchestration.postgres.connection import Connection
from orchestration.refresh.passes import inputs_locked
from orchestration.refresh.rows import single_row
from orchestration.refresh.scope.tables import put_in_scope, that_fit
from orchestration.warehouse.query import fetch_value

# Bookings or tickets that are rebuilt at once: many enough that starting dbt is a small part of it.
ROWS_OF_A_BATCH = 500_000
DIFFERED = "differed from a rebuild"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far verifications have come: counts of organizations, and the oldest of their times."""

    organizations: int
    verified: int
    waiting: int
    longest_unverified: str | None
    longest_unverified_since: datetime | None


def verifiable_as_of(connection: Connection) -> datetime | None:
    """Return the clock by which public rows were last made right; None before any were."""
    as_of: datetime | None = fetch_value(
        connection, "select max(as_of) from ops.organization_states where not is_stale"
    )
    return as_of


def batches(
    connection: Connection, as_of: datetime, definitions: str, seconds: float | None
) -> Iterator[list[str]]:
    """Put organizations in scope, batch by batch, and yield each; those verified longest ago first.

    While the caller rebuilds and compares a batch no load writes raw tables. Another is begun while
    one as long as the longest so far still ends within `seconds`; None is as long as it takes.
    """
    started, longest = time.monotonic(), 0.0
    done: set[str] = set()
    while True:
        began = time.monotonic()
        if done and seconds is not None and began - started + longest > seconds:
            return
        with inputs_locked(connection):
            batch = _next_batch(connection, as_of, definitions, done)
            if not batch:
                return
            put_in_scope(connection, batch)
            yield batch
        done.update(batch)
        longest = max(longest, time.monotonic() - began)


def note_verified(
    connection: Connection, organizations: Sequence[str], differing: Collection[str]
) -> None:
    """Note which organizations were found right; the next refresh rebuilds those that were not."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update ops.organization_states
            set
                verified_at = clock_timestamp(),
                is_stale = organization_id = any(%(differing)s),
                stale_because = case
                    when organization_id = any(%(differing)s) then %(reason)s
                end
            where organization_id = any(%(organizations)s)
            """,
            {
                "organizations": list(organizations),
                "differing": list(differing),
                "reason": DIFFERED,
            },
        )


def coverage_since(connection: Connection, started_at: datetime) -> Coverage:
    """Return how many organizations were verified since an instant, and who has waited longest."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select
                count(*),
                count(*) filter (where verified_at >= %(started_at)s),
                count(*) filter (where is_stale)
            from ops.organization_states
            """,
            {"started_at": started_at},
        )
        counts = single_row(cursor)
        cursor.execute(
            """
            select organization_id, verified_at from ops.organization_states
            where verified_at is null or verified_at < %(started_at)s
            order by verified_at nulls first, organization_id limit 1
            """,
            {"started_at": started_at},
        )
        longest = cursor.fetchone() or (None, None)
    return Coverage(*counts, *longest)


def _next_batch(
    connection: Connection, as_of: datetime, definitions: str, done: Collection[str]
) -> list[str]:
    """Return organizations whose public rows are said to be right by this clock, SQL and raw."""
    left_out = [*done, *_with_untaken_rows(connection)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select organization_id from ops.organization_states
            where
                not is_stale
                and as_of = %(as_of)s
                and definitions = %(definitions)s
                and organization_id <> all(%(left_out)s)
            order by verified_at nulls first, organization_id
            """,
            {"as_of": as_of, "definitions": definitions, "left_out": left_out},
        )
        waiting = [organization for (organization,) in cursor.fetchall()]
    return [*that_fit(connection, waiting, ROWS_OF_A_BATCH)]


def _with_untaken_rows(connection: Connection) -> list[str]:
    """Return organizations of which loads have brought rows that no refresh has taken yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select load_id from ops.loads where refresh_id is null and status = 'succeeded'"
        )
        load_ids = [load_id for (load_id,) in cursor.fetchall()]
        if not load_ids:
            return []
        tables = [
            sql.SQL("select organization_id from {} where _load_id = any(%(load_ids)s)").format(
                table_name(entity)
            )
            for entity in load_contract().entities.values()
        ]
        cursor.execute(sql.SQL(" union ").join(tables), {"load_ids": load_ids})
        return [organization for (organization,) in cursor.fetchall()]
