"""The files of one hour: 1,000 changed bookings and what hangs on them, from what is in raw.

Put here the writing of the files. Do not put here what happens in the hour (hour.sql).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from psycopg2 import sql

from orchestration.contract.model import load_contract
from orchestration.postgres.connection import Connection
from orchestration.warehouse.query import fetch_value

STATEMENTS = Path(__file__).with_name("hour.sql")
ENTITIES = (
    "appointments",
    "appointment_services",
    "sales",
    "sale_lines",
    "payments",
    "loyalty_accounts",
    "loyalty_events",
    "refunds",
)


def write_hour(connection: Connection, folder: Path, hour_end: datetime) -> dict[str, int]:
    """Write what changed in the hour before `hour_end`; returns rows by entity, and changes."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = f"h{hour_end:%Y%m%d%H}"
    counts: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(STATEMENTS.read_text(encoding="utf-8"), {"hour_end": hour_end, "mark": mark})
        for entity in ENTITIES:
            columns = load_contract().entities[entity].column_names
            select = sql.SQL(
                "copy (select {columns} from {table}) to stdout (format csv, header)"
            ).format(
                columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
                table=sql.Identifier(f"hour_{entity}"),
            )
            with (folder / f"{entity}.csv").open("wb") as file:
                cursor.copy_expert(select, file)
            counts[entity] = fetch_value(
                connection,
                sql.SQL("select count(*) from {}").format(sql.Identifier(f"hour_{entity}")),
            )
        counts["changed_appointments"] = fetch_value(
            connection, "select count(*) from hour_changes"
        )
    connection.rollback()
    return counts
