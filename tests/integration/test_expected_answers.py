"""The warehouse holds the demo's own bookkeeping: every listed value of expected.json is there."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from psycopg2 import sql
from psycopg2.extras import RealDictCursor

if TYPE_CHECKING:
    from tests.integration.conftest import Warehouse

MOST_SHOWN = 20
# Ratios are rounded at the source; money and counts are whole numbers and compared exactly.
TOLERANCE = Decimal("0.0001")


@pytest.fixture(scope="module")
def expected(demo_files: Path) -> dict[str, Any]:
    file = demo_files / "expected.json"
    assert file.is_file(), f"the demo writes {file.name} beside its files"
    return json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)


def test_the_marts_hold_every_answer_the_demo_expects(
    warehouse: Warehouse, expected: dict[str, Any]
) -> None:
    assert expected["tables"], "expected.json lists tables"
    problems = []
    for table, answer in expected["tables"].items():
        problems += compare_table(warehouse, table, answer)
    assert not problems, report(problems)


def compare_table(warehouse: Warehouse, table: str, answer: dict[str, Any]) -> list[str]:
    """Return a line for each value, row or column of one table that is not as expected."""
    key, rows = answer["key"], answer["rows"]
    if not rows:
        return [f"{table}: expected.json lists no rows"]
    columns = sorted({column for row in rows for column in row})
    found = {tuple(text(row[k]) for k in key): row for row in read(warehouse, table, columns)}
    problems = []
    for row in rows:
        name = tuple(text(row[k]) for k in key)
        where = f"{table} {' / '.join(map(str, name))}"
        if name not in found:
            problems.append(f"{where}: no such row")
            continue
        problems += [
            f"{where}: {column} is {found[name][column]!r}, expected {value!r}"
            for column, value in row.items()
            if not equal(found[name][column], value)
        ]
    if answer.get("complete") and len(found) > len(rows):
        listed = {tuple(text(row[k]) for k in key) for row in rows}
        problems += [f"{table} {' / '.join(k)}: not expected" for k in found.keys() - listed]
    return problems


def read(warehouse: Warehouse, table: str, columns: list[str]) -> list[dict[str, Any]]:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    query = sql.SQL("select {} from {}").format(names, sql.Identifier("marts", table))
    with (
        warehouse.connection() as connection,
        connection.cursor(cursor_factory=RealDictCursor) as cursor,
    ):
        cursor.execute(query)
        return [dict(row) for row in cursor.fetchall()]


def equal(found: Any, expected: Any) -> bool:
    """Compare a value of Postgres with one of JSON; instants as instants, ratios nearly."""
    if found is None or expected is None:
        return found is None and expected is None
    if isinstance(found, datetime):
        return found == datetime.fromisoformat(expected)
    if isinstance(found, date):
        return found == date.fromisoformat(expected)
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    if isinstance(found, Decimal | float):
        return abs(Decimal(str(found)) - Decimal(str(expected))) <= TOLERANCE
    return bool(found == expected)


def text(value: Any) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return str(value)


def report(problems: list[str]) -> str:
    by_column: dict[str, int] = {}
    for problem in problems:
        table, _, rest = problem.partition(" ")
        column = rest.rpartition(": ")[2].split(" ")[0]
        by_column[f"{table}.{column}"] = by_column.get(f"{table}.{column}", 0) + 1
    counts = [f"  {count:>6} × {name}" for name, count in sorted(by_column.items())]
    shown = [f"  {problem}" for problem in problems[:MOST_SHOWN]]
    return "\n".join([f"{len(problems)} values differ:", *counts, "the first:", *shown])
