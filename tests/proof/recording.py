"""dbt's statements, sent by dbt once and from then on without it: the same SQL in less time.

Put here recording and replaying. Do not put here which commands a refresh gives (warehouses.py).
What dbt sends depends on the project and on which tables exist, which stay the same, and on no row
but that of the refresh.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from unittest.mock import patch

from orchestration.dbt.outcomes import NodeOutcome
from orchestration.dbt.project import DbtPaths
from orchestration.dbt.runner import DbtRunner
from orchestration.postgres.connection import connect
from orchestration.warehouse.query import fetch_value

# Replayed statements commit one by one: those of four threads stand mixed in the record.
TRANSACTIONS = frozenset({"BEGIN", "COMMIT", "ROLLBACK"})

_NUMBER = re.compile(r"\brefresh_id = \d+")


def _of_any_refresh(statement: str) -> str:
    """Let a statement that names the refresh it was sent in mean the newest one."""
    return _NUMBER.sub("refresh_id = (select max(refresh_id) from ops.refreshes)", statement)


class RecordedDbt(DbtRunner):
    """A runner that, once settled, asks dbt for each command only the first time."""

    def __init__(self, paths: DbtPaths, url: str) -> None:
        """Remember the folders, and where statements are replayed."""
        super().__init__(paths)
        self._url = url
        self._is_settled = False
        self._records: dict[tuple[object, ...], list[str]] = {}

    def settle(self) -> None:
        """From now on every table stands that dbt may find."""
        self._is_settled = True

    def run(self, arguments: Sequence[str], variables: Mapping[str, str] | None = None) -> None:
        """Run a command to its end, as DbtRunner.run."""
        if not self._replayed(arguments):
            with self._recorded(arguments):
                super().run(arguments, variables)

    def stream(
        self, arguments: Sequence[str], variables: Mapping[str, str] | None = None
    ) -> Iterator[NodeOutcome]:
        """Run a command and yield the outcomes of its nodes, none when it is replayed."""
        if not self._replayed(arguments):
            with self._recorded(arguments):
                yield from super().stream(arguments, variables)

    def _replayed(self, arguments: Sequence[str]) -> bool:
        statements = self._records.get(self._command(arguments))
        if statements is None:
            return False
        with connect(self._url, autocommit=True) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        return True

    def _command(self, arguments: Sequence[str]) -> tuple[object, ...]:
        """Tell commands apart that say other things: of keys, and of whole organizations."""
        with connect(self._url) as connection:
            is_whole = fetch_value(connection, "select exists (select 1 from scope.organizations)")
        return (is_whole, *arguments)

    @contextmanager
    def _recorded(self, arguments: Sequence[str]) -> Iterator[None]:
        from dbt.adapters.sql.connections import SQLConnectionManager

        command = self._command(arguments)
        statements: list[str] = []
        lock = threading.Lock()
        send = SQLConnectionManager.add_query

        def record(manager: SQLConnectionManager, sql: str, *args: object, **named: object):
            with lock:
                if sql.strip() not in TRANSACTIONS:
                    statements.append(_of_any_refresh(sql))
            return send(manager, sql, *args, **named)

        with patch.object(SQLConnectionManager, "add_query", record):
            yield
        if self._is_settled:
            self._records[command] = statements
