"""Public tables of two databases, compared row for row.

Put here the comparison and how a difference reads. Do not put here making the tables
(warehouses.py). `updated_at` says when a row last changed, and is left out.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from psycopg2 import sql

from orchestration.postgres.connection import Connection, connect
from orchestration.refresh.verification import IGNORED_COLUMNS

SCHEMA = "marts"
NULL = "\\N"


@dataclass(frozen=True)
class RowDifference:
    """One key on which the two disagree: which columns, and what each says."""

    table: str
    key: tuple[str, ...]
    # Column by column what the refreshed and the rebuilt table say; None for a row that is absent.
    refreshed: tuple[tuple[str, str], ...] | None
    rebuilt: tuple[tuple[str, str], ...] | None

    def __str__(self) -> str:
        where = f"{SCHEMA}.{self.table} {' / '.join(self.key)}"
        if self.refreshed is None:
            return f"{where}: missing"
        if self.rebuilt is None:
            return f"{where}: should not be there"
        pairs = zip(self.refreshed, self.rebuilt, strict=True)
        columns = [f"{name} is {old}, should be {new}" for (name, old), (_, new) in pairs]
        return f"{where}: {', '.join(columns)}"


Differences = list[RowDifference]


def differences(refreshed_url: str, rebuilt_url: str) -> Differences:
    """Return every row on which the refreshed database differs from the rebuilt one."""
    with connect(refreshed_url) as refreshed, connect(rebuilt_url) as rebuilt:
        tables = _keys(rebuilt)
        assert tables, "the rebuild has no public tables, so nothing was compared"
        assert _keys(refreshed) == tables, "the public tables or their keys are not the same"
        found: Differences = []
        for table, key in tables.items():
            old, new = _content(refreshed, table, key), _content(rebuilt, table, key)
            if old != new:
                found += _rows_that_differ(table, key, old, new)
    return found


def _keys(connection: Connection) -> dict[str, list[str]]:
    """Return the columns of the primary key of every public table."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select tables.relname, array_agg(columns.attname::text order by key.position)
            from pg_catalog.pg_class as tables
            inner join pg_catalog.pg_index as indexes
                on tables.oid = indexes.indrelid and indexes.indisprimary
            cross join unnest(indexes.indkey) with ordinality as key (number, position)
            inner join pg_catalog.pg_attribute as columns
                on tables.oid = columns.attrelid and key.number = columns.attnum
            where tables.relnamespace = to_regnamespace(%s) and tables.relkind in ('r', 'p')
            group by tables.relname order by tables.relname
            """,
            (SCHEMA,),
        )
        return dict(cursor.fetchall())


def _content(connection: Connection, table: str, key: list[str]) -> str:
    """Return the table as CSV with a header, in the order of its key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select column_name from information_schema.columns"
            " where table_schema = %s and table_name = %s order by column_name",
            (SCHEMA, table),
        )
        columns = [name for (name,) in cursor.fetchall() if name not in IGNORED_COLUMNS]
        statement = sql.SQL(
            "copy (select {} from {} order by {}) to stdout (format csv, header, null {})"
        ).format(_names(columns), sql.Identifier(SCHEMA, table), _names(key), sql.Literal(NULL))
        text = io.StringIO()
        cursor.copy_expert(statement, text)
        return text.getvalue()


def _names(columns: list[str]) -> sql.Composable:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _rows_that_differ(table: str, key: list[str], old: str, new: str) -> Differences:
    refreshed, rebuilt = _by_key(old, key), _by_key(new, key)
    found = []
    for row_key in sorted({*refreshed, *rebuilt}):
        before, after = refreshed.get(row_key), rebuilt.get(row_key)
        if before == after:
            continue
        if before is None or after is None:
            sides = before and tuple(before.items()), after and tuple(after.items())
            found.append(RowDifference(table, row_key, *sides))
            continue
        names = sorted(n for n in {*before, *after} if before.get(n) != after.get(n))
        sides = (tuple((n, str(side.get(n, "absent"))) for n in names) for side in (before, after))
        found.append(RowDifference(table, row_key, *sides))
    return found


def _by_key(text: str, key: list[str]) -> dict[tuple[str, ...], dict[str, str]]:
    rows = csv.DictReader(io.StringIO(text))
    return {tuple(row[name] for name in key): row for row in rows}
