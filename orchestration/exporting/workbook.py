"""Rows written as an Excel workbook with typed cells and a sheet that says what they are.

Put here what is peculiar to XLSX. Do not put here what all formats share (writers.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from orchestration.exporting.cells import defuse
from orchestration.exporting.columns import ColumnType, ExportColumn
from orchestration.exporting.writers import WriteOptions, show_timestamp

# A sheet has 1,048,576 rows, and the first one holds the headers.
SHEET_ROWS = 1_048_575
LONGEST_CELL = 32_767
# A cell's number is a double: more digits than these would be changed silently.
SAFE_DIGITS = 15
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
        self._sheets = 0
        self._begin_sheet()

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows, on a further sheet where the last one is full."""
        for row in rows:
            if self._row == self._sheet_rows:
                self._begin_sheet()
            self._row += 1
            for position, (column, value) in enumerate(zip(self._columns, row, strict=True)):
                if value is not None:
                    self._write_cell(position, column.type, value)

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

    def _write_cell(self, position: int, column_type: ColumnType, value: Any) -> None:
        row, sheet = self._row, self._sheet
        match column_type:
            case ColumnType.TEXT:
                text = defuse(value) if self._options.defuse_formulas else value
                sheet.write_string(row, position, _fit(text))
            case ColumnType.BOOLEAN:
                sheet.write_boolean(row, position, value)
            case ColumnType.DATE | ColumnType.TIMESTAMP:
                self._write_time(position, value)
            case _:
                self._write_number(position, column_type, value)

    def _write_time(self, position: int, value: date) -> None:
        has_time = isinstance(value, datetime)
        if value.year < FIRST_YEAR:
            text = show_timestamp(value) if isinstance(value, datetime) else value.isoformat()
            self._sheet.write_string(self._row, position, text)
            return
        # Excel knows no time zones: instants are in UTC, as the sheet About says.
        naive = value.replace(tzinfo=None) if isinstance(value, datetime) else value
        pattern = "yyyy-mm-dd hh:mm:ss" if has_time else "yyyy-mm-dd"
        self._sheet.write_datetime(self._row, position, naive, self._format(pattern))

    def _write_number(
        self, position: int, column_type: ColumnType, value: int | float | Decimal
    ) -> None:
        exact = Decimal(value)
        if column_type is not ColumnType.DECIMAL and len(exact.as_tuple().digits) > SAFE_DIGITS:
            self._sheet.write_string(self._row, position, format(exact, "f"))
            return
        cell_format = None
        if column_type is ColumnType.MONEY:
            decimals = max(0, -int(exact.as_tuple().exponent))
            cell_format = self._format("0." + "0" * decimals if decimals else "0")
        self._sheet.write_number(self._row, position, value, cell_format)

    def _format(self, pattern: str) -> Any:
        if pattern not in self._formats:
            self._formats[pattern] = self._book.add_format({"num_format": pattern})
        return self._formats[pattern]


def _fit(text: str) -> str:
    """Return text that a cell can hold; xlsxwriter would leave a longer one out altogether."""
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"
