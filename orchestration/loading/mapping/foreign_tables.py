"""Foreign files as temporary tables of text, their days, times and numbers made canonical.

Put here the reading of foreign files into the database. Do not put here what becomes of their rows
(mapped_feed.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from psycopg2 import sql

from orchestration.errors import ChairsideError
from orchestration.loading.batch import Batch
from orchestration.loading.csv_reader import CsvReader
from orchestration.loading.findings import Findings
from orchestration.loading.header import suggestion
from orchestration.loading.mapping.foreign_values import reader_of
from orchestration.loading.mapping.model import ForeignFile, Mapping
from orchestration.loading.mapping.node import HINT, MappingError
from orchestration.loading.mapping.scope import SourceTable
from orchestration.loading.parquet_reader import ParquetReader
from orchestration.loading.problems import ERROR, Problem
from orchestration.loading.stage import copy_rows
from orchestration.loading.values import RefusedValueError
from orchestration.postgres.connection import Connection


class ForeignTable:
    """One foreign file (or several alike) as a table; call fill() once."""

    def __init__(
        self,
        connection: Connection,
        file: ForeignFile,
        paths: dict[str, Path],
        *,
        reject: Callable[[Problem], None],
        progress: Callable[[str, int, float], None],
    ) -> None:
        """Nothing is read yet; rows that cannot be read will go to `reject`."""
        self._report = reject
        self._progress = progress
        self.file = file
        self.paths = paths
        self.checksums: dict[str, str] = {}
        self.rejected: dict[str, int] = {}
        self.header: list[str] = []
        self._connection = connection
        self._table = sql.Identifier(f"foreign_{file.name}")

    def fill(self) -> SourceTable:
        """Read the files into the table and return it.

        Raises ChairsideError where a file or its header cannot be used.
        """
        for number, (name, path) in enumerate(self.paths.items()):
            is_parquet = path.suffix == ".parquet"
            reader = (
                ParquetReader(path, name) if is_parquet else CsvReader(path, self.file.layout, name)
            )
            self._check_header(name, reader.header)
            rows = 0
            for batch in reader.batches():
                self._copy(batch, number, name)
                rows += len(batch) + len(batch.broken)
                self._progress(name, rows, min(1.0, reader.position / max(1, reader.size)))
            self.checksums[name] = reader.sha256
        with self._connection.cursor() as cursor:
            cursor.execute(sql.SQL("analyze {}").format(self._table))
        columns = {name: index for index, name in enumerate(self.header)}
        return SourceTable(self.file.name, self._table, columns, self.file.kinds)

    def _check_header(self, file_name: str, header: list[str]) -> None:
        if len(set(header)) < len(header) or "" in header:
            raise ChairsideError(
                f"{file_name}, line 1: every column needs a name of its own.",
                "Check the delimiter in the mapping, or correct the header.",
            )
        if not self.header:
            self._create(header)
        for name in (*self.file.kinds, *self.header):
            if name not in header:
                raise MappingError(
                    f"{file_name}, line 1: there is no column {name!r}{suggestion(name, header)};"
                    f" the header has {', '.join(header)}.",
                    HINT,
                )

    def _create(self, header: list[str]) -> None:
        self.header = header
        columns = sql.SQL(", ").join(
            sql.SQL("{} text").format(sql.Identifier(f"c{index}")) for index in range(len(header))
        )
        with self._connection.cursor() as cursor:
            cursor.execute(
                sql.SQL(
                    "create temporary table {} (_file integer, _line bigint, {}) on commit drop"
                ).format(self._table, columns)
            )

    def _copy(self, batch: Batch, number: int, file_name: str) -> None:
        findings = Findings(len(batch))
        columns = {
            f"c{index}": self._canonical(name, batch.columns[name], findings)
            for index, name in enumerate(self.header)
        }
        for broken in batch.broken:
            self._reject(file_name, broken.line, None, broken.reason, broken.text)
        for found in findings.found:
            line = int(batch.lines[found.row])
            text = batch.text_of(found.row) if batch.text_of else ""
            self._reject(file_name, line, found.column, found.reason, text)
        keep = pa.array(~findings.rejected)
        named = {
            "_file": pa.array(np.full(len(batch), number)).cast(pa.string()),
            "_line": pa.array(batch.lines).cast(pa.string()),
            **columns,
        }
        filtered = {name: values.filter(keep) for name, values in named.items()}
        copy_rows(self._connection, self._table, filtered, frozenset(columns))

    def _canonical(self, name: str, values: pa.Array, findings: Findings) -> pa.Array:
        kind = self.file.kinds.get(name, "text")
        if kind == "text":
            trimmed = pc.utf8_trim_whitespace(values)
            return pc.if_else(pc.equal(trimmed, ""), None, trimmed)
        read = reader_of(kind, self.file.formats)
        encoded = values.dictionary_encode()
        codes = encoded.indices.fill_null(-1).to_numpy()
        canonical: list[str | None] = []
        for code, text in enumerate(encoded.dictionary.to_pylist()):
            try:
                canonical.append(read(text) if text.strip() else None)
            except RefusedValueError as refusal:
                canonical.append(None)
                for row in np.flatnonzero(codes == code):
                    findings.error(row, name, str(refusal))
        return pa.array(canonical, pa.string()).take(encoded.indices)

    def _reject(
        self, file_name: str, line: int, column: str | None, reason: str, text: str
    ) -> None:
        self.rejected[file_name] = self.rejected.get(file_name, 0) + 1
        self._report(Problem(ERROR, "", file_name, line, column, reason, text))


@dataclass(frozen=True, slots=True)
class Export:
    """A foreign export in the database, by the names of its files in the mapping."""

    tables: dict[str, ForeignTable]
    sources: dict[str, SourceTable]
    # Optional files that this export does not have.
    absent: frozenset[str]


def find_paths(path: Path, mapping: Mapping) -> dict[str, dict[str, Path]]:
    """Return the files that a mapping names: by its name for them, then by their own names.

    A folder must hold all that are not optional; a single file stands for itself alone. Raises
    ChairsideError where files are missing.
    """
    found: dict[str, dict[str, Path]] = {}
    for file in mapping.files.values():
        if path.is_file():
            matching = {path.name: path} if path.match(file.glob) else {}
        else:
            inside = sorted(each for each in path.glob(file.glob) if each.is_file())
            matching = {each.relative_to(path).as_posix(): each for each in inside}
        if matching:
            found[file.name] = matching
        elif not file.is_optional and not path.is_file():
            raise ChairsideError(
                f"{path} holds no file {file.glob!r}, which {mapping.file_name} asks for.",
                "Add the file, correct its path in the mapping, or mark it `optional: true`.",
            )
    if not found:
        names = ", ".join(file.glob for file in mapping.files.values())
        raise ChairsideError(
            f"{path} is none of the files that {mapping.file_name} describes: {names}.", HINT
        )
    return found
