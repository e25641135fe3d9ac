"""`chairside status`: what was loaded, refreshed and found wrong, on one screen.

Put here the layout. Do not put here queries (refresh/status.py).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import click

from orchestration.postgres.connection import connect
from orchestration.postgres.server import ensure_running
from orchestration.refresh.status import Row, Status, read_status
from orchestration.settings import Settings
from orchestration.warehouse.schema import ensure_warehouse

COLOURS = {"succeeded": "green", "failed": "red", "running": "yellow"}
WIDTH_IN_PIPES = 200
FRESHNESS_COLOURS = {"fresh": "green", "late": "yellow", "stale": "red", "empty": "yellow"}


@click.command(name="status")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, for programs.")
@click.option("--last", "limit", default=5, show_default=True, help="How many loads and refreshes.")
def command(as_json: bool, limit: int) -> None:
    """Show the last loads and refreshes, failed checks, and what waits for the next refresh."""
    urls = ensure_running(Settings.from_environment())
    with connect(urls.warehouse) as connection:
        ensure_warehouse(connection)
        status = read_status(connection, limit)
    if as_json:
        click.echo(json.dumps(asdict(status), default=_plain, indent=2))
    else:
        _print(status)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, timedelta):
        return round(value.total_seconds(), 3)
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def _print(status: Status) -> None:
    from rich.console import Console  # a quarter of a second

    # In a pipe nothing is cut.
    width = None if click.get_text_stream("stdout").isatty() else WIDTH_IN_PIPES
    console = Console(highlight=False, width=width)
    for line in _headlines(status):
        console.print(line)
    if status.refreshes:
        console.print(_table("Refreshes (times in UTC)", _refresh_rows(status.refreshes)))
        for row in status.refreshes:
            if row["error"]:
                console.print(f"Refresh {row['refresh_id']}: {_short(row['error'], 300)}")
    if status.loads:
        console.print(_table("Loads (times in UTC)", _load_rows(status.loads)))
        for row in status.loads:
            if row["error"]:
                console.print(f"Load {row['load_id']}: {_short(row['error'], 300)}")
    if status.failed_checks:
        console.print(_table("Failed checks of the last refresh", _check_rows(status)))


def _headlines(status: Status) -> list[str]:
    colour = FRESHNESS_COLOURS[status.freshness]
    lines = ["Nothing is published yet: run `chairside refresh`."]
    if status.published:
        lines = [
            f"Public tables are [{colour}]{status.freshness}[/]: as of"
            f" {_moment(status.published['as_of'])} UTC, published"
            f" {_span(status.published['age'])} ago by refresh {status.published['refresh_id']}."
        ]
    if status.is_running:
        running = status.running or {"refresh_id": "?", "triggered_by": "?", "age": timedelta()}
        lines.append(
            f"[yellow]Refresh {running['refresh_id']}[/] is running for {_span(running['age'])},"
            f" started by {running['triggered_by']}."
        )
    waiting = status.waiting
    if waiting["loads"]:
        lines.append(
            f"Waiting for the next refresh: {waiting['rows']:,} rows of {waiting['loads']} load(s),"
            f" the oldest of {_moment(waiting['since'])} UTC."
        )
    elif status.loads:
        lines.append("No row waits for the next refresh.")
    return lines


def _refresh_rows(rows: list[Row]) -> list[Row]:
    return [
        {
            "id": str(row["refresh_id"]),
            "status": _status(row["status"]),
            "mode": row["mode"],
            "as of": _moment(row["as_of"]),
            "by": row["triggered_by"],
            "seconds": _number(row["seconds"], 1),
            "new": _number(row["rows_inserted"]),
            "changed": _number(row["rows_updated"]),
            "gone": _number(row["rows_deleted"]),
        }
        for row in rows
    ]


def _load_rows(rows: list[Row]) -> list[Row]:
    return [
        {
            "id": str(row["load_id"]),
            "status": _status(row["status"]),
            "source": row["source_system"],
            "at": _moment(row["finished_at"]),
            "read": _number(row["rows_read"]),
            "new": _number(row["rows_inserted"]),
            "changed": _number(row["rows_updated"]),
            "gone": _number(row["rows_deleted"]),
            "rejected": _number(row["rows_rejected"]),
            "path": row["path"],
        }
        for row in rows
    ]


def _check_rows(status: Status) -> list[Row]:
    return [
        {
            "severity": row["severity"],
            "table": row["table_name"],
            "check": row["check_name"],
            "dimension": row["dimension"],
            "rows": _number(row["rows_failed"]),
            "observed": _short(row["observed_value"]),
        }
        for row in status.failed_checks
    ]


def _table(title: str, rows: list[Row]) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in rows[0]:
        # A column that says nothing takes no room.
        if any(row[name] for row in rows):
            table.add_column(name, justify="right" if name in _NUMBERS else "left")
    shown = [column.header for column in table.columns]
    for row in rows:
        table.add_row(*(row[str(name)] for name in shown))
    return table


_NUMBERS = frozenset({"id", "seconds", "new", "changed", "gone", "read", "rejected", "rows"})


def _status(text: str) -> str:
    return f"[{COLOURS[text]}]{text}[/]"


def _moment(value: datetime | None) -> str:
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M}" if value else ""


def _number(value: float | None, digits: int = 0) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


def _span(value: timedelta) -> str:
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s"


def _short(text: str | None, length: int = 100) -> str:
    line = " ".join((text or "").split())
    return line if len(line) <= length else line[: length - 1] + "…"
