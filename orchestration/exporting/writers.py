"""Rows written as CSV or Parquet, and the choice of a writer by format.

Put here how typed values look in a file. Do not put here workbooks (workbook.py), or when a file
becomes visible (publishing.py).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, cast

from orchestration.exporting.cells import defuse
from orchestration.exporting.columns import ColumnType, ExportColumn

if TYPE_CHECKING:
    import pyarrow as pa

# 19 digits of a bigint, and up to 4 decimals.
MONEY_PRECISION, MONEY_SCALE = 23, 4
BYTE_ORDER_MARK = "\ufeff".encode()


class ExportFormat(StrEnum):
    """The file formats of exports; the value is the file's ending."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """How text files are written: for people with spreadsheets (as set here) or for programs."""

    defuse_formulas: bool = True
    byte_order_mark: bool = False


class RowWriter(Protocol):
    """What takes rows in batches and ends with facts about them (`about`: heading to text)."""

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows, whose values are in the order of the columns."""

    def close(self, about: Mapping[str, str]) -> None:
        """Finish the file; the underlying file object stays open."""


class CsvWriter:
    """CSV as RFC 4180 has it, in UTF-8: CRLF, quotes only where needed, NULL as nothing."""

    def __init__(
        self, file: BinaryIO, columns: Sequence[ExportColumn], options: WriteOptions
    ) -> None:
        if options.byte_order_mark:
            file.write(BYTE_ORDER_MARK)
        self._text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        self._writer = csv.writer(self._text, lineterminator="\r\n")
        self._formats = [_csv_format(column.type, options) for column in columns]
        self._writer.writerow([column.name for column in columns])

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows; 0 and false are written as such, only NULL leaves a cell empty."""
        formats = self._formats
        self._writer.writerows(
            [
                None if value is None else show(value)
                for value, show in zip(row, formats, strict=True)
            ]
            for row in rows
        )

    def close(self, about: Mapping[str, str]) -> None:
        """Flush; a CSV file has no place for facts about itself, the manifest has."""
        self._text.detach()


class ParquetWriter:
    """Parquet with typed columns and unaltered text, for programs."""

    def __init__(self, file: BinaryIO, columns: Sequence[ExportColumn]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._pa = pa
        self._columns = tuple(columns)
        self._schema = pa.schema([(c.name, _arrow_type(c.type)) for c in columns])
        self._writer = pq.ParquetWriter(file, self._schema, compression="zstd")

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows as one row group."""
        arrays = []
        for column, field, values in zip(
            self._columns, self._schema, zip(*rows, strict=True), strict=True
        ):
            # Ratios arrive as Decimal, and Arrow does not turn those into doubles by itself.
            is_ratio = column.type is ColumnType.DECIMAL
            cells = [None if v is None else float(v) for v in values] if is_ratio else values
            arrays.append(self._pa.array(cells, type=field.type))
        self._writer.write_batch(self._pa.record_batch(arrays, schema=self._schema))

    def close(self, about: Mapping[str, str]) -> None:
        """Finish the file with the facts as its key-value metadata."""
        self._writer.add_key_value_metadata(dict(about))
        self._writer.close()


class _LentFile:
    """A file that a library may write to for a while; what it writes later goes nowhere.

    Libraries try to finish a file that was given up when its writer is collected, long after it was
    closed or on a disk that is full, and then print tracebacks.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def take_back(self) -> None:
        self._file = io.BytesIO()


@contextmanager
def open_writer(
    fmt: ExportFormat,
    file: BinaryIO,
    columns: Sequence[ExportColumn],
    options: WriteOptions,
    scratch: Path,
) -> Iterator[RowWriter]:
    """Give the writer for a format; `scratch` is a private folder for temporary files.

    It writes to `file` for no longer than the block, whether it was closed by then or not.
    """
    lent = _LentFile(file)
    target = cast("BinaryIO", lent)
    writer: RowWriter
    try:
        if fmt is ExportFormat.CSV:
            writer = CsvWriter(target, columns, options)
        elif fmt is ExportFormat.PARQUET:
            writer = ParquetWriter(target, columns)
        else:
            from orchestration.exporting.workbook import WorkbookWriter

            writer = WorkbookWriter(target, columns, options, scratch)
        yield writer
    finally:
        lent.take_back()


def show_timestamp(value: datetime) -> str:
    """Return an instant as ISO 8601 in UTC, ending in Z."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _csv_format(column_type: ColumnType, options: WriteOptions) -> Callable[[Any], object]:
    formats: dict[ColumnType, Callable[[Any], object]] = {
        ColumnType.TEXT: defuse if options.defuse_formulas else str,
        ColumnType.INTEGER: str,
        # "f" because str() may write 0E-7.
        ColumnType.DECIMAL: lambda value: format(value, "f"),
        ColumnType.MONEY: lambda value: format(value, "f"),
        ColumnType.BOOLEAN: lambda value: "true" if value else "false",
        ColumnType.DATE: lambda value: value.isoformat(),
        ColumnType.TIMESTAMP: show_timestamp,
    }
    return formats[column_type]


def _arrow_type(column_type: ColumnType) -> pa.DataType:
    import pyarrow as pa

    return {
        ColumnType.TEXT: pa.string(),
        ColumnType.INTEGER: pa.int64(),
        ColumnType.DECIMAL: pa.float64(),
        ColumnType.MONEY: pa.decimal128(MONEY_PRECISION, MONEY_SCALE),
        ColumnType.BOOLEAN: pa.bool_(),
        ColumnType.DATE: pa.date32(),
        ColumnType.TIMESTAMP: pa.timestamp("us", tz="UTC"),
    }[column_type]
