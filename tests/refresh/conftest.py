"""A database with the operations log and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from orchestration.postgres.connection import Connection, connect
from orchestration.warehouse.schema import ensure_warehouse


@pytest.fixture(scope="module")
def ops_template(new_database) -> Iterator[str]:
    """The URL of a database with all tables that exist before the first load."""
    with new_database() as url:
        with connect(url) as connection:
            ensure_warehouse(connection)
        yield url


@pytest.fixture
def ops_url(new_database, ops_template: str) -> Iterator[str]:
    """The URL of such a database for one test."""
    with new_database(template=ops_template) as url:
        yield url


@pytest.fixture
def connection(ops_url: str) -> Iterator[Connection]:
    """An autocommit connection to it."""
    with connect(ops_url, autocommit=True) as connection:
        yield connection
