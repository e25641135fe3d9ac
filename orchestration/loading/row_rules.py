"""The contract's rules between the values of one row: past, ordered, one_of.

Put here checks on canonical columns. Do not put here checks of single values (values.py) or across
rows (cross_checks.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.contract.model import ColumnType, Entity
from orchestration.loading.findings import Findings

# Clocks of tills run ahead, and it is tomorrow already somewhere.
FUTURE_TOLERANCE = timedelta(hours=24)
_COMPARED_AS = {
    ColumnType.DATE: pa.date32(),
    ColumnType.TIMESTAMP: pa.timestamp("us", "UTC"),
}


def check_rows(
    entity: Entity, columns: Mapping[str, pa.Array], clock: datetime, findings: Findings
) -> None:
    """Note the rows that break a rule; columns hold canonical text, null where refused."""
    for column in entity.columns:
        if column.past and column.name in columns:
            _check_past(column.name, column.type, columns[column.name], clock, findings)
    for first, second in entity.ordered:
        if first in columns and second in columns:
            _check_order(entity, first, second, columns, findings)
    if entity.one_of:
        _check_one_of(entity, columns, findings)


def _check_past(
    name: str, kind: ColumnType, values: pa.Array, clock: datetime, findings: Findings
) -> None:
    latest: datetime | date = clock + FUTURE_TOLERANCE
    if kind is ColumnType.DATE:
        latest = latest.date()  # type: ignore[union-attr]
    moments = pc.cast(values, _COMPARED_AS[kind])
    late = pc.fill_null(pc.greater(moments, pa.scalar(latest, moments.type)), False)
    for row in np.flatnonzero(late.to_numpy(zero_copy_only=False)):
        findings.error(
            row,
            name,
            f"{values[row].as_py()} lies in the future: it is now {clock:%Y-%m-%d %H:%M %Z}",
        )


def _check_order(
    entity: Entity, first: str, second: str, columns: Mapping[str, pa.Array], findings: Findings
) -> None:
    kind = _COMPARED_AS[entity.by_name[first].type]
    reversed_rows = pc.greater(pc.cast(columns[first], kind), pc.cast(columns[second], kind))
    reversed_rows = pc.fill_null(reversed_rows, False).to_numpy(zero_copy_only=False)
    for row in np.flatnonzero(reversed_rows):
        findings.error(
            row,
            second,
            f"{columns[second][row].as_py()} is before {first}, {columns[first][row].as_py()}",
        )


def _check_one_of(entity: Entity, columns: Mapping[str, pa.Array], findings: Findings) -> None:
    empty = ~findings.rejected
    for name in entity.one_of:
        if name in columns:
            empty &= columns[name].is_null().to_numpy(zero_copy_only=False)
    names = ", ".join(entity.one_of)
    findings.errors(entity.one_of[0], empty, f"at least one of {names} must have a value")
