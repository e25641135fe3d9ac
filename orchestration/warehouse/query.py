"""Small helpers for asking the warehouse one thing.

Put here helpers that several packages share. Do not put here SQL of any of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg2 import sql

from orchestration.postgres.connection import Connection


def fetch_value(
    connection: Connection,
    statement: str | sql.Composable,
    parameters: Sequence[object] | Mapping[str, object] | None = None,
) -> Any:
    """Return the first column of the first row of a query, which must have one."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
    if row is None:
        raise LookupError("the query returned no row")
    return row[0]
