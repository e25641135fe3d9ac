"""A stretch of rows on its way from a file to the contract's checks.

Put here the shape that every reader yields. Do not put here reading or checking.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A record that could not be split into the header's columns."""

    line: int
    reason: str
    text: str


@dataclass(slots=True)
class Batch:
    """Rows as text columns (empty values are null), each with its line in the file."""

    columns: dict[str, pa.StringArray]
    lines: npt.NDArray[np.int64]
    # The original text of the row at a position of this batch, for the rejects.
    # None where it must be fetched by file and line (Feed.texts).
    text_of: Callable[[int], str] | None
    broken: list[BrokenRow] = field(default_factory=list)
    # For rows that come from several files: which of the feed's files each is from.
    files: npt.NDArray[np.int64] | None = None

    def __len__(self) -> int:
        """The number of whole rows."""
        return len(self.lines)
