"""Rows that name a parent nobody has sent: loaded, with a warning.

Put here the search for unknown parents, after every entity of a load is in raw. Do not put here
checks that reject (cross_checks.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from psycopg2 import sql

from orchestration.contract.model import Column, Contract
from orchestration.contract.tables import table_name
from orchestration.loading.stage import Stage
from orchestration.warehouse.query import fetch_value

# A parent file that was forgotten must not fill the log with a row per child.
SHOWN_PER_COLUMN = 1_000
WARNED_TABLE = sql.Identifier("load_warned_rows")


@dataclass(frozen=True, slots=True)
class UnknownParent:
    """A row whose column names a row that does not exist; `others` more are not listed."""

    file: int
    line: int
    column: str
    reason: str


def find_unknown_parents(stage: Stage, contract: Contract) -> Iterator[UnknownParent]:
    """Yield the rows of a stage that name an unknown parent, in the order of files and lines.

    An organization that sends no rows of a parent entity at all gets one warning per column.
    """
    for column in stage.entity.columns:
        applies = column.references and column.name in stage.columns
        if applies and _find_missing(stage, column, contract):
            yield from _unknown_in(stage, column)


def _find_missing(stage: Stage, column: Column, contract: Contract) -> bool:
    parent = contract.entities[str(column.references)]
    # A profile that was merged away is known by its merge.
    merged = sql.SQL(
        " and not exists (select from raw_native.customer_merges as c"
        " where c.organization_id = d.organization_id and c.from_customer_id = d.{column})"
        if parent.name == "customers"
        else ""
    ).format(column=sql.Identifier(column.name))
    statement = sql.SQL(
        "drop table if exists missing_parents; create temporary table missing_parents on commit"
        " drop as select m.organization_id, m.named, exists (select from {parent} as p"
        " where p.organization_id = m.organization_id) as is_sent"
        " from (select distinct d.organization_id, d.{column} as named from {rows} as d"
        " where d.{column} is not null and not exists (select from {parent} as p"
        " where p.organization_id = d.organization_id and p.{key} = d.{column}){merged}) as m"
    ).format(
        parent=table_name(parent),
        column=sql.Identifier(column.name),
        rows=stage.same_rows,
        key=sql.Identifier(parent.key[0]),
        merged=merged,
    )
    with stage.connection.cursor() as cursor:
        cursor.execute(statement)
    return bool(fetch_value(stage.connection, "select exists (select from missing_parents)"))


def _unknown_in(stage: Stage, column: Column) -> Iterator[UnknownParent]:
    source = sql.SQL(
        " from {stage} as s join missing_parents as m"
        " on m.organization_id = s.organization_id and m.named = s.{column}"
    ).format(stage=stage.table, column=sql.Identifier(column.name))
    with stage.connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("insert into {} select {}, s._file, s._line").format(
                WARNED_TABLE, sql.Literal(stage.entity.name)
            )
            + source
            + sql.SQL(" where m.is_sent")
        )
        cursor.execute(
            sql.SQL("select s._file, s._line, m.named, count(*) over ()")
            + source
            + sql.SQL(" where m.is_sent order by 1, 2 limit %s"),
            (SHOWN_PER_COLUMN,),
        )
        rows = cursor.fetchall()
        cursor.execute(
            sql.SQL("select min(s._file), min(s._line), s.organization_id, count(*)")
            + source
            + sql.SQL(" where not m.is_sent group by s.organization_id")
        )
        unsent = cursor.fetchall()
    entity = column.references
    for index, (file, line, named, count) in enumerate(rows):
        more = count - SHOWN_PER_COLUMN if index + 1 == SHOWN_PER_COLUMN else 0
        tail = f"; {more} more rows of this load name unknown {entity}" if more > 0 else ""
        yield UnknownParent(
            file,
            line,
            column.name,
            f"{named!r} is unknown among this organization's {entity}{tail}",
        )
    for file, line, organization, count in unsent:
        yield UnknownParent(
            file,
            line,
            column.name,
            f"organization {organization!r} has sent no {entity}, which {count} rows from here on"
            " name",
        )
