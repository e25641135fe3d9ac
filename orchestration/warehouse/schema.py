"""Creating and upgrading what must exist before anything runs: the ops log and the raw tables.

Put here what brings a database up to this version of Chairside. Do not put here dbt's schemas,
which dbt creates, or roles and server settings (postgres/).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from orchestration.contract.model import load_contract
from orchestration.contract.tables import render_statements
from orchestration.postgres.connection import Connection
from orchestration.warehouse.query import fetch_value

# Raw tables are made in between: functions of the scope read them.
FILES = tuple(Path(__file__).with_name(name) for name in ("ops.sql", "scope.sql"))
# Any constant will do; it keeps two processes from creating the same tables at once.
SCHEMA_LOCK = 7_302_001


def ensure_warehouse(connection: Connection) -> bool:
    """Create or upgrade the ops and raw_native schemas and commit; True where anything was done.

    The definitions' hash is kept as the comment of schema ops, so a second call costs one query.
    Columns of a newer contract are added; none is dropped. Raises psycopg2.Error where the
    server refuses.
    """
    statements = _statements(connection)
    digest = hashlib.sha256("\n".join(statements).encode()).hexdigest()
    version = f"Chairside operations log; definitions {digest[:16]}"
    if _installed_version(connection) == version:
        return False
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", (SCHEMA_LOCK,))
        if _installed_version(connection) != version:
            # One round trip: the contract has some 600 statements, most of them comments.
            cursor.execute(";\n".join(statements))
            cursor.execute("comment on schema ops is %s", (version,))
    connection.commit()
    return True


def _statements(connection: Connection) -> list[str]:
    raw = [statement.as_string(connection) for statement in render_statements(load_contract())]
    own = [file.read_text(encoding="utf-8").rstrip().rstrip(";") for file in FILES]
    return [own[0], *raw, *own[1:]]


def _installed_version(connection: Connection) -> str | None:
    version: str | None = fetch_value(
        connection, "select obj_description(to_regnamespace('ops')::oid, 'pg_namespace')"
    )
    return version
