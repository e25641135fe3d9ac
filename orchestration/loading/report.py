"""What a load did, by file, for people and programs.

Put here the figures and their sums. Do not put here how they are shown (cli/load.py) or stored
(ledger.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from orchestration.loading.problems import Problem


@dataclass(slots=True)
class FileReport:
    """One file's rows for one entity. Every row read is inserted, updated, deleted, unchanged or
    rejected; rows that vanished from a snapshot are deleted without having been read."""

    entity: str
    file_name: str
    sha256: str = ""
    rows_read: int = 0
    rows_inserted: int = 0
    rows_updated: int = 0
    rows_deleted: int = 0
    rows_unchanged: int = 0
    rows_rejected: int = 0
    rows_warned: int = 0

    @property
    def rejected_share(self) -> float:
        """The share of the rows read that were rejected, 0 to 1."""
        return self.rows_rejected / self.rows_read if self.rows_read else 0.0


COUNTS = (
    "rows_read",
    "rows_inserted",
    "rows_updated",
    "rows_deleted",
    "rows_unchanged",
    "rows_rejected",
    "rows_warned",
)


@dataclass(slots=True)
class LoadReport:
    """A whole load, as its row in ops.loads says."""

    load_id: int
    source_system: str
    path: str
    files: list[FileReport] = field(default_factory=list)
    seconds: float = 0.0
    # The first few of each file; all of them are in ops.rejected_rows.
    first_errors: list[Problem] = field(default_factory=list)
    first_warnings: list[Problem] = field(default_factory=list)

    def total(self, count: str) -> int:
        """Return one of COUNTS summed over the files."""
        return sum(getattr(report, count) for report in self.files)

    @property
    def changed_anything(self) -> bool:
        """Whether any row of raw differs from before."""
        return any(map(self.total, ("rows_inserted", "rows_updated", "rows_deleted")))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a load is: rows of a file done, and the share of the file read (0 to 1)."""

    entity: str
    file_name: str
    rows: int
    share: float
