"""People who read the marts all the time, and a judge of what they saw.

Put here readers for tests and benchmarks that refresh meanwhile. Do not put here refreshes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

from orchestration.postgres.connection import Connection, connect
from orchestration.postgres.urls import with_parameters

TABLES = """
    select tables.table_name, columns.column_name is not null as has_organization
    from information_schema.tables as tables
    left join information_schema.columns as columns
        on tables.table_schema = columns.table_schema and tables.table_name = columns.table_name
        and columns.column_name = 'organization_id'
    where tables.table_schema = 'marts' and tables.table_type = 'BASE TABLE'
    order by tables.table_name
"""
# Lines make tickets and days; days make months. None of them may ever be seen without the others.
DISAGREEMENTS = """
    select 'lines and tickets' from (
        select organization_id, sale_id, net_minor, total_minor from marts.sales
        union all
        select organization_id, sale_id, -net_minor, -total_minor from marts.sale_lines
    ) as parts
    group by organization_id, sale_id having sum(net_minor) <> 0 or sum(total_minor) <> 0
    union all
    select 'staff and days' from (
        select organization_id, location_id, business_date, net_sales_minor from marts.daily_sales
        union all
        select organization_id, location_id, business_date, -accrual_net_sales_minor
        from marts.financial_daily
    ) as parts
    group by organization_id, location_id, business_date having sum(net_sales_minor) <> 0
    union all
    select 'days and months' from (
        select organization_id, accrual_net_sales_minor as net from marts.financial_daily
        union all
        select organization_id, -accrual_net_sales_minor from marts.financial_monthly
    ) as parts
    group by organization_id having sum(net) <> 0
    limit 1
"""
# Whoever waits longer than this for any lock fails: readers wait for tens of milliseconds at most.
IMPATIENT = "-c lock_timeout=50ms"
# What an organization's rows come to, over all tables: (table, rows, hash).
Sight = dict[str, tuple[tuple[str, int, int], ...]]


@dataclass
class Seen:
    """What one reader saw, in order and without repeats, and how long it had to wait."""

    sights: list[Sight] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    looks: int = 0
    longest_seconds: float = 0.0


@dataclass
class Readers:
    """All readers of one refresh; complete once the block of `reading` has ended."""

    seen: list[Seen]
    first: Sight
    last: Sight = field(default_factory=dict)

    @property
    def longest_seconds(self) -> float:
        """The longest that any statement of any reader took."""
        return max(seen.longest_seconds for seen in self.seen)

    @property
    def looks(self) -> int:
        """How many snapshots of all tables were read."""
        return sum(seen.looks for seen in self.seen)

    def faults(self) -> list[str]:
        """Return what no reader should have met: errors, and sights that never were whole.

        Every organization is seen as before or as after in all its tables, and never as before
        once it was seen as after.
        """
        found = [error for seen in self.seen for error in seen.errors]
        for number, seen in enumerate(self.seen):
            changed: set[str] = set()
            for sight in seen.sights:
                found += [f"reader {number} saw {fault}" for fault in self._judge(sight, changed)]
        return found

    def _judge(self, sight: Sight, changed: set[str]) -> Iterator[str]:
        for organization in self.first.keys() | self.last.keys() | sight.keys():
            before, after = self.first.get(organization), self.last.get(organization)
            now = sight.get(organization)
            if now == after:
                if before != after:
                    changed.add(organization)
            elif now != before:
                yield f"{organization!r} in a state of its own: {now}"
            elif organization in changed:
                yield f"{organization!r} go back to what it was"


@contextmanager
def reading(url: str, readers: int = 2, *, sitting_too: bool = True) -> Iterator[Readers]:
    """Let readers read all marts while the block runs, another one in a transaction left open.

    Each rests as long as it read, so that together they leave the refresh about a processor.
    """
    stop = threading.Event()
    with connect(url, application_name="sitting reader") as sitting:
        sitting.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ, readonly=True)
        first = look(sitting, Seen())
        if not sitting_too:
            sitting.rollback()
        result = Readers([Seen() for _ in range(readers)], first)
        threads = [threading.Thread(target=_read, args=(url, stop, seen)) for seen in result.seen]
        for thread in threads:
            thread.start()
        try:
            yield result
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        if sitting_too and look(sitting, Seen()) != first:
            result.seen[0].errors.append("a repeatable-read transaction saw a refresh")
        sitting.rollback()
        result.last = look(sitting, Seen())


def look(connection: Connection, seen: Seen) -> Sight:
    """Return what each organization's rows come to in one snapshot, and note how long it took."""
    sight: dict[str, list[tuple[str, int, int]]] = {}
    for table, has_organization in _timed(connection, seen, sql.SQL(TABLES)):
        statement = sql.SQL(
            "select {}, count(*), sum(hashtextextended(t::text, 0)) from {} as t group by 1"
        ).format(
            sql.SQL("organization_id" if has_organization else "''"),
            sql.Identifier("marts", table),
        )
        for organization, rows, digest in _timed(connection, seen, statement):
            sight.setdefault(organization, []).append((table, rows, int(digest)))
    disagreements = _timed(connection, seen, sql.SQL(DISAGREEMENTS))
    seen.errors.extend(f"{what} disagree" for (what,) in disagreements)
    return {organization: tuple(parts) for organization, parts in sight.items()}


def _read(url: str, stop: threading.Event, seen: Seen) -> None:
    impatient = with_parameters(url, options=IMPATIENT)
    with connect(impatient, application_name="reader") as connection:
        connection.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ, readonly=True)
        while not stop.is_set():
            began = time.monotonic()
            try:
                sight = look(connection, seen)
            except psycopg2.Error as error:
                seen.errors.append(str(error))
                return
            finally:
                connection.rollback()
            seen.looks += 1
            if not seen.sights or seen.sights[-1] != sight:
                seen.sights.append(sight)
            stop.wait(time.monotonic() - began)


def _timed(connection: Connection, seen: Seen, statement: sql.Composable) -> list[tuple]:
    started = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall()
    seen.longest_seconds = max(seen.longest_seconds, time.monotonic() - started)
    return rows
