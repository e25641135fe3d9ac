"""A warehouse with empty raw tables, and a folder to write a business's files into.

Put here what several loading tests share. Do not put here expectations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from psycopg2.extensions import connection as Connection  # noqa: N812

from orchestration.contract.model import load_contract
from orchestration.loading.load import load_path
from orchestration.loading.report import LoadReport
from orchestration.postgres.connection import connect
from orchestration.warehouse.schema import ensure_warehouse

CLOCK = datetime(2026, 6, 1, 12, tzinfo=UTC)
# One business in two time zones and two currencies, another in one.
BASE_FILES = {
    "organizations.csv": "organization_id,name\nsalon,Salon\nbarber,Barber\n",
    "locations.csv": (
        "organization_id,location_id,name,timezone,currency\n"
        "salon,east,East,America/Toronto,CAD\n"
        "salon,tokyo,Tokyo,Asia/Tokyo,JPY\n"
        "barber,only,Only,Europe/London,GBP\n"
    ),
    "customers.csv": (
        "organization_id,customer_id,first_name\nsalon,ada,Ada\nsalon,bo,Bo\nbarber,cy,Cy\n"
    ),
}


@pytest.fixture(scope="session")
def empty_warehouse(new_database: Callable[..., Any]) -> Iterator[str]:
    """The URL of a database with empty raw tables, to copy."""
    with new_database() as url:
        with connect(url) as connection:
            ensure_warehouse(connection)
        yield url


@pytest.fixture(scope="session")
def shared_warehouse(new_database: Callable[..., Any], empty_warehouse: str) -> Iterator[str]:
    """The URL of a database that tests use one after another."""
    with new_database(empty_warehouse) as url:
        yield url


@pytest.fixture
def warehouse(shared_warehouse: str) -> Iterator[Connection]:
    """A connection to a warehouse without rows; emptying it is quicker than making another."""
    tables = [f"raw_native.{name}" for name in load_contract().entities]
    with connect(shared_warehouse) as connection:
        with connection.cursor() as cursor:
            for table in (*tables, "ops.loads"):
                cursor.execute(f"delete from {table}")
        connection.commit()
        yield connection


class Business:
    """Writes files into a folder, loads them and asks the warehouse."""

    def __init__(self, connection: Connection, folder: Path) -> None:
        self.connection = connection
        self.folder = folder

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def load(self, name: str | None = None, **options: Any) -> LoadReport:
        """Load one file of the folder, or all of it; any share of rejects is accepted."""
        path = self.folder / name if name else self.folder
        settings = {"max_reject_share": 1.0, "clock": CLOCK} | options
        return load_path(self.connection, path, **settings)

    def query(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)
            return cursor.fetchall()

    def column(self, statement: str) -> list[Any]:
        return [row[0] for row in self.query(statement)]

    def rejects(self, load_id: int) -> list[tuple[Any, ...]]:
        """Severity, file, line, column, reason and text of a load's problems."""
        return self.query(
            "select severity, file_name, line_number, column_name, reason, row_text"
            " from ops.rejected_rows where load_id = %s order by rejected_row_id",
            load_id,
        )


@pytest.fixture
def business(warehouse: Connection, tmp_path: Path) -> Business:
    """A business without files."""
    return Business(warehouse, tmp_path)


@pytest.fixture
def salon(business: Business) -> Business:
    """A business whose organizations, locations and customers are loaded."""
    for name, content in BASE_FILES.items():
        business.write(name, content)
    business.load()
    for name in BASE_FILES:
        (business.folder / name).unlink()
    return business
