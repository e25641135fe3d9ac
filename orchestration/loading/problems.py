"""What was wrong with rows: collected on disk while a load runs, copied to ops.rejected_rows.

Put here the record of problems. Do not put here the finding of them (conversion.py,
cross_checks.py).
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from dataclasses import dataclass, field
from typing import TextIO

from orchestration.postgres.connection import Connection

ERROR = "error"
WARNING = "warning"
# A failed load leaves its file where it was; it need not repeat all of it in the database.
KEPT_PER_FAILED_FILE = 10_000
FIRST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one row of a file."""

    severity: str
    entity: str
    file_name: str
    line: int
    column: str | None
    reason: str
    text: str

    def __str__(self) -> str:
        """Return the problem as one line: file, line, column, reason."""
        where = f"{self.file_name}, line {self.line}"
        return (
            f"{where}, {self.column}: {self.reason}" if self.column else f"{where}: {self.reason}"
        )


@dataclass(slots=True)
class ProblemLog:
    """Problems in the order found; beyond a few megabytes they wait on disk, not in memory."""

    first_errors: dict[str, list[Problem]] = field(default_factory=dict)
    first_warnings: dict[str, list[Problem]] = field(default_factory=dict)
    _file: TextIO = field(init=False)

    def __post_init__(self) -> None:
        """Open the spool; it vanishes with the process."""
        spool = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - closed by close()
            max_size=1 << 22, mode="w+", encoding="utf-8", newline=""
        )
        self._file = spool  # type: ignore[assignment]

    def add(self, problem: Problem) -> None:
        """Keep a problem, and remember the first few of each file for messages."""
        first = self.first_errors if problem.severity == ERROR else self.first_warnings
        shown = first.setdefault(problem.file_name, [])
        if len(shown) < FIRST_SHOWN:
            shown.append(problem)
        fields = (
            problem.severity,
            problem.entity,
            problem.file_name,
            problem.line,
            problem.column or "",
            problem.reason,
            problem.text,
        )
        # Postgres holds every character but NUL, which may be why the row was refused.
        shown_fields = json.dumps(fields).replace("\\u0000", "\\u2400")
        self._file.write(shown_fields + "\n")

    def copy_to(self, connection: Connection, load_id: int, limited: bool = False) -> None:
        """Write the problems into ops.rejected_rows under a load that already has its row."""
        self._file.seek(0)
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        kept: dict[str, int] = {}
        for line in self._file:
            row = json.loads(line)
            kept[row[2]] = kept.get(row[2], 0) + 1
            if limited and kept[row[2]] > KEPT_PER_FAILED_FILE:
                continue
            writer.writerow([load_id, *row])
            if buffer.tell() > 1 << 22:
                _copy(connection, buffer)
        _copy(connection, buffer)
        self._file.seek(0, io.SEEK_END)

    def first(self, severity: str) -> list[Problem]:
        """Return the first few problems of every file."""
        chosen = self.first_errors if severity == ERROR else self.first_warnings
        return [problem for problems in chosen.values() for problem in problems]

    def close(self) -> None:
        """Give the disk space back."""
        self._file.close()


def _copy(connection: Connection, buffer: io.StringIO) -> None:
    buffer.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            "copy ops.rejected_rows (load_id, severity, entity, file_name, line_number,"
            " column_name, reason, row_text) from stdin"
            " (format csv, force_not_null (row_text))",
            buffer,
        )
    buffer.seek(0)
    buffer.truncate()
