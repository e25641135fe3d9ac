"""What the checks found in one batch, by row.

Put here the collection only. Do not put here checks, nor file names and texts (problems.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from orchestration.loading.problems import ERROR, WARNING


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with the row at a position of the batch."""

    row: int
    column: str | None
    severity: str
    reason: str


class Findings:
    """Collects findings and remembers which rows may not be loaded."""

    def __init__(self, rows: int) -> None:
        """`rows` is the length of the batch."""
        self.found: list[Finding] = []
        self.rejected = np.zeros(rows, bool)

    def error(self, row: int | np.signedinteger, column: str | None, reason: str) -> None:
        """Note a reason for which the row cannot be loaded."""
        self.found.append(Finding(int(row), column, ERROR, reason))
        self.rejected[row] = True

    def errors(self, column: str | None, rows: npt.NDArray[np.bool_], reason: str) -> None:
        """Note the same reason for many rows."""
        for row in np.flatnonzero(rows):
            self.error(row, column, reason)

    def warn(self, row: int | np.signedinteger, column: str | None, reason: str) -> None:
        """Note something odd about a row that is loaded all the same."""
        self.found.append(Finding(int(row), column, WARNING, reason))
