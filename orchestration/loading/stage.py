"""The temporary table that a load's rows of one entity wait in, and the COPY into it.

Put here the stage's shape and filling. Do not put here checks or the move into raw (upsert.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Set

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from psycopg2 import sql

from orchestration.contract.model import ColumnType, Entity
from orchestration.contract.tables import postgres_type
from orchestration.postgres.connection import Connection

# Types whose text may hold the characters that COPY gives a meaning to.
_FREE_TEXT = (ColumnType.ID, ColumnType.TEXT)
_ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))
_NEEDS_ESCAPE = "[\\\\\t\n\r]"
_NULL = "\\N"


class Stage:
    """Rows of one entity that passed the checks of single rows."""

    def __init__(self, connection: Connection, entity: Entity) -> None:
        """Create the table; it is dropped when the transaction ends."""
        self.connection = connection
        self.entity = entity
        self.table = sql.Identifier(f"stage_{entity.name}")
        # Where the same rows lie once they are stored, if raw then holds no others. Several
        # processors may read that table at once, and only this session a temporary one.
        self.same_rows = self.table
        self.columns: set[str] = set()
        definitions = [
            sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(postgres_type(column)))
            for column in entity.columns
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL(
                    "create temporary table {} (_file integer, _line bigint, {}) on commit drop"
                ).format(self.table, sql.SQL(", ").join(definitions))
            )

    def copy(
        self,
        columns: Mapping[str, pa.Array],
        files: npt.NDArray[np.int64],
        lines: npt.NDArray[np.int64],
        rejected: npt.NDArray[np.bool_],
    ) -> None:
        """Append rows of canonical text, without the rejected ones."""
        self.columns |= columns.keys()
        rows = {
            "_file": pc.cast(pa.array(files), pa.string()),
            "_line": pc.cast(pa.array(lines), pa.string()),
            **columns,
        }
        if rejected.any():
            keep = pa.array(~rejected)
            rows = {name: values.filter(keep) for name, values in rows.items()}
        free = {name for name in columns if self.entity.by_name[name].type in _FREE_TEXT}
        copy_rows(self.connection, self.table, rows, free)

    def analyze(self) -> None:
        """Gather statistics, so that the joins that follow are planned for the real size."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql.SQL("analyze {}").format(self.table))


def copy_rows(
    connection: Connection,
    table: sql.Identifier,
    columns: Mapping[str, pa.Array],
    free_text: Set[str],
) -> None:
    """Append text columns to a table; those of free text are escaped where they need it."""
    arrays = [_escaped(values) if name in free_text else values for name, values in columns.items()]
    statement = sql.SQL("copy {} ({}) from stdin").format(
        table, sql.SQL(", ").join(sql.Identifier(name) for name in columns)
    )
    with connection.cursor() as cursor:
        cursor.copy_expert(statement, pa.BufferReader(_copy_text(arrays)))


def _escaped(values: pa.Array) -> pa.Array:
    if not pc.any(pc.match_substring_regex(values, _NEEDS_ESCAPE)).as_py():
        return values
    for character, escape in _ESCAPES:
        values = pc.replace_substring(values, character, escape)
    return values


def _copy_text(arrays: list[pa.Array]) -> pa.Buffer:
    """Return the rows in COPY's text format: the data buffer of one joined string column."""
    *others, last = arrays
    # The line feed rides on the last column, so that the joined texts lie ready back to back.
    last = pc.binary_join_element_wise(
        last, "\n", "", null_handling="replace", null_replacement=_NULL
    )
    rows = pc.binary_join_element_wise(
        *others, last, "\t", null_handling="replace", null_replacement=_NULL
    )
    _, offsets, data = rows.buffers()
    if not len(rows) or data is None:
        return pa.py_buffer(b"")
    first, last = np.frombuffer(offsets, np.int32)[[rows.offset, rows.offset + len(rows)]]
    return data.slice(int(first), int(last - first))
