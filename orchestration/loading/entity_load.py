"""One entity's way from its feed to raw: staged, checked across rows, upserted, counted.

Put here the order of the steps for one entity. Do not put here the steps themselves, nor what
belongs to the load as a whole (load.py).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

import numpy as np
import pyarrow as pa
from psycopg2 import sql
from psycopg2.extras import execute_values

from orchestration.ahead import ahead
from orchestration.contract.model import Contract
from orchestration.loading import upsert
from orchestration.loading.batch import Batch
from orchestration.loading.conversion import Conversion, convert
from orchestration.loading.cross_checks import CrossCheck, checks_of, duplicates, has_duplicates
from orchestration.loading.feed import Feed
from orchestration.loading.findings import Findings
from orchestration.loading.first_fill import first_fill
from orchestration.loading.problems import ERROR, WARNING, Problem, ProblemLog
from orchestration.loading.references import WARNED_TABLE, find_unknown_parents
from orchestration.loading.report import FileReport, Progress
from orchestration.loading.spared import SparedKeys
from orchestration.loading.stage import Stage
from orchestration.postgres.connection import Connection

# Problems whose rows are read a second time together.
PENDING_ROWS = 50_000
# File, line, column, severity, reason.
ProblemRow = tuple[int, int, str | None, str, str]
_REFUSED_TABLE = sql.Identifier("refused_rows")


@dataclass(slots=True)
class LoadRun:
    """What all entities of one load share."""

    connection: Connection
    contract: Contract
    conversion: Conversion
    problems: ProblemLog
    load_id: int
    source_system: str
    snapshot: bool = False
    progress: Callable[[Progress], None] | None = None
    on_wait: Callable[[str], None] | None = None
    reports: list[FileReport] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Converted:
    """A batch that passed through the checks of single rows; share of the files read by then."""

    batch: Batch
    columns: dict[str, pa.Array]
    findings: Findings
    share: float


class EntityLoad:
    """Loads one feed; call stage(), then store(), then warn_of_unknown_parents()."""

    def __init__(self, feed: Feed, run: LoadRun) -> None:
        """Nothing is read yet."""
        self.feed = feed
        self.run = run
        self.entity = feed.entity
        self.reports = [FileReport(feed.entity.name, file.name) for file in feed.files]
        run.reports += self.reports
        self._stage = Stage(run.connection, feed.entity)
        self._spared = SparedKeys(self._stage) if run.snapshot else None
        self._pending: list[ProblemRow] = []

    def stage(self) -> None:
        """Read the feed and fill the stage with the rows that pass the checks of single rows.

        Raises ChairsideError where a file as a whole cannot be used.
        """
        converted = self._converted()
        # Reading a mapped feed takes the connection, which the copying below needs.
        for item in converted if self.feed.needs_connection else ahead(converted, at_most=1):
            with self.run.conversion.zones.turn:
                self._take(item)
            if self.run.progress and self.reports:
                rows = sum(report.rows_read for report in self.reports)
                self.run.progress(
                    Progress(self.entity.name, self.reports[0].file_name, rows, item.share)
                )
        self._log_pending()
        self._stage.analyze()
        for report, file in zip(self.reports, self.feed.files, strict=True):
            report.sha256 = file.sha256
            report.rows_read += file.rows_unread
            report.rows_rejected += file.rows_unread
            if self._spared:
                self._spared.complete &= file.is_whole

    def _converted(self) -> Generator[Converted]:
        for batch, share in self.feed.batches():
            columns, findings = convert(batch, self.entity, self.run.conversion)
            yield Converted(batch, columns, findings, share)

    def _take(self, item: Converted) -> None:
        batch = item.batch
        files = batch.files if batch.files is not None else np.zeros(len(batch), np.int64)
        self._note(batch, files, item.columns, item.findings)
        self._stage.copy(item.columns, files, batch.lines, item.findings.rejected)

    def store(self, stamp: upsert.Stamp) -> None:
        """Check across rows, then write the stage into raw and count what changed."""
        if not self._stage.columns:
            # Not one batch came: a header without rows.
            return
        if has_duplicates(self._stage):
            self._apply(duplicates(self._stage))
        for check in checks_of(self._stage):
            self._apply(check)
        deleted: dict[int, int] = {}
        updated: dict[int, int] = {}
        if upsert.has_rows(self._stage):
            deleted = upsert.count_deleted(self._stage, stamp)
            upsert.journal_changed(self._stage, stamp)
            updated = upsert.update_changed(self._stage, stamp)
            inserted = upsert.insert_new(self._stage, stamp, raw_is_empty=False)
        else:
            with first_fill(self._stage, sum(report.rows_read for report in self.reports)):
                inserted = upsert.insert_new(self._stage, stamp, raw_is_empty=True)
        for file, report in enumerate(self.reports):
            report.rows_inserted = inserted.get(file, 0)
            report.rows_updated = updated.get(file, 0) - deleted.get(file, 0)
            changed = report.rows_inserted + updated.get(file, 0)
            report.rows_unchanged = report.rows_read - report.rows_rejected - changed
            report.rows_deleted = deleted.get(file, 0)
        if self._spared and self._spared.complete and self.reports:
            vanished = upsert.mark_vanished(self._stage, stamp, self._spared.table)
            self.reports[0].rows_deleted += vanished

    def warn_of_unknown_parents(self) -> None:
        """Note the rows that name a parent nobody has sent, and count all rows with warnings."""
        unknown = list(find_unknown_parents(self._stage, self.run.contract))
        rows = [(item.file, item.line, item.column, WARNING, item.reason) for item in unknown]
        self._log(sorted(rows))
        with self.run.connection.cursor() as cursor:
            cursor.execute(
                sql.SQL(
                    "select _file, count(distinct _line) from {} where entity = %s group by 1"
                ).format(WARNED_TABLE),
                (self.entity.name,),
            )
            for file, count in cursor.fetchall():
                self.reports[file].rows_warned = count

    def _note(
        self, batch: Batch, files: np.ndarray, columns: dict[str, pa.Array], findings: Findings
    ) -> None:
        """Count a batch and log what was found in it."""
        for file, count in zip(*np.unique(files, return_counts=True), strict=True):
            self.reports[file].rows_read += int(count)
        for file in files[findings.rejected]:
            self.reports[file].rows_rejected += 1
        for broken in batch.broken:
            self.reports[0].rows_read += 1
            self.reports[0].rows_rejected += 1
            self._add(0, broken.line, None, ERROR, broken.reason, broken.text)
        for found in findings.found:
            file, line = int(files[found.row]), int(batch.lines[found.row])
            if batch.text_of is None:
                self._pending.append((file, line, found.column, found.severity, found.reason))
            else:
                text = batch.text_of(found.row)
                self._add(file, line, found.column, found.severity, found.reason, text)
        self._log_pending(PENDING_ROWS)
        warned = {
            (int(files[f.row]), int(batch.lines[f.row]))
            for f in findings.found
            if f.severity == WARNING
        }
        self._remember_warned(warned)
        if self._spared:
            self._spared.add(columns, findings.rejected, unreadable=bool(batch.broken))

    def _log_pending(self, limit: int = 0) -> None:
        if len(self._pending) > limit:
            self._log(sorted(self._pending, key=itemgetter(0, 1)))
            self._pending.clear()

    def _apply(self, check: CrossCheck) -> None:
        """Take the rows that a check finds out of the stage and log them."""
        run = self.run
        with run.connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("create temporary table {} on commit drop as ").format(_REFUSED_TABLE)
                + check.select,
                check.parameters or None,
            )
            if cursor.rowcount:
                if self._spared:
                    self._spared.add_refused(_REFUSED_TABLE)
                cursor.execute(
                    sql.SQL("delete from {} as s using {} as r where s.ctid = r.tid").format(
                        self._stage.table, _REFUSED_TABLE
                    )
                )
                self._log_refused()
            cursor.execute(sql.SQL("drop table {}").format(_REFUSED_TABLE))

    def _log_refused(self) -> None:
        with self.run.connection.cursor("refused") as cursor:
            cursor.execute(
                sql.SQL(
                    "select _file, _line, column_name, severity, reason from {}"
                    " where severity is not null order by 1, 2"
                ).format(_REFUSED_TABLE)
            )
            while rows := cursor.fetchmany(PENDING_ROWS):
                for file, _, _, severity, _ in rows:
                    self.reports[file].rows_rejected += severity == ERROR
                self._remember_warned({row[:2] for row in rows if row[3] == WARNING})
                self._log(rows)

    def _log(self, rows: Iterable[ProblemRow]) -> None:
        """Log problems that come without the row's text, ordered by file and line."""
        for file, group in groupby(rows, key=itemgetter(0)):
            of_file = list(group)
            texts = self.feed.texts(file, [row[1] for row in of_file])
            for (_, line, column, severity, reason), text in zip(of_file, texts, strict=True):
                self._add(file, line, column, severity, reason, text)

    def _add(  # noqa: PLR0913 - the columns of ops.rejected_rows
        self, file: int, line: int, column: str | None, severity: str, reason: str, text: str
    ) -> None:
        name = self.reports[file].file_name
        label = self.feed.label(column) if column else None
        self.run.problems.add(Problem(severity, self.entity.name, name, line, label, reason, text))

    def _remember_warned(self, rows: set[tuple[int, int]]) -> None:
        if rows:
            with self.run.connection.cursor() as cursor:
                statement = sql.SQL("insert into {} values %s").format(WARNED_TABLE)
                execute_values(
                    cursor, statement, [(self.entity.name, *row) for row in sorted(rows)]
                )
