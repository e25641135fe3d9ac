"""The demo salon as its booking system would have sent it: each row when it became known.

Put here what was known when. Do not put here refreshing (test_demo_replay.py).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.contract.model import Column, ColumnType, Entity, load_contract

Row = dict[str, str]
# Rows without an instant of their own come with the row that they belong to.
PARENTS = {
    "appointment_services": ("appointments", "appointment_id"),
    "sale_lines": ("sales", "sale_id"),
    "sale_line_taxes": ("sales", "sale_id"),
}
BEFORE = {"appointments": "confirmed", "sales": "open"}
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Arrival:
    """A row as it was known from an instant on."""

    at: datetime
    entity: str
    row: Row


def arrivals(folder: Path) -> list[Arrival]:
    """Return every version of every row of a folder in the native layout, in order of time."""
    contract = load_contract()
    rows = {name: _read(folder / f"{name}.csv") for name in contract.entities}
    first: dict[tuple[str, str, str], datetime] = {}
    found = []
    # Parents come before their children in the contract.
    for name, entity in contract.entities.items():
        for row in rows[name]:
            for at, known in _versions(entity, row, _not_before(name, row, first)):
                key = (
                    name,
                    row["organization_id"],
                    row.get(entity.key[0], "") if entity.key else "",
                )
                first.setdefault(key, at)
                found.append(Arrival(at, name, known))
    return sorted(found, key=lambda arrival: arrival.at)


def by_hour(found: Iterable[Arrival]) -> dict[datetime, list[Arrival]]:
    """Return arrivals by the full hour that follows them."""
    hours: dict[datetime, list[Arrival]] = defaultdict(list)
    for arrival in found:
        full = arrival.at.replace(minute=0, second=0, microsecond=0)
        hours[full if full == arrival.at else full + timedelta(hours=1)].append(arrival)
    return hours


def write(found: Iterable[Arrival], folder: Path) -> None:
    """Write arrivals as one load."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for arrival in found:
        rows[arrival.entity].append(arrival.row)
    folder.mkdir(parents=True)
    for entity, its_rows in rows.items():
        columns = sorted({column for row in its_rows for column in row})
        with (folder / f"{entity}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(its_rows)


def _read(path: Path) -> list[Row]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _not_before(name: str, row: Row, first: dict[tuple[str, str, str], datetime]) -> datetime:
    if name not in PARENTS:
        return LONG_AGO
    parent, column = PARENTS[name]
    return first.get((parent, row["organization_id"], row[column]), LONG_AGO)


def _versions(entity: Entity, row: Row, not_before: datetime) -> Iterator[tuple[datetime, Row]]:
    """Yield the row as it was known from each of its instants on."""
    instants = {column.name: _instant(column, row) for column in _telling(entity)}
    moments = sorted({max(at, not_before) for at in instants.values() if at} or {not_before})
    for at in moments:
        known = dict(row)
        for name, instant in instants.items():
            if instant and instant > at and name != "start_at":
                known[name] = ""
        if any(instant and instant > at for instant in instants.values()):
            known |= _status_before(entity, row)
        yield at, known | {"updated_at": at.isoformat()}


def _status_before(entity: Entity, row: Row) -> Row:
    """Return the status of a row of which not all has happened yet."""
    return {"status": BEFORE[entity.name]} if row.get("status") and entity.name in BEFORE else {}


def _telling(entity: Entity) -> list[Column]:
    """Return the columns at whose instants a row is sent."""
    names = {"start_at"} if entity.name == "appointments" else set()
    kinds = (ColumnType.TIMESTAMP, ColumnType.DATE)
    return [
        column
        for column in entity.columns
        if column.type in kinds
        and column.name != "updated_at"
        and (column.past or column.name in {*names, "deleted_at"})
    ]


def _instant(column: Column, row: Row) -> datetime | None:
    text = row.get(column.name)
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    if column.type is ColumnType.DATE:
        # A day is told when it is over everywhere.
        return moment.replace(tzinfo=UTC) + timedelta(days=1, hours=12)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
