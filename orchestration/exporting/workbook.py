"""Rows written as an Excel workbook with typed cells and a sheet that says what they are.

Put here what is peculiar to XLSX. Do not put here what all formats share (writers.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from orchestration.exporting.cells import defuse
from orchestration.exporting.columns import ColumnType, ExportColumn
from orchestration.exporting.writers import WriteOptions, show_timestamp

# A sheet has 1,048,576 rows, and the first one holds the headers.
SHEET_ROWS = 1_048_575
LONGEST_CELL = 32_767
# A cell's number is a double of 15 digits: from here on the last ones would be lost silently.
SAFE_NUMBER = 10**15
SAFE_AMOUNT = 10**11
FIRST_YEAR = 1900
WIDTHS = {ColumnType.TEXT: 24, ColumnType.TIMESTAMP: 20}
DEFAULT_WIDTH = 12


class WorkbookWriter:
    """An XLSX file: members on as many sheets as they need, then a sheet About."""

    def __init__(
        self,
        file: BinaryIO,
        columns: Sequence[ExportColumn],
        options: WriteOptions,
        scratch: Path,
        sheet_rows: int = SHEET_ROWS,
    ) -> None:
        """`scratch` takes the temporary sheets: a private folder on the disk of the export."""
        import xlsxwriter

        # Rows go to disk as they come; no text is ever taken for a formula, link or number.
        settings = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": str(scratch),
        }
        self._book = xlsxwriter.Workbook(file, settings)
        self._columns = tuple(columns)
        self._options = options
        self._sheet_rows = sheet_rows
        self._heading = self._book.add_format({"bold": True})
        self._formats: dict[str, Any] = {}
        self._cells = [self._cell_writer(column.type) for column in columns]
        self._sheets = 0
        self._begin_sheet()

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows, on a further sheet where the last one is full."""
        for row in rows:
            if self._row == self._sheet_rows:
                self._begin_sheet()
            self._row += 1
            for position, (write, value) in enumerate(zip(self._cells, row, strict=True)):
                if value is not None:
                    write(position, value)

    def close(self, about: Mapping[str, str]) -> None:
        """Add the sheet About and finish the file."""
        from xlsxwriter.exceptions import FileCreateError

        sheet = self._book.add_worksheet("About")
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 100)
        for position, (heading, text) in enumerate(about.items()):
            sheet.write_string(position, 0, heading, self._heading)
            sheet.write_string(position, 1, _fit(defuse(text)))
        try:
            self._book.close()
        except FileCreateError as error:
            # The disk's own answer says more than the library's wrapping of it.
            raise error.args[0] from None

    def _begin_sheet(self) -> None:
        self._sheets += 1
        self._row = 0
        name = "Clients" if self._sheets == 1 else f"Clients {self._sheets}"
        self._sheet = self._book.add_worksheet(name)
        self._sheet.freeze_panes(1, 0)
        for position, column in enumerate(self._columns):
            self._sheet.set_column(position, position, WIDTHS.get(column.type, DEFAULT_WIDTH))
            self._sheet.write_string(0, position, column.name, self._heading)

    def _cell_writer(self, column_type: ColumnType) -> Callable[[int, Any], None]:
        writers: dict[ColumnType, Callable[[int, Any], None]] = {
            ColumnType.TEXT: self._write_text,
            ColumnType.INTEGER: self._write_number,
            ColumnType.DECIMAL: self._write_number,
            ColumnType.MONEY: self._write_money,
            ColumnType.BOOLEAN: self._write_boolean,
            ColumnType.DATE: self._write_date,
            ColumnType.TIMESTAMP: self._write_timestamp,
        }
        return writers[column_type]

    def _write_text(self, position: int, value: str) -> None:
        text = defuse(value) if self._options.defuse_formulas else value
        self._sheet.write_string(self._row, position, _fit(text))

    def _write_boolean(self, position: int, value: bool) -> None:
        self._sheet.write_boolean(self._row, position, value)

    def _write_date(self, position: int, value: date) -> None:
        if value.year < FIRST_YEAR:
            self._sheet.write_string(self._row, position, value.isoformat())
        else:
            pattern = self._format("yyyy-mm-dd")
            self._sheet.write_datetime(self._row, position, value, pattern)

    def _write_timestamp(self, position: int, value: datetime) -> None:
        if value.year < FIRST_YEAR:
            self._sheet.write_string(self._row, position, show_timestamp(value))
        else:
            # Excel knows no time zones: instants are in UTC, as the sheet About says.
            naive = value.astimezone(UTC).replace(tzinfo=None)
            pattern = self._format("yyyy-mm-dd hh:mm:ss")
            self._sheet.write_datetime(self._row, position, naive, pattern)

    def _write_money(self, position: int, value: Decimal) -> None:
        if abs(value) >= SAFE_AMOUNT:
            self._sheet.write_string(self._row, position, format(value, "f"))
        else:
            decimals = max(0, -int(value.as_tuple().exponent))
            pattern = self._format(f"0.{'0' * decimals}" if decimals else "0")
            self._sheet.write_number(self._row, position, value, pattern)

    def _write_number(self, position: int, value: int | Decimal) -> None:
        if -SAFE_NUMBER < value < SAFE_NUMBER:
            self._sheet.write_number(self._row, position, value)
        else:
            self._sheet.write_string(self._row, position, str(value))

    def _format(self, pattern: str) -> Any:
        if pattern not in self._formats:
            self._formats[pattern] = self._book.add_format({"num_format": pattern})
        return self._formats[pattern]


def _fit(text: str) -> str:
    """Return text that a cell can hold; xlsxwriter would leave a longer one out altogether."""
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"
