"""Parquet files as batches of text columns, so that they pass the very checks that CSV files do.

Put here how a Parquet file is cut into batches and its types written as text. Do not put here what
its columns mean.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from orchestration.errors import ChairsideError
from orchestration.loading.batch import Batch

BATCH_ROWS = 32_768


class ParquetReader:
    """Reads one Parquet file once; the line of a row is its number, counted from 1."""

    def __init__(self, path: Path, name: str | None = None) -> None:
        """Open the file; raises ChairsideError where it is no Parquet file."""
        self.path = path
        self.name = name or path.name
        try:
            self._file = parquet.ParquetFile(path)
        except (pa.ArrowInvalid, OSError) as error:
            raise ChairsideError(
                f"{self.name} is not a readable Parquet file: {error}.",
                "Export the file again, or save it as CSV.",
            ) from None
        self.header = list(self._file.schema_arrow.names)
        self.size = max(1, self._file.metadata.num_rows)
        self.position = 0

    @property
    def sha256(self) -> str:
        """The checksum of the file."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def batches(self) -> Iterator[Batch]:
        """Yield all rows as text; raises ChairsideError for types that have none."""
        for rows in self._file.iter_batches(batch_size=BATCH_ROWS, use_threads=False):
            columns = {name: self._as_text(name, rows.column(name)) for name in self.header}
            lines = np.arange(self.position + 1, self.position + 1 + rows.num_rows)
            self.position += rows.num_rows
            yield Batch(columns, lines, partial(row_text, columns))

    def _as_text(self, name: str, values: pa.Array) -> pa.Array:
        if pa.types.is_dictionary(values.type):
            values = values.dictionary_decode()
        if pa.types.is_floating(values.type):
            values = pc.if_else(pc.is_nan(values), None, values)
        try:
            text = pc.cast(values, pa.string())
        except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
            raise ChairsideError(
                f"{self.name}: column {name!r} has the Parquet type {values.type},"
                " which cannot be read.",
                "Write the column as text, number, boolean, date or timestamp.",
            ) from None
        return pc.if_else(pc.equal(text, ""), None, text)


def row_text(columns: dict[str, pa.Array], row: int) -> str:
    """Return a row of text columns as one line, for the rejects."""
    return ",".join(values[row].as_py() or "" for values in columns.values())
