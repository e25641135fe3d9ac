"""The quick way into an empty raw table: a file of its own, and indexes built once it is full.

Put here what surrounds a first insert. Do not put here the insert (upsert.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from psycopg2 import sql

from orchestration.contract.tables import RAW_SCHEMA, table_name
from orchestration.loading.stage import Stage

# Below this many rows, making files and indexes anew costs more than it saves.
WORTHWHILE_ROWS = 100_000
_SAVEPOINT = "before_first_fill"


@contextmanager
def first_fill(stage: Stage, rows: int) -> Iterator[None]:
    """Do without the indexes of an empty raw table while the block fills it, where that pays.

    Rows that go into a table's new file need no log on a server that nothing replicates. The table
    is locked until the load ends; while somebody else reads it, the block runs as it would without.
    """
    if rows < WORTHWHILE_ROWS or not _lock(stage):
        yield
        return
    table = table_name(stage.entity)
    definitions = _take_indexes(stage)
    with stage.connection.cursor() as cursor:
        cursor.execute(sql.SQL("truncate {}").format(table))
        yield
        for definition in definitions:
            cursor.execute(definition)


def _lock(stage: Stage) -> bool:
    """Keep readers out of the raw table; False where there are some already."""
    lock = sql.SQL("lock table {} in access exclusive mode nowait").format(table_name(stage.entity))
    with stage.connection.cursor() as cursor:
        cursor.execute(f"savepoint {_SAVEPOINT}")
        try:
            cursor.execute(lock)
        except psycopg2.errors.LockNotAvailable:
            cursor.execute(f"rollback to savepoint {_SAVEPOINT}")
            return False
        finally:
            cursor.execute(f"release savepoint {_SAVEPOINT}")
    return True


def _take_indexes(stage: Stage) -> list[str]:
    """Drop all indexes of the raw table and return the statements that make them again."""
    with stage.connection.cursor() as cursor:
        cursor.execute(
            "select indexname, indexdef from pg_catalog.pg_indexes"
            " where schemaname = %s and tablename = %s order by indexname",
            (RAW_SCHEMA, stage.entity.name),
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(sql.SQL("drop index {}").format(sql.Identifier(RAW_SCHEMA, name)))
    return [definition for _, definition in indexes]
