"""Foreign tables as feeds of native rows.

Put here the queries that turn source tables into rows of an entity. Do not put here the reading of
foreign files (foreign_tables.py) or checks of rows (loading/conversion.py).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from psycopg2 import sql

from orchestration.contract.model import Entity
from orchestration.loading.batch import Batch
from orchestration.loading.csv_reader import CsvFormat, CsvReader
from orchestration.loading.feed import SourceFile
from orchestration.loading.mapping.expressions import as_text
from orchestration.loading.mapping.foreign_tables import Export, ForeignTable
from orchestration.loading.mapping.model import Input, Mapping
from orchestration.loading.mapping.scope import Scope
from orchestration.loading.row_texts import csv_row_texts, parquet_row_texts
from orchestration.postgres.connection import Connection


class MappedFeed:
    """All rows that a mapping makes for one entity."""

    needs_connection = True

    def __init__(
        self, connection: Connection, entity: Entity, mapping: Mapping, export: Export
    ) -> None:
        """The export's tables must be filled already."""
        self.entity = entity
        self.files: list[SourceFile] = []
        self._connection = connection
        self._export = export
        self._inputs = [
            item
            for item in mapping.inputs
            if item.entity == entity.name and item.file in export.tables
        ]
        constants = [item for item in mapping.constants if item.entity == entity.name]
        self._constants = [row for item in constants for row in item.rows]
        self._origins: list[tuple[Path, CsvFormat] | None] = []
        # Where the files of each foreign table begin in `files`.
        self._offsets: dict[str, int] = {}
        if self._constants:
            self.files.append(SourceFile(mapping.file_name))
            self._origins.append(None)
        for name in dict.fromkeys(item.file for item in self._inputs):
            self._add_files(name, export.tables[name])

    def _add_files(self, name: str, table: ForeignTable) -> None:
        self._offsets[name] = len(self.files)
        for name_of_file, path in table.paths.items():
            is_whole = not table.rejected.get(name_of_file)
            self.files.append(SourceFile(name_of_file, table.checksums[name_of_file], 0, is_whole))
            self._origins.append((path, table.file.layout))

    def batches(self) -> Iterator[tuple[Batch, float]]:
        """Yield native rows, input by input; raises MappingError for a column that is not there."""
        if self._constants:
            yield self._constant_batch(), 1.0
        for number, item in enumerate(self._inputs):
            query = self._query(item)
            with tempfile.NamedTemporaryFile(suffix=".csv") as file:
                with self._connection.cursor() as cursor:
                    cursor.copy_expert(
                        sql.SQL("copy ({}) to stdout (format csv, header)").format(query), file
                    )
                file.flush()
                reader = CsvReader(Path(file.name))
                for batch in reader.batches():
                    share = reader.position / max(1, reader.size)
                    yield self._native(batch), min(1.0, (number + share) / len(self._inputs))

    def texts(self, file: int, lines: Iterable[int]) -> Iterator[str]:
        """Yield the original rows of a foreign file, or the mapping's own rows."""
        origin = self._origins[file]
        if origin is None:
            return (self._constant_text(line - 1) for line in lines)
        path, layout = origin
        if path.suffix == ".parquet":
            return parquet_row_texts(path, lines)
        return csv_row_texts(path, layout, lines)

    def label(self, column: str) -> str:
        """Return the foreign columns that a column is made of, or its own name where none."""
        parts = [item.fields[column].columns() for item in self._inputs if column in item.fields]
        names = dict.fromkeys(name for part in parts for name in part)
        return ", ".join(names) or column

    def _constant_batch(self) -> Batch:
        names = dict.fromkeys(name for row in self._constants for name in row)
        columns = {
            name: pa.array([row.get(name) for row in self._constants], pa.string())
            for name in names
        }
        return Batch(columns, np.arange(1, len(self._constants) + 1), self._constant_text)

    def _constant_text(self, row: int) -> str:
        return ", ".join(f"{name}: {value}" for name, value in self._constants[row].items())

    def _native(self, batch: Batch) -> Batch:
        files = batch.columns.pop("_file").cast(pa.int64()).to_numpy()
        lines = batch.columns.pop("_line").cast(pa.int64()).to_numpy()
        return Batch(batch.columns, lines, None, [], files)

    def _query(self, item: Input) -> sql.Composable:
        """Return the select of an input's rows, lineage first, in the order of the file."""
        scope = Scope(
            self._export.sources,
            item.file,
            is_grouped=bool(item.distinct),
            absent=self._export.absent,
        )
        fields = [
            sql.SQL("{} as {}").format(as_text(expression, scope), sql.Identifier(name))
            for name, expression in item.fields.items()
        ]
        row_scope = scope.single()
        where = item.where.compile(row_scope) if item.where else sql.SQL("true")
        groups = [as_text(expression, row_scope) for expression in item.distinct]
        lineage = "(array_agg(s.{0} order by s._file, s._line))[1]" if groups else "s.{0}"
        select = sql.SQL(
            "select {file} + {offset} as _file, {line} as _line, {fields} from {source} as s"
            " where {where}"
        ).format(
            file=sql.SQL(lineage.format("_file")),
            line=sql.SQL(lineage.format("_line")),
            offset=sql.Literal(self._offsets[item.file]),
            fields=sql.SQL(", ").join(fields),
            source=scope.source.table,
            where=where,
        )
        if groups:
            select += sql.SQL(" group by ") + sql.SQL(", ").join(groups)
        self._index(scope)
        return select + sql.SQL(" order by 1, 2")

    def _index(self, scope: Scope) -> None:
        """Index what lookups match, else each row would read the whole other file."""
        with self._connection.cursor() as cursor:
            for file, names in scope.matched:
                cursor.execute(self._export.sources[file].index_statement(names))
