"""Small inputs from the field, loaded side by side into one warehouse, which is refreshed by steps.

A case is a folder in `inputs/`, named as the organization in its files; its folders 1, 2, … are
loaded before the refresh of that number. Put here the steps and the asking. Do not put here what is
expected of a case: that stands in a test beside this file.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from psycopg2 import sql
from psycopg2.extras import RealDictCursor

from orchestration.warehouse.schema import ensure_warehouse
from tests.conftest import NewWarehouse
from tests.warehouse import Warehouse

INPUTS = Path(__file__).parent / "inputs"
# In Toronto: a morning, an hour later, the evening, and the next day's noon.
CLOCKS = (
    datetime(2026, 12, 1, 16, 30, tzinfo=UTC),
    datetime(2026, 12, 1, 17, 30, tzinfo=UTC),
    datetime(2026, 12, 2, 0, 30, tzinfo=UTC),
    datetime(2026, 12, 2, 17, 30, tzinfo=UTC),
)
TIMEOUT_SECONDS = 1200


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the first test of this folder, which waits for all refreshes, more time."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.timeout(TIMEOUT_SECONDS))


class Cases:
    """The public tables as they were after each step, and the warehouse as the last one left it."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse

    def rows(self, case: str, query: str, after: int = len(CLOCKS)) -> list[dict[str, Any]]:
        """Return the rows that a query of marts by their bare names gives of a case after a step.

        The query names the case's organization as %(case)s.
        """
        with (
            self.warehouse.connection() as connection,
            connection.cursor(cursor_factory=RealDictCursor) as cursor,
        ):
            schema = sql.Identifier(f"after_{after}")
            cursor.execute(sql.SQL("set local search_path to {}").format(schema))
            cursor.execute(query, {"case": case})
            return [dict(row) for row in cursor.fetchall()]

    def row(self, case: str, query: str, after: int = len(CLOCKS)) -> dict[str, Any]:
        """Return the only row of such a query."""
        (row,) = self.rows(case, query, after)
        return row

    def keep(self, step: int) -> None:
        """Copy the public tables as they are."""
        schema = sql.Identifier(f"after_{step}")
        self.warehouse.execute(sql.SQL("create schema {}").format(schema))
        for table in self.warehouse.rows(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ):
            name = table["table_name"]
            copy = sql.SQL("create table {} as table {}").format(
                sql.Identifier(f"after_{step}", name), sql.Identifier("marts", name)
            )
            self.warehouse.execute(copy)


@pytest.fixture(scope="session")
def cases(new_warehouse: NewWarehouse) -> Iterator[Cases]:
    """All cases, loaded and refreshed step by step."""
    with new_warehouse() as warehouse:
        with warehouse.connection() as connection:
            ensure_warehouse(connection)
        cases = Cases(warehouse)
        for step, clock in enumerate(CLOCKS, start=1):
            for folder in sorted(INPUTS.glob(f"*/{step}")):
                warehouse.load(folder)
            result = warehouse.refresh(clock)
            assert result.succeeded, f"the refresh of step {step} failed: {result.error}"
            cases.keep(step)
        yield cases
