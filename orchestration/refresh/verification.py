"""Comparing public tables with tables rebuilt from nothing, row for row.

Put here the comparison. Do not put here the rebuilding (assets/, dbt/) or the alarm
(checks/verification.py). `updated_at` is left out: it says when a row last changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from psycopg2 import sql

from orchestration.postgres.connection import Connection
from orchestration.refresh.rows import single_row

IGNORED_COLUMNS = frozenset({"updated_at"})
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class TablePair:
    """A public table, the table it was published from, and the key of both."""

    built: tuple[str, str]
    public: tuple[str, str]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """How a public table differs from its rebuild; all zero where they are equal."""

    rows: int
    missing: int
    extra: int
    changed: int
    columns: tuple[str, ...] = ()
    examples: list[str] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        """Whether the two tables hold the same rows and columns."""
        return not (self.missing or self.extra or self.changed or self.columns)

    def __str__(self) -> str:
        """Return one line for a person."""
        if self.is_equal:
            return f"{self.rows} rows are equal"
        parts = [
            f"{count} {what}"
            for count, what in (
                (self.missing, "missing"),
                (self.extra, "too many"),
                (self.changed, "different"),
            )
            if count
        ]
        where = f" in {', '.join(self.columns)}" if self.columns else ""
        keys = f"; such as {', '.join(self.examples)}" if self.examples else ""
        return f"{' and '.join(parts) or 'columns differ'}{where}{keys}"


def compare(connection: Connection, pair: TablePair) -> Difference:
    """Return how the public table differs from the built one; both must exist."""
    built, public = (_columns(connection, *table) for table in (pair.built, pair.public))
    compared = [c for c in public if c in built and c not in {*pair.key, *IGNORED_COLUMNS}]
    unshared = sorted(set(built) ^ set(public))
    with connection.cursor() as cursor:
        cursor.execute(_count_statement(pair, compared))
        rows, missing, extra, changed = single_row(cursor)
        if not (missing or extra or changed):
            return Difference(rows, 0, 0, 0, tuple(unshared))
        cursor.execute(_example_statement(pair, compared))
        examples = [str(key) for (key,) in cursor.fetchall()]
        columns = _changed_columns(connection, pair, compared) if changed else []
    return Difference(rows, missing, extra, changed, (*unshared, *columns), examples)


def _columns(connection: Connection, schema: str, table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select column_name from information_schema.columns"
            " where table_schema = %s and table_name = %s order by ordinal_position",
            (schema, table),
        )
        return [name for (name,) in cursor.fetchall()]


def _count_statement(pair: TablePair, compared: Sequence[str]) -> sql.Composable:
    return sql.SQL(
        """
        select
            count(old.{first}),
            count(*) filter (where old.{first} is null),
            count(*) filter (where new.{first} is null),
            count(*) filter (
                where old.{first} is not null and new.{first} is not null and {differs}
            )
        from {joined}
        """
    ).format(first=sql.Identifier(pair.key[0]), differs=_differs(compared), joined=_joined(pair))


def _example_statement(pair: TablePair, compared: Sequence[str]) -> sql.Composable:
    keys = [sql.SQL("coalesce(new.{0}, old.{0})").format(sql.Identifier(k)) for k in pair.key]
    return sql.SQL(
        """
        select concat_ws(' / ', {keys})
        from {joined}
        where old.{first} is null or new.{first} is null or {differs}
        order by {keys}
        limit {limit}
        """
    ).format(
        keys=sql.SQL(", ").join(keys),
        joined=_joined(pair),
        first=sql.Identifier(pair.key[0]),
        differs=_differs(compared),
        limit=sql.Literal(EXAMPLES),
    )


def _changed_columns(connection: Connection, pair: TablePair, compared: Sequence[str]) -> list[str]:
    tests = [sql.SQL("bool_or({})").format(_differs([column])) for column in compared]
    statement = sql.SQL("select {} from {} where {} and {}").format(
        sql.SQL(", ").join(tests),
        _joined(pair),
        sql.SQL("old.{} is not null").format(sql.Identifier(pair.key[0])),
        sql.SQL("new.{} is not null").format(sql.Identifier(pair.key[0])),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [c for c, differs in zip(compared, single_row(cursor), strict=True) if differs]


def _joined(pair: TablePair) -> sql.Composable:
    same_key = sql.SQL(" and ").join(
        sql.SQL("new.{0} = old.{0}").format(sql.Identifier(column)) for column in pair.key
    )
    return sql.SQL("{} as new full join {} as old on {}").format(
        sql.Identifier(*pair.built), sql.Identifier(*pair.public), same_key
    )


def _differs(compared: Sequence[str]) -> sql.Composable:
    if not compared:
        return sql.SQL("false")
    tests = [
        sql.SQL("new.{0} is distinct from old.{0}").format(sql.Identifier(c)) for c in compared
    ]
    return sql.SQL("({})").format(sql.SQL(" or ").join(tests))
