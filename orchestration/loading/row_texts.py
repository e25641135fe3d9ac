"""The original text of chosen rows, read from the file a second time.

Checks across rows run in the database, where the text is not kept; only a load that has something
to report pays for this pass. Do not put here the first reading (csv_reader.py, parquet_reader.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from orchestration.loading.csv_reader import CsvFormat
from orchestration.loading.decoding import DecodedFile
from orchestration.loading.parquet_reader import ParquetReader, row_text
from orchestration.loading.records import split_records


def csv_row_texts(path: Path, layout: CsvFormat, lines: Iterable[int]) -> Iterator[str]:
    """Yield the text of the records that begin on the given lines, which must ascend."""
    wanted = iter(lines)
    line = next(wanted, None)
    rest, position = b"", 1
    for block in chain(DecodedFile(path, layout.encoding).blocks(), [None]):
        rest += block or b""
        records = split_records(rest, ord(layout.delimiter), block is None)
        numbers = records.lines + position
        while line is not None and numbers.size and line <= numbers[-1]:
            index = int(np.searchsorted(numbers, line))
            yield rest[records.starts[index] : records.ends[index]].decode()
            line = next(wanted, None)
        if line is None:
            return
        position += records.line_count
        rest = rest[records.consumed :]


def parquet_row_texts(path: Path, lines: Iterable[int]) -> Iterator[str]:
    """Yield the rows of the given numbers, which must ascend, as text."""
    wanted = iter(lines)
    line = next(wanted, None)
    for batch in ParquetReader(path).batches():
        while line is not None and len(batch) and line <= batch.lines[-1]:
            yield row_text(batch.columns, int(line - batch.lines[0]))
            line = next(wanted, None)
