"""The warehouse gives the answers that the demo's generator kept in its own books."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.demo.answers.comparison import Difference, compare, read_expected

if TYPE_CHECKING:
    from tests.warehouse import Warehouse

MOST_SHOWN = 30
FEWEST_TABLES = 10


def test_the_marts_hold_every_answer_the_demo_expects(
    warehouse: Warehouse, demo_files: Path
) -> None:
    expected = read_expected(demo_files / "expected.json")
    rows = {table: len(answer["rows"]) for table, answer in expected["tables"].items()}
    assert len(rows) >= FEWEST_TABLES
    assert all(rows.values()), f"tables without an answer: {rows}"

    with warehouse.connection() as connection:
        differences = compare(connection, expected)

    assert not differences, report(differences)


def test_a_wrong_value_and_a_missing_row_are_told(warehouse: Warehouse, demo_files: Path) -> None:
    expected = read_expected(demo_files / "expected.json")
    table = expected["tables"]["customer_analytics"]
    wrong, missing = table["rows"][0], dict(table["rows"][1])
    wrong["visits"] = (wrong["visits"] or 0) + 1
    missing["customer_id"] = "nobody"
    table["rows"].append(missing)

    with warehouse.connection() as connection:
        differences = compare(connection, expected)

    assert {(difference.column, difference.key[-1]) for difference in differences} == {
        ("visits", wrong["customer_id"]),
        ("row", "nobody"),
    }


def report(differences: list[Difference]) -> str:
    counts = Counter((difference.table, difference.column) for difference in differences)
    lines = [f"  {count:>6} × {table}.{column}" for (table, column), count in counts.most_common()]
    shown = [f"  {difference}" for difference in differences[:MOST_SHOWN]]
    return "\n".join([f"{len(differences)} values differ:", *lines, "the first:", *shown])
