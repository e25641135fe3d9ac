"""What feeds one entity: its files, their rows in batches, and the text of a row on demand.

Put here the interface and the feed of one native file. Do not put here foreign files (mapping/).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from orchestration.contract.model import Entity
from orchestration.loading.batch import Batch
from orchestration.loading.csv_reader import CsvFormat, CsvReader
from orchestration.loading.header import check_header
from orchestration.loading.parquet_reader import ParquetReader
from orchestration.loading.row_texts import csv_row_texts, parquet_row_texts


@dataclass(slots=True)
class SourceFile:
    """A file of a load: its name in messages, and its checksum once it was read."""

    name: str
    sha256: str = ""
    # Rows that never became rows of the entity because they could not be read.
    rows_unread: int = 0
    is_whole: bool = True


class Feed(Protocol):
    """Rows for one entity."""

    entity: Entity
    files: list[SourceFile]
    # Whether batches() asks the warehouse.
    needs_connection: bool

    def batches(self) -> Iterator[tuple[Batch, float]]:
        """Yield batches, each with the share of the files read so far (0 to 1)."""

    def texts(self, file: int, lines: Iterable[int]) -> Iterator[str]:
        """Yield the original text of rows of a file, for line numbers in ascending order."""

    def label(self, column: str) -> str:
        """Return what messages call a column of the entity: its name in the file."""


class NativeFeed:
    """One file in the native layout."""

    needs_connection = False

    def __init__(self, entity: Entity, path: Path) -> None:
        """Nothing is read yet."""
        self.entity = entity
        self.path = path
        self.files = [SourceFile(path.name)]

    def batches(self) -> Iterator[tuple[Batch, float]]:
        """Yield the file's rows; raises ChairsideError where file or header cannot be used."""
        reader = ParquetReader(self.path) if self._is_parquet else CsvReader(self.path)
        check_header(self.path.name, reader.header, self.entity)
        for batch in reader.batches():
            yield batch, min(1.0, reader.position / max(1, reader.size))
        self.files[0].sha256 = reader.sha256

    def texts(self, file: int, lines: Iterable[int]) -> Iterator[str]:
        """Yield the text of rows by reading the file again."""
        if self._is_parquet:
            return parquet_row_texts(self.path, lines)
        return csv_row_texts(self.path, CsvFormat(), lines)

    def label(self, column: str) -> str:
        """Return the column's name, which is the contract's."""
        return column

    @property
    def _is_parquet(self) -> bool:
        return self.path.suffix == ".parquet"
