"""The keys of rejected rows in a snapshot: such a row was there, so it did not vanish.

Put here their collection. Do not put here the marking of vanished rows (upsert.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from psycopg2 import sql
from psycopg2.extras import execute_values

from orchestration.contract.tables import postgres_type
from orchestration.loading.stage import Stage


class SparedKeys:
    """Collects keys in a temporary table; `complete` is False once a key could not be read."""

    def __init__(self, stage: Stage) -> None:
        """Create the table; it is dropped when the transaction ends."""
        self.complete = True
        self.table = sql.Identifier(f"spared_{stage.entity.name}")
        self._stage = stage
        self._key = stage.entity.full_key
        self._types = [postgres_type(stage.entity.by_name[name]) for name in self._key]
        definitions = [
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind))
            for name, kind in zip(self._key, self._types, strict=True)
        ]
        with stage.connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("create temporary table {} ({}) on commit drop").format(
                    self.table, sql.SQL(", ").join(definitions)
                )
            )

    def add(
        self,
        columns: Mapping[str, pa.Array],
        rejected: npt.NDArray[np.bool_],
        unreadable: bool = False,
    ) -> None:
        """Keep the keys of a batch's rejected rows; without a whole key nothing may vanish."""
        self.complete &= not unreadable
        if not rejected.any():
            return
        rows = pa.array(np.flatnonzero(rejected))
        empty = [None] * len(rows)
        parts = [
            columns[name].take(rows).to_pylist() if name in columns else empty for name in self._key
        ]
        required = [self._stage.entity.by_name[name].required for name in self._key]
        keys = list(zip(*parts, strict=True))
        readable = [
            key
            for key in keys
            if all(part is not None or not must for part, must in zip(key, required, strict=True))
        ]
        self.complete &= len(readable) == len(keys)
        template = "(" + ", ".join(f"%s::{kind}" for kind in self._types) + ")"
        if readable:
            with self._stage.connection.cursor() as cursor:
                statement = sql.SQL("insert into {} values %s").format(self.table)
                execute_values(cursor, statement, readable, template)

    def add_refused(self, refused: sql.Identifier) -> None:
        """Keep the keys of staged rows that a check across rows refused."""
        names = sql.SQL(", ").join(sql.Identifier("s", name) for name in self._key)
        with self._stage.connection.cursor() as cursor:
            cursor.execute(
                sql.SQL(
                    "insert into {} select {} from {} as s join {} as r on s.ctid = r.tid"
                ).format(self.table, names, self._stage.table, refused)
            )
