"""Many histories at once: each lane is a business of its own, so one refresh tries them all.

Put here the source systems of the lanes and the files that they send. Do not put here databases
(warehouses.py).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from orchestration.contract.model import Entity, load_contract
from tests.proof.business import DEFAULTS, first_rows
from tests.proof.steps import Put

Row = dict[str, str]
Address = tuple[str, tuple[str, ...]]


class Source:
    """What one lane's booking system holds, by entity and key: the newest version of each row."""

    def __init__(self, organization: str) -> None:
        """Begin with nothing."""
        self.organization = organization
        self.rows: dict[Address, Row] = {}

    def send(self, step: Put) -> Row:
        """Return the row that a step sends, and remember it unless it is an outdated one."""
        entity = load_contract().entities[step.entity]
        known = self.rows.get((step.entity, step.key))
        row = known or dict(zip(entity.key, step.key, strict=True)) | DEFAULTS[step.entity]
        version = int(row.get("version", "1"))
        row = _loadable(entity, row | dict(step.changes), self.rows)
        row["organization_id"] = self.organization
        if step.outdated and known:
            return row | {"version": str(version - 1)}
        self.rows[step.entity, step.key] = row | {"version": str(version + 1)}
        return self.rows[step.entity, step.key]


def _loadable(entity: Entity, row: Row, rows: dict[Address, Row]) -> Row:
    """Mend what the loader would reject, so that a change counts: order of times, currencies."""
    row = dict(row)
    for first, second in entity.ordered:
        if row.get(first) and row.get(second) and row[first] > row[second]:
            row[second] = ""
    if entity.same_currency:
        place = rows.get(("locations", (row.get("location_id", ""),)), {})
        needed = entity.by_name["currency"].required
        row["currency"] = place.get("currency", "CAD") if needed else ""
    return row


class Lanes:
    """The lanes of one warehouse, all beginning with the same business."""

    def __init__(self, organizations: Sequence[str]) -> None:
        """Give each organization a source of its own."""
        self.sources = {name: Source(name) for name in organizations}

    def begin(self, organizations: Iterable[str], folder: Path) -> None:
        """Write the files of the first load of those that are there from the start."""
        self.write({lane: first_rows() for lane in organizations}, folder)

    def write(self, steps: dict[str, Iterable[Put]], folder: Path) -> None:
        """Write what the lanes send in one load, in the native layout."""
        sent: dict[str, list[Row]] = defaultdict(list)
        for lane, its_steps in steps.items():
            for step in its_steps:
                sent[step.entity].append(self.sources[lane].send(step))
        folder.mkdir(parents=True)
        for entity, rows in sent.items():
            columns = sorted({name for row in rows for name in row})
            path = folder / f"{entity}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="")
                writer.writeheader()
                writer.writerows(rows)
