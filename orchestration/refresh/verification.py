"""Comparing public tables with tables rebuilt from nothing, row for row.

Put here what the differences are. Do not put here where to look for them (digests.py), the
rebuilding (assets/, dbt/) or the alarm (checks/verification.py). `updated_at` is left out: it says
when a row last changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from psycopg2 import sql

from orchestration.postgres.connection import Connection
from orchestration.refresh.digests import (
    Range,
    RangeDigest,
    Shared,
    condition,
    digest_organizations,
    narrow,
    parameters,
)
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
    # Those whose rows differ; none of a table that knows no organizations.
    organizations: tuple[str, ...] = ()

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


def compare(
    connection: Connection, pair: TablePair, organizations: Sequence[str] | None = None
) -> Difference:
    """Return how the public table differs from the built one; both must exist.

    With organizations only their rows are compared, and only theirs need be in the built table; a
    table that knows no organizations is compared whole. Counts and hashes tell which organizations
    differ; only the rows of those are joined.
    """
    built, public = (_columns(connection, *table) for table in (pair.built, pair.public))
    left_out = {*pair.key, *IGNORED_COLUMNS}
    types = {name: t for name, t in public.items() if name in built and name not in left_out}
    tables = Shared(pair.built, pair.public, pair.key, types)
    digests = digest_organizations(connection, tables, organizations)
    unshared = Difference(0, 0, 0, 0, tuple(sorted(set(built) ^ set(public))))
    found = [_difference_of(connection, tables, d) for d in digests if not d.is_equal]
    return _sum(sum(digest.public_rows for digest in digests), [unshared, *found])


def _columns(connection: Connection, schema: str, table: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select column_name, data_type from information_schema.columns"
            " where table_schema = %s and table_name = %s order by ordinal_position",
            (schema, table),
        )
        return dict(cursor.fetchall())


def add_up(differences: Sequence[Difference]) -> Difference:
    """Return the difference of a table from those of its parts."""
    return _sum(sum(difference.rows for difference in differences), differences)


def _sum(rows: int, differences: Sequence[Difference]) -> Difference:
    columns = dict.fromkeys(column for d in differences for column in d.columns)
    examples = [example for d in differences for example in d.examples]
    return Difference(
        rows,
        sum(d.missing for d in differences),
        sum(d.extra for d in differences),
        sum(d.changed for d in differences),
        tuple(columns),
        examples[:EXAMPLES],
        tuple(dict.fromkeys(o for d in differences for o in d.organizations)),
    )


def _difference_of(connection: Connection, tables: Shared, digest: RangeDigest) -> Difference:
    """Join the rows of a range whose hashes differ; equal values of two scales hash differently."""
    rows = narrow(connection, tables, digest)
    with connection.cursor() as cursor:
        cursor.execute(_count_statement(tables, rows), parameters(rows))
        missing, extra, changed, *marks = single_row(cursor)
        columns = [name for name, differs in zip(tables.types, marks, strict=True) if differs]
        if not (missing or extra or changed):
            return Difference(0, 0, 0, 0)
        cursor.execute(_example_statement(tables, rows), parameters(rows))
        examples = [str(key) for (key,) in cursor.fetchall()]
    whose = (digest.organization,) if tables.by_organization else ()
    return Difference(0, missing, extra, changed, tuple(columns), examples, whose)


def _count_statement(tables: Shared, rows: Range) -> sql.Composable:
    marks = [
        sql.SQL(", coalesce(bool_or({both} and {differs}), false)").format(
            both=_in_both(tables), differs=_differs([column])
        )
        for column in tables.types
    ]
    return sql.SQL(
        """
        select
            count(*) filter (where old.{first} is null),
            count(*) filter (where new.{first} is null),
            count(*) filter (where {both} and {differs})
            {marks}
        from {joined}
        """
    ).format(
        first=sql.Identifier(tables.key[0]),
        both=_in_both(tables),
        differs=_differs(list(tables.types)),
        marks=sql.SQL("").join(marks),
        joined=_joined(tables, rows),
    )


def _example_statement(tables: Shared, rows: Range) -> sql.Composable:
    keys = [sql.SQL("coalesce(new.{0}, old.{0})").format(sql.Identifier(k)) for k in tables.key]
    return sql.SQL(
        """
        select concat_ws(' / ', {keys})
        from {joined}
        where not {both} or {differs}
        order by {keys}
        limit {limit}
        """
    ).format(
        keys=sql.SQL(", ").join(keys),
        joined=_joined(tables, rows),
        both=_in_both(tables),
        differs=_differs(list(tables.types)),
        limit=sql.Literal(EXAMPLES),
    )


def _joined(tables: Shared, rows: Range) -> sql.Composable:
    same_key = sql.SQL(" and ").join(
        sql.SQL("new.{0} = old.{0}").format(sql.Identifier(column)) for column in tables.key
    )
    sides = [
        sql.SQL("(select * from {} where {})").format(
            sql.Identifier(*table), condition(tables, rows)
        )
        for table in (tables.built, tables.public)
    ]
    return sql.SQL("{} as new full join {} as old on {}").format(*sides, same_key)


def _in_both(tables: Shared) -> sql.Composable:
    return sql.SQL("(new.{0} is not null and old.{0} is not null)").format(
        sql.Identifier(tables.key[0])
    )


def _differs(compared: Sequence[str]) -> sql.Composable:
    if not compared:
        return sql.SQL("false")
    tests = [
        sql.SQL("new.{0} is distinct from old.{0}").format(sql.Identifier(c)) for c in compared
    ]
    return sql.SQL("({})").format(sql.SQL(" or ").join(tests))
