"""The columns of an export: their types, taken from the marts, and how each is read.

Put here what is said about columns. Do not put here rows, or how a type is written to a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from psycopg2 import sql

from orchestration.errors import ChairsideError
from orchestration.exporting.consent import ADDRESS_COLUMNS, Channel
from orchestration.exporting.definitions import MONEY_SUFFIX, ExportDefinition
from orchestration.exporting.snapshot import Cursor

# What a column is looked up in, in this order, and its name in queries.
SOURCES = {"customer_analytics": "customers", "customer_segments": "members"}


class ColumnType(StrEnum):
    """What a column holds; money is in major units of the row's currency."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"


_TYPES = {
    "text": ColumnType.TEXT,
    "varchar": ColumnType.TEXT,
    "int2": ColumnType.INTEGER,
    "int4": ColumnType.INTEGER,
    "int8": ColumnType.INTEGER,
    "numeric": ColumnType.DECIMAL,
    "float8": ColumnType.DECIMAL,
    "bool": ColumnType.BOOLEAN,
    "date": ColumnType.DATE,
    "timestamptz": ColumnType.TIMESTAMP,
}


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column of a file: its header, its type and the SQL that reads it."""

    name: str
    type: ColumnType
    expression: sql.Composable


def read_columns(cursor: Cursor, definition: ExportDefinition) -> tuple[ExportColumn, ...]:
    """Return the definition's columns with the types that the marts give them.

    Raises ChairsideError naming each column that no mart has or whose type cannot be exported.
    """
    known = _columns_of_marts(cursor)
    missing = [name for name in definition.columns if name not in known]
    if missing:
        raise ChairsideError(
            f"Export {definition.name} names columns that marts.customer_analytics and"
            f" marts.customer_segments do not have: {', '.join(missing)}.",
            "Correct the export's columns in dbt_project/models/exposures.yml, or refresh.",
        )
    return tuple(_column(name, *known[name]) for name in definition.columns)


def columns_for(columns: Sequence[ExportColumn], channel: Channel) -> tuple[ExportColumn, ...]:
    """Return the columns of one channel's file: no address but that channel's own."""
    others = ADDRESS_COLUMNS - {channel.address_column}
    return tuple(column for column in columns if column.name not in others)


def _columns_of_marts(cursor: Cursor) -> dict[str, tuple[str, str]]:
    cursor.execute(
        """
        select column_name, table_name, udt_name
        from information_schema.columns
        where table_schema = 'marts' and table_name = any(%s)
        order by array_position(%s, cast(table_name as text)) desc
        """,
        (list(SOURCES), list(SOURCES)),
    )
    return {name: (SOURCES[table], udt) for name, table, udt in cursor.fetchall()}


def _column(name: str, table: str, udt: str) -> ExportColumn:
    if udt not in _TYPES:
        raise ChairsideError(
            f"Column {name} is of type {udt}, which no export can hold.",
            f"Leave it out, or give it one of these types in the mart: {', '.join(_TYPES)}.",
        )
    plain = sql.Identifier(table, name)
    if not name.endswith(MONEY_SUFFIX):
        return ExportColumn(name, _TYPES[udt], plain)
    major = sql.SQL(
        "round(cast({} as numeric) / power(cast(10 as numeric), currencies.exponent),"
        " cast(currencies.exponent as integer))"
    )
    return ExportColumn(name.removesuffix(MONEY_SUFFIX), ColumnType.MONEY, major.format(plain))
