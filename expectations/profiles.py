"""Profiles: the figures of one table, one row per organization, that its suite judges.

Put here how a suite's SQL becomes a frame. Do not put here the SQL (suites/), thresholds, or which
suites a run judges (runner.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg2 import sql

from expectations.history import feed_rhythm, judge_series, with_lateness
from expectations.moment import Moment
from expectations.suite import MARTS, RAW, SHARE_SUFFIX, WHOLE, Suite, SuiteError
from orchestration.postgres.connection import Connection

if TYPE_CHECKING:
    import pandas as pd

# Of an organization that was recomputed whole, build holds all rows; of others changed ones only.
RECOMPUTED_WHOLE = sql.SQL("organization_id in (select organization_id from scope.organizations)")


class ProfileReader:
    """Reads profiles from one connection, all of one moment.

    `built` is the schema of the marts that are judged. Where a mart was never published it is
    compared with itself, and `Moment.compares` is false anyway.
    """

    def __init__(self, connection: Connection, moment: Moment, built: str) -> None:
        """Look up, once for all tables, what is public."""
        self.connection = connection
        self.moment = moment
        self.built = built
        self._published = self._published_tables()
        self._rhythm: pd.DataFrame | None = None

    def read(self, suite: Suite) -> pd.DataFrame:
        """Return the suite's profile with its shares, its series judged, and its feed's lateness.

        Raises SuiteError when a check judges a column that the profile does not have.
        """
        keys = list(suite.one_row_per)
        frame = self._query(suite, suite.profile_sql)
        if suite.series_sql is not None:
            judged = judge_series(self._query(suite, suite.series_sql), keys)
            frame = frame.merge(judged, on=keys, how="left")
        if suite.schema == RAW and suite.scope == WHOLE:
            frame = with_lateness(frame, self._rhythm_of(suite.table), self.moment.as_of)
        for check in suite.checks:
            if check.rows_failed and check.column == check.rows_failed + SHARE_SUFFIX:
                frame[check.column] = _share(
                    suite, frame, check.rows_failed, str(check.rows_checked)
                )
            _require(suite, frame, check.column)
            frame[check.column] = frame[check.column].astype(float)
        return frame

    def _query(self, suite: Suite, text: str) -> pd.DataFrame:
        import pandas as pd

        public = MARTS if suite.table in self._published else self.built
        statement = sql.SQL(text).format(
            built=sql.Identifier(self.built, suite.table),
            published=sql.Identifier(public, suite.table),
            published_schema=sql.Identifier(public),
            is_recomputed_whole=RECOMPUTED_WHOLE,
        )
        with self.connection.cursor() as cursor:
            cursor.execute(statement, self.moment.parameters)
            columns = [column.name for column in cursor.description or ()]
            return pd.DataFrame(cursor.fetchall(), columns=columns)

    def _rhythm_of(self, table: str) -> pd.DataFrame:
        # Asked once, and only by a run that judges whole tables.
        if self._rhythm is None:
            self._rhythm = feed_rhythm(self.connection)
        return self._rhythm[self._rhythm["table"] == table].drop(columns="table")

    def _published_tables(self) -> set[str]:
        with self.connection.cursor() as cursor:
            cursor.execute(
                "select tablename from pg_catalog.pg_tables where schemaname = %s", (MARTS,)
            )
            return {name for (name,) in cursor.fetchall()}


def _share(suite: Suite, frame: pd.DataFrame, failed: str, checked: str) -> Any:
    _require(suite, frame, failed)
    _require(suite, frame, checked)
    rows = frame[checked].astype(float)
    # The smallest share of a handful of rows is large: it says nothing.
    return (frame[failed].astype(float) / rows).where(rows >= max(suite.minimum_rows, 1))


def _require(suite: Suite, frame: pd.DataFrame, column: str) -> None:
    if column not in frame.columns:
        raise SuiteError(
            f"{suite.file}: a check needs the column {column}, which {suite.table}.sql lacks.",
            "Add it to the SQL, or correct the name in the check.",
        )
