"""CSV files as batches of text columns, in bounded memory, with right line numbers.

Put here how a CSV file is cut into batches. Do not put here what its columns mean.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from orchestration.errors import ChairsideError
from orchestration.loading.batch import Batch, BrokenRow
from orchestration.loading.decoding import DecodedFile
from orchestration.loading.records import Records, split_records

# No row is longer; a quote that stays open for so long was never meant to enclose a field.
LONGEST_RECORD_BYTES = 1 << 24


@dataclass(frozen=True, slots=True)
class CsvFormat:
    """How a CSV file is written; without an encoding, UTF-8 or what its byte order mark says."""

    delimiter: str = ","
    encoding: str | None = None


class CsvReader:
    """Reads one CSV file once: first its header, then its rows batch by batch."""

    def __init__(
        self, path: Path, layout: CsvFormat | None = None, name: str | None = None
    ) -> None:
        """Open nothing yet; `name` is what messages call the file."""
        layout = layout or CsvFormat()
        self.file = DecodedFile(path, layout.encoding, name)
        self.name = self.file.name
        self._delimiter = layout.delimiter
        self._blocks = self.file.blocks()
        self._rest = b""
        self._line = 1
        self._at_end = False
        self.header = self._read_header()

    @property
    def sha256(self) -> str:
        """The checksum of the file, complete when the batches are used up."""
        return self.file.sha256

    @property
    def size(self) -> int:
        """The bytes of the file on disk."""
        return self.file.size

    @property
    def position(self) -> int:
        """The bytes read from disk so far."""
        return self.file.position

    def batches(self) -> Iterator[Batch]:
        """Yield the rows after the header; raises ChairsideError where the file is unreadable."""
        while not self._at_end or self._rest:
            records = split_records(self._rest, ord(self._delimiter), self._at_end)
            if records.starts.size:
                yield self._parse(self._rest[: records.consumed], records)
            self._line += records.line_count
            self._rest = self._rest[records.consumed :]
            if self._at_end and self._rest:
                yield self._unclosed(records.open_quote - records.consumed)
                return
            self._fill()

    def _fill(self) -> bool:
        if len(self._rest) > LONGEST_RECORD_BYTES:
            raise ChairsideError(
                f"{self.name}, line {self._line}: a quote opened in this row is never closed.",
                "Double every quote inside a quoted field, or leave the field unquoted.",
            )
        block = next(self._blocks, None)
        self._at_end = block is None
        self._rest += block or b""
        return not self._at_end

    def _read_header(self) -> list[str]:
        while self._fill():
            if split_records(self._rest, ord(self._delimiter), False).starts.size:
                break
        records = split_records(self._rest, ord(self._delimiter), self._at_end)
        if not records.starts.size:
            raise ChairsideError(
                f"{self.name} is empty: it has not even a header line.",
                "Export the file again, or remove it where there is nothing to load.",
            )
        text = self._rest[records.starts[0] : records.ends[0]].decode()
        start = records.starts[1] if records.starts.size > 1 else records.consumed
        line = records.lines[1] if records.starts.size > 1 else records.line_count
        self._rest, self._line = self._rest[start:], self._line + int(line)
        names = next(csv.reader([text], delimiter=self._delimiter))
        return [name.strip() for name in names]

    def _parse(self, data: bytes, records: Records) -> Batch:
        invalid: list[tuple[int, int]] = []

        def keep_invalid(row: arrow_csv.InvalidRow) -> str:
            invalid.append((row.number - 1, row.actual_columns))
            return "skip"

        table = arrow_csv.read_csv(
            pa.BufferReader(data),
            arrow_csv.ReadOptions(
                column_names=self.header, use_threads=False, block_size=len(data) + 1
            ),
            arrow_csv.ParseOptions(
                delimiter=self._delimiter,
                newlines_in_values=True,
                invalid_row_handler=keep_invalid,
            ),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(self.header, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
        return self._assemble(table, data, records, invalid)

    def _assemble(
        self, table: pa.Table, data: bytes, records: Records, invalid: list[tuple[int, int]]
    ) -> Batch:
        def text_of_record(index: int) -> str:
            return data[records.starts[index] : records.ends[index]].decode()

        ended = self._at_end and len(data) == len(self._rest)
        cut_short = ended and not data.endswith((b"\n", b"\r"))
        last = records.starts.size - 1
        broken = [
            BrokenRow(
                int(records.lines[index]) + self._line,
                self._field_count_reason(found, cut_short and index == last),
                text_of_record(index),
            )
            for index, found in invalid
        ]
        whole = np.delete(np.arange(records.starts.size), [index for index, _ in invalid])
        lines = records.lines + self._line
        return Batch(
            columns={
                name: table.column(name).combine_chunks() for name in dict.fromkeys(self.header)
            },
            lines=lines[whole],
            text_of=lambda row: text_of_record(whole[row]),
            broken=broken,
        )

    def _field_count_reason(self, found: int, cut_short: bool) -> str:
        expected = len(self.header)
        if found < expected and cut_short:
            return f"the last line is cut short: it has {found} of {expected} fields"
        return f"the line has {found} fields where the header has {expected}"

    def _unclosed(self, quote: int) -> Batch:
        """Return every line from the record with the open quote on as a broken row."""
        opened = self._line + self._rest[:quote].count(b"\n")
        reason = f"a quote opened on line {opened} is never closed: the file is cut short there"
        lines = self._rest.decode().splitlines()
        broken = [
            BrokenRow(self._line + index, reason, text) for index, text in enumerate(lines) if text
        ]
        nothing = {name: pa.array([], pa.string()) for name in dict.fromkeys(self.header)}
        return Batch(nothing, np.array([], np.int64), lambda _: "", broken)
