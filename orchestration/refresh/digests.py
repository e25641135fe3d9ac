"""Where two tables may differ, found by hashes: no row leaves the server and none is joined.

Put here counts and hashes of ranges of rows. Do not put here what the differences are
(verification.py). A range is an organization, or those of its rows whose key's hash ends alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg2 import sql

from orchestration.postgres.connection import Connection

ORGANIZATION = "organization_id"
# An organization of more rows is narrowed down to parts of about so many before rows are joined.
ROWS_PER_PART = 20_000
# Types whose values Postgres can hash as they are; others, such as tsvector, are hashed as text.
HASHED_TYPES = frozenset(
    {
        "bigint",
        "boolean",
        "date",
        "double precision",
        "integer",
        "numeric",
        "smallint",
        "text",
        "timestamp with time zone",
        "uuid",
    }
)


@dataclass(frozen=True, slots=True)
class Shared:
    """What two tables of one shape have in common: the key, and the compared columns' types."""

    built: tuple[str, str]
    public: tuple[str, str]
    key: tuple[str, ...]
    types: dict[str, str]

    @property
    def by_organization(self) -> bool:
        """Whether rows belong to organizations; a calendar's do not."""
        return ORGANIZATION in self.key


@dataclass(frozen=True, slots=True)
class Range:
    """Rows of one organization, or of a whole table that knows none; all of them without parts."""

    organization: str
    part_count: int = 1
    parts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RangeDigest:
    """How many rows a range has on both sides, and whether their hashes are the same."""

    organization: str
    built_rows: int
    public_rows: int
    is_equal: bool


def digest_organizations(
    connection: Connection, tables: Shared, organizations: Sequence[str] | None
) -> list[RangeDigest]:
    """Return the digest of each organization that either table holds; of those named, if any are.

    A table without organizations is one range. Each table is read once.
    """
    named = None if organizations is None or not tables.by_organization else list(organizations)
    group = sql.Identifier(ORGANIZATION) if tables.by_organization else sql.SQL("''::text")
    with connection.cursor() as cursor:
        cursor.execute(_digest_statement(tables, group, _of_organizations(named)), {"named": named})
        return [RangeDigest(*row) for row in cursor.fetchall()]


def narrow(connection: Connection, tables: Shared, digest: RangeDigest) -> Range:
    """Return the range of a digest that differs, narrowed to the parts that do where it is large.

    Rows are divided by the hash of their key, so that a row lies in one part on both sides.
    """
    part_count = -(-max(digest.built_rows, digest.public_rows) // ROWS_PER_PART)
    if part_count <= 1:
        return Range(digest.organization)
    of_range = condition(tables, Range(digest.organization))
    with connection.cursor() as cursor:
        cursor.execute(
            _digest_statement(tables, _part(tables), of_range),
            {"organization": digest.organization, "part_count": part_count},
        )
        parts = tuple(part for part, _, _, is_equal in cursor.fetchall() if not is_equal)
    return Range(digest.organization, part_count, parts)


def condition(tables: Shared, rows: Range) -> sql.Composable:
    """Return the condition on rows of a range; its parameters are those of `parameters`."""
    conditions: list[sql.Composable] = [sql.SQL("true")]
    if tables.by_organization:
        conditions.append(sql.SQL("{} = %(organization)s").format(sql.Identifier(ORGANIZATION)))
    if rows.parts:
        conditions.append(sql.SQL("{} = any(%(parts)s)").format(_part(tables)))
    return sql.SQL(" and ").join(conditions)


def parameters(rows: Range) -> dict[str, object]:
    """Return the parameters of a range's condition."""
    return {
        "organization": rows.organization,
        "part_count": rows.part_count,
        "parts": list(rows.parts),
    }


def _of_organizations(named: list[str] | None) -> sql.Composable:
    if named is None:
        return sql.SQL("true")
    return sql.SQL("{} = any(%(named)s)").format(sql.Identifier(ORGANIZATION))


def _part(tables: Shared) -> sql.Composable:
    key = sql.SQL(", ").join(map(sql.Identifier, tables.key))
    return sql.SQL("abs(hash_record_extended(row({}), 0) %% %(part_count)s)").format(key)


def _digest_statement(
    tables: Shared, group: sql.Composable, where: sql.Composable
) -> sql.Composable:
    # Sums do not depend on the order of rows. A row's hash is a sum over columns, so that values
    # that change places leave the sum of hashes as it was; hashing it once more tells them apart.
    one_side = (
        "select grouped_by, count(*) as row_count,"
        " array[sum(hashed), sum(hashint8extended(hashed, 0))] as digest from ("
        "select {group} as grouped_by, hash_record_extended(row({columns}), 0) as hashed"
        " from {table} where {where}) as hashes group by grouped_by"
    )
    built, public = (
        sql.SQL(one_side).format(
            group=group,
            columns=_hashed_columns(tables),
            table=sql.Identifier(*table),
            where=where,
        )
        for table in (tables.built, tables.public)
    )
    return sql.SQL(
        """
        select
            grouped_by, coalesce(built.row_count, 0), coalesce(public.row_count, 0),
            (built.row_count, built.digest) is not distinct from (public.row_count, public.digest)
        from ({built}) as built
        full join ({public}) as public using (grouped_by)
        order by grouped_by
        """
    ).format(built=built, public=public)


def _hashed_columns(tables: Shared) -> sql.Composable:
    columns: list[sql.Composable] = [sql.Identifier(name) for name in tables.key]
    for name, data_type in tables.types.items():
        cast = "{}" if data_type in HASHED_TYPES else "{}::text"
        columns.append(sql.SQL(cast).format(sql.Identifier(name)))
    return sql.SQL(", ").join(columns)
