"""A batch of text columns checked against the contract and made canonical, column by column.

Put here the checks that one row alone can fail. Whole columns are tested at once and only the
values that fail are read one by one. Do not put here checks across rows (cross_checks.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.contract.model import Column, ColumnType, Entity
from orchestration.loading.batch import Batch
from orchestration.loading.findings import Findings
from orchestration.loading.local_time import (
    DEFAULT_POLICY,
    ClockPolicy,
    constant_offset,
    place,
)
from orchestration.loading.row_rules import check_rows
from orchestration.loading.values import (
    CANONICAL_PATTERNS,
    HAS_OFFSET_PATTERN,
    READERS,
    RefusedValueError,
)
from orchestration.loading.zones import ZoneFinder

Mask = npt.NDArray[np.bool_]
_VERBATIM = (ColumnType.ID, ColumnType.TEXT)
_CAST = {ColumnType.DATE: pa.date32(), ColumnType.TIMESTAMP: pa.timestamp("us", "UTC")}


@dataclass(frozen=True, slots=True)
class Conversion:
    """What the checks of one load need to know beside the contract."""

    clock: datetime
    zones: ZoneFinder
    policy: ClockPolicy = DEFAULT_POLICY


def convert(
    batch: Batch, entity: Entity, conversion: Conversion
) -> tuple[dict[str, pa.Array], Findings]:
    """Return the batch's columns as canonical text (null where refused) and what was found.

    Timestamps come back with an offset. Columns that the file does not have are left out.
    """
    findings = Findings(len(batch))
    columns: dict[str, pa.Array] = {}
    for column in entity.columns:
        if column.name in batch.columns:
            columns[column.name] = _convert_column(batch.columns[column.name], column, findings)
    for column in entity.columns:
        if column.type is ColumnType.TIMESTAMP and column.name in columns:
            columns[column.name] = _with_offsets(column, entity, columns, conversion, findings)
    check_rows(entity, columns, conversion.clock, findings)
    return columns, findings


def _convert_column(values: pa.Array, column: Column, findings: Findings) -> pa.Array:
    if column.type is not ColumnType.TEXT:
        values = _trimmed(values)
    if column.required and values.null_count:
        findings.errors(column.name, _mask(values.is_null()), "is empty, and it is required")
    odd = _not_canonical(values, column.type)
    if odd.any():
        values = _read_each(values, odd, column, findings)
    if column.values:
        unknown = _mask(pc.invert(pc.is_in(values, pa.array(column.values))))
        unknown &= _mask(values.is_valid())
        for row in np.flatnonzero(unknown):
            known = ", ".join(column.values)
            findings.error(
                row, column.name, f"{values[row].as_py()!r} is not known; expected one of {known}"
            )
    if column.min is not None:
        low = _mask(pc.less(pc.cast(values, pa.float64()), float(column.min)))
        for row in np.flatnonzero(low):
            reason = f"{values[row].as_py()} is below {column.min}, the least it may be"
            findings.error(row, column.name, reason)
    return values


def _trimmed(values: pa.Array) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(values)
    empty = pc.equal(trimmed, "")
    return pc.if_else(empty, None, trimmed) if pc.any(empty).as_py() else trimmed


def _mask(booleans: pa.Array) -> Mask:
    """Return a Boolean array as numpy, nulls as False."""
    return pc.fill_null(booleans, False).to_numpy(zero_copy_only=False)


def _not_canonical(values: pa.Array, kind: ColumnType) -> Mask:
    """Return which values must be read one by one."""
    if kind in _VERBATIM:
        return _mask(pc.match_substring(values, "\0"))
    pattern = CANONICAL_PATTERNS.get(kind)
    if pattern is None:
        return _mask(values.is_valid())
    odd = _mask(pc.invert(pc.match_substring_regex(values, pattern)))
    if kind in _CAST and not _casts(values, odd, kind):
        # Some day is not in the calendar, such as 30 February: look at each.
        return _mask(values.is_valid())
    return odd


def _casts(values: pa.Array, odd: Mask, kind: ColumnType) -> bool:
    if kind is ColumnType.TIMESTAMP:
        values = pc.utf8_slice_codeunits(values, 0, 10)
    try:
        pc.cast(values.filter(pa.array(~odd)) if odd.any() else values, pa.date32())
    except pa.ArrowInvalid:
        return False
    return True


def _read_each(values: pa.Array, odd: Mask, column: Column, findings: Findings) -> pa.Array:
    """Return the values with the odd ones read by their type's reader, each spelling once."""
    rows = np.flatnonzero(odd)
    encoded = values.take(pa.array(rows)).dictionary_encode()
    codes = encoded.indices.to_numpy()
    read: list[str | None] = []
    for code, text in enumerate(encoded.dictionary.to_pylist()):
        try:
            read.append(READERS[column.type](text))
        except RefusedValueError as refusal:
            read.append(None)
            for row in rows[codes == code]:
                findings.error(row, column.name, str(refusal))
    replacements = pa.array(read, pa.string()).take(encoded.indices)
    return pc.replace_with_mask(values, pa.array(odd), replacements)


def _with_offsets(
    column: Column,
    entity: Entity,
    columns: dict[str, pa.Array],
    conversion: Conversion,
    findings: Findings,
) -> pa.Array:
    """Return the timestamps with the offset of the row's location added where they have none."""
    values = columns[column.name]
    local = _mask(pc.invert(pc.match_substring_regex(values, HAS_OFFSET_PATTERN)))
    if not local.any():
        return values
    rows = np.flatnonzero(local)
    zones = conversion.zones.zones_of(entity, columns, rows.tolist())
    texts = values.take(pa.array(rows))
    placed = _on_plain_days(texts, pa.array(zones, pa.string()))
    odd = _mask(placed.is_null())
    if odd.any():
        each = [
            _place(rows[at], texts[at].as_py(), zones[at], column.name, conversion.policy, findings)
            for at in np.flatnonzero(odd)
        ]
        placed = pc.replace_with_mask(placed, pa.array(odd), pa.array(each, pa.string()))
    return pc.replace_with_mask(values, pa.array(local), placed)


def _on_plain_days(texts: pa.Array, zones: pa.Array) -> pa.Array:
    """Return the texts with their offset added where the day has only one, else null."""
    days = pc.utf8_slice_codeunits(texts, 0, 10)
    places = pc.binary_join_element_wise(days, zones, "|").dictionary_encode()
    offsets = [constant_offset(*place.split("|")) for place in places.dictionary.to_pylist()]
    by_row = pa.array(offsets, pa.string()).take(places.indices)
    return pc.binary_join_element_wise(texts, by_row, "")


def _place(  # noqa: PLR0913 - one call per local time; an object for each would cost more
    row: int | np.signedinteger,
    text: str,
    zone: str | None,
    column: str,
    policy: ClockPolicy,
    findings: Findings,
) -> str | None:
    if zone is None:
        findings.error(
            row,
            column,
            f"{text!r} is a local time, and the row's location does not say in which time zone;"
            " add an offset, as in 2026-03-31T14:30:00-04:00",
        )
        return None
    result = place(text, zone, policy)
    if result.error:
        findings.error(row, column, result.error)
        return None
    if result.warning:
        findings.warn(row, column, result.warning)
    return result.text


def now_utc() -> datetime:
    """Return the clock of a load that was given none."""
    return datetime.now(UTC)
