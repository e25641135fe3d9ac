"""A warehouse with a home and a server of its own, which a test may ruin.

Put here running commands on it, its server's processes, and what it holds. Do not put here faults
(strikes.py) or the order of things (campaign.py).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg2 import sql
from psycopg2.extras import RealDictCursor

from orchestration.postgres.connection import Connection, connect
from orchestration.postgres.server import ensure_running, remove, server_status
from orchestration.settings import Settings, find_project_root

PROJECT_ROOT = find_project_root(Path(__file__).resolve().parent)
# A struck command must end by itself; this is far more than the slowest needs on a busy machine.
COMMAND_TIMEOUT_SECONDS = 900
# When a row changed depends on the runs that there were; the rest must not.
HISTORY_COLUMNS = ("updated_at",)
RAW_COLUMNS = ("_load_id", "_loaded_at", "_source_file", "_source_line")

SAID = "said.txt"

Contents = dict[str, tuple[int, int]]
Rows = dict[str, list[dict[str, Any]]]


@dataclass
class World:
    """One home folder with everything in it."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """The variables that make every command use this world."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("CHAIRSIDE_")}
        return inherited | {
            "CHAIRSIDE_HOME": str(self.home),
            "CHAIRSIDE_EXPORTS": str(self.home / "exports"),
            "CHAIRSIDE_ENV": "ci",
        }

    @property
    def settings(self) -> Settings:
        """The same as the commands' settings."""
        return Settings(PROJECT_ROOT, self.home, self.home / "exports")

    def forget_compiled(self) -> None:
        """Have the next refresh ask dbt for its SQL, as after a change of the project."""
        for file in (self.home / "dbt").glob("pass_over_*.json"):
            file.unlink()

    def start(self, *arguments: str, to: str = SAID) -> subprocess.Popen[str]:
        """Start `chairside` with the arguments; what it says goes to a file."""
        self.home.mkdir(mode=0o755, exist_ok=True)
        with (self.home / to).open("w", encoding="utf-8") as said:
            return subprocess.Popen(
                [sys.executable, "-m", "orchestration.cli.main", *arguments],
                cwd=PROJECT_ROOT,
                env=self.environment,
                stdout=said,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )

    def said(self, to: str = SAID) -> str:
        """Return what the last command said."""
        return (self.home / to).read_text(encoding="utf-8", errors="replace")

    def run(self, *arguments: str) -> None:
        """Run a command that nothing disturbs; raises AssertionError when it fails."""
        process = self.start(*arguments)
        code = process.wait(COMMAND_TIMEOUT_SECONDS)
        assert code == 0, f"chairside {' '.join(arguments)} ended with {code}:\n{self.said()}"

    def server_pid(self) -> int | None:
        """Return the number of the server's main process; None where it does not run."""
        return server_status(self.settings).pid

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection to the warehouse, on a server that is started if need be."""
        with connect(ensure_running(self.settings).warehouse) as connection:
            yield connection

    def rows(self, query: str, values: Any = None) -> list[dict[str, Any]]:
        """Return the rows of a query as dictionaries."""
        with (
            self.connection() as connection,
            connection.cursor(cursor_factory=RealDictCursor) as cursor,
        ):
            cursor.execute(query, values)
            return [dict(row) for row in cursor.fetchall()]

    def contents(self) -> Contents:
        """Return what the warehouse holds."""
        with self.connection() as connection:
            return contents(connection)

    def dispose(self) -> None:
        """Stop the server and delete it."""
        remove(self.settings)


def contents(connection: Connection) -> Contents:
    """Return rows and hash of every raw and every public table, without their history."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_schema, table_name from information_schema.tables"
            " where table_schema in ('marts', 'raw_native') and table_type = 'BASE TABLE'"
        )
        tables = cursor.fetchall()
    return {f"{schema}.{table}": _content(connection, schema, table) for schema, table in tables}


def public_rows(connection: Connection) -> Rows:
    """Return the rows of every public table, without their history."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for name in contents(connection):
            schema, table = name.split(".")
            if schema == "marts":
                cursor.execute(
                    sql.SQL("select to_jsonb(t) - %s from {} as t").format(
                        sql.Identifier(schema, table)
                    ),
                    (list(HISTORY_COLUMNS),),
                )
                found[name] = [row for (row,) in cursor.fetchall()]
    return found


def difference(expected: list[dict], found: list[dict]) -> str:
    """Return how the first row that should be there differs from the one most like it."""
    missing = [row for row in expected if row not in found]
    extra = [row for row in found if row not in expected]
    if not (missing and extra):
        return f"{len(missing)} rows missing and {len(extra)} too many: {(missing + extra)[:1]}"
    wanted = missing[0]
    nearest = max(extra, key=lambda row: sum(row[name] == wanted[name] for name in wanted))
    columns = {n: (wanted[n], nearest[n]) for n in wanted if wanted[n] != nearest[n]}
    key = {name: wanted[name] for name in list(wanted) if name.endswith("_id")}
    return f"{len(missing)} missing, {len(extra)} too many; {key}: (expected, found) {columns}"


def _content(connection: Connection, schema: str, table: str) -> tuple[int, int]:
    left_out = RAW_COLUMNS if schema == "raw_native" else HISTORY_COLUMNS
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "select count(*), coalesce(sum(hashtextextended((to_jsonb(t) - %s)::text, 0)), 0)"
                " from {} as t"
            ).format(sql.Identifier(schema, table)),
            (list(left_out),),
        )
        rows, digest = cursor.fetchone() or (0, 0)
        return rows, int(digest)
