"""Holds the marts of a warehouse to expected.json.

Put here reading the file and telling differences. Do not put here how answers are worked out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from psycopg2 import sql

from orchestration.postgres.connection import Connection

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One value, or one row, that the warehouse has otherwise."""

    table: str
    key: tuple[str, ...]
    column: str
    expected: Any
    found: Any

    def __str__(self) -> str:
        """The difference on one line."""
        where = f"{self.table}[{', '.join(map(str, self.key))}].{self.column}"
        return f"{where}: expected {self.expected!r}, found {self.found!r}"


def read_expected(path: Path) -> dict[str, Any]:
    """The document with each row in full: values that a row leaves out are its table's defaults."""
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for table in document["tables"].values():
        defaults = table.pop("defaults", {})
        table["rows"] = [defaults | row for row in table["rows"]]
    return document


def compare(
    connection: Connection, expected: dict[str, Any], schema: str = "marts"
) -> list[Difference]:
    """Every difference between the marts in `schema` and the document of read_expected."""
    differences: list[Difference] = []
    for name, table in expected["tables"].items():
        differences += compare_table(connection, schema, name, table)
    return differences


def compare_table(
    connection: Connection, schema: str, name: str, table: dict[str, Any]
) -> list[Difference]:
    """Missing and surplus rows, and values that differ."""
    if not table["rows"]:
        return []
    key, columns = table["key"], list(table["rows"][0])
    found = _fetch(connection, schema, name, columns, key)
    differences = []
    wanted = set()
    for row in table["rows"]:
        identity = tuple(row[column] for column in key)
        wanted.add(identity)
        there = found.get(identity)
        if there is None:
            differences.append(Difference(name, identity, "row", "present", "missing"))
            continue
        for column in columns:
            if not same(row[column], there[column]):
                differences.append(Difference(name, identity, column, row[column], there[column]))
    if table["complete"]:
        for identity in sorted(set(found) - wanted):
            differences.append(Difference(name, identity, "row", "absent", "present"))
    return differences


def _fetch(
    connection: Connection, schema: str, name: str, columns: list[str], key: list[str]
) -> dict[tuple[Any, ...], Row]:
    query = sql.SQL("select {} from {}").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(schema, name)
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        rows = [dict(zip(columns, map(plain, values), strict=True)) for values in cursor.fetchall()]
    return {tuple(row[column] for column in key): row for row in rows}


def plain(value: Any) -> Any:
    """A value of Postgres as expected.json writes it."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def same(expected: Any, found: Any) -> bool:
    """Equal values; an empty list and none at all say the same."""
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    return expected == found or (not expected and not found and [] in (expected, found))
