"""Writes the entities as files of the native layout, CSV or Parquet, the same bytes every time.

Put here how each type of the contract is written. Do not put here what the rows say (rendering*.py,
traps).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as arrow_parquet

from orchestration.contract.model import Column, ColumnType, Entity, load_contract
from orchestration.demo.arrays import Array, to_local
from orchestration.demo.business import Business
from orchestration.demo.traps.plant import Delivery
from orchestration.errors import ChairsideError

FORMATS = ("csv", "parquet")
# Written with the offset of the location's clock, as booking systems do; the rest as UTC.
LOCAL_COLUMNS = {
    "appointments": ("start_at", "end_at"),
    "staff_shifts": ("scheduled_start_at", "scheduled_end_at", "worked_start_at", "worked_end_at"),
}
# Money that may carry fractions of the minor unit: kept in TAX_SCALE parts of it.
FRACTIONAL = {("sale_lines", "tax_amount"), ("sale_line_taxes", "tax_amount")}
MUST_QUOTE = r"[\",\r\n]"


def prepare_folder(folder: Path) -> None:
    """Make the folder; raises ChairsideError where it holds anything but an earlier demo."""
    folder.mkdir(parents=True, exist_ok=True)
    ours = {f"{name}.{ending}" for name in load_contract().entities for ending in FORMATS}
    ours |= {"expected.json"}
    others = sorted(entry.name for entry in folder.iterdir() if entry.name not in ours)
    if others:
        raise ChairsideError(
            f"{folder} holds other files, such as {others[0]}.",
            "Name a folder that is empty or does not exist yet.",
        )
    for entry in folder.iterdir():
        entry.unlink()


def write_tables(
    delivery: Delivery,
    folder: Path,
    business: Business,
    file_format: str = "csv",
    *,
    is_part: bool = False,
) -> Iterator[tuple[str, int]]:
    """Write one file per entity that has rows; yields each entity's name and row count.

    A part of the businesses continues CSV files that may be there, which have every column.
    """
    clocks = _Clocks(business)
    for entity in load_contract().entities.values():
        around = (delivery.before, delivery.truth, delivery.after)
        parts = [tables[entity.name] for tables in around if entity.name in tables]
        rows = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
        if rows.empty:
            continue
        kept = [c for c in entity.columns if is_part or c.required or not rows[c.name].isna().all()]
        table = _arrow(entity, kept, rows, clocks, as_text=file_format == "csv")
        if file_format == "csv":
            _write_csv(table, entity, folder / f"{entity.name}.csv")
        else:
            arrow_parquet.write_table(table, folder / f"{entity.name}.parquet")
        yield entity.name, len(rows)


class _Clocks:
    """Exponents and time zones by key."""

    def __init__(self, business: Business) -> None:
        self.zones = business.zones
        self._unit = dict(zip(business.keys, business.exponent_of.tolist(), strict=True))
        owners = [business.keys[n] for n in business.organization_of]
        self._zone = {
            f"{owner}/{place.key}": int(zone)
            for owner, place, zone in zip(owners, business.locations, business.zone_of, strict=True)
        }

    def exponents(self, rows: pd.DataFrame) -> Array:
        return rows["organization_id"].map(self._unit).fillna(2).to_numpy(dtype=np.int64)

    def zone_of(self, rows: pd.DataFrame) -> Array:
        keys = rows["organization_id"] + "/" + rows["location_id"]
        return keys.map(self._zone).fillna(0).to_numpy(dtype=np.int64)


def _arrow(
    entity: Entity, kept: list[Column], rows: pd.DataFrame, clocks: _Clocks, *, as_text: bool
) -> pa.Table:
    columns = {}
    local = LOCAL_COLUMNS.get(entity.name, ()) if as_text else ()
    zone = clocks.zone_of(rows) if local else None
    for column in kept:
        values = rows[column.name]
        if column.type is ColumnType.MONEY:
            digits = 4 if (entity.name, column.name) in FRACTIONAL else 0
            columns[column.name] = _money(values, clocks.exponents(rows), digits, as_text=as_text)
        elif column.name in local and zone is not None:
            columns[column.name] = _with_offset(values, zone, clocks.zones)
        else:
            columns[column.name] = _plain(column, values)
    return pa.table(columns)


def _plain(column: Column, values: pd.Series) -> pa.Array:
    if column.type is ColumnType.TIMESTAMP:
        times = values.to_numpy().astype("datetime64[s]")
        return pa.array(times, pa.timestamp("s", "UTC"))
    if column.type is ColumnType.DATE:
        return pc.cast(pa.array(values.to_numpy().astype("datetime64[s]")), pa.date32())
    if column.type is ColumnType.INTEGER:
        return pa.array(values, pa.int64())
    if column.type is ColumnType.BOOLEAN:
        return pa.array(values, pa.bool_())
    if column.type is ColumnType.DECIMAL:
        return pa.array(values, pa.float64())
    return pa.array(values, pa.string())


def _money(values: pd.Series, exponents: Array, digits: int, *, as_text: bool) -> pa.Array:
    """Minor units as major units; yen and their like without decimals."""
    scale = 2 + digits
    scaled = values * np.where(exponents == 0, 100, 1)
    whole = pc.cast(pa.array(scaled, pa.int64()), pa.decimal128(19, 0))
    step = pa.scalar(_power(scale), pa.decimal128(scale + 1, scale))
    major = pc.cast(pc.multiply(whole, step), pa.decimal128(25, scale))
    if not as_text:
        return major
    text = pc.cast(major, pa.string())
    if digits:
        return pc.replace_substring_regex(text, r"\.?0+$", "")
    plain = pc.replace_substring_regex(text, r"\.00$", "") if (exponents == 0).any() else text
    return pc.if_else(pa.array(exponents == 0), plain, text)


def _power(scale: int) -> pa.Scalar:
    return pc.cast(pa.scalar(f"0.{'0' * (scale - 1)}1"), pa.decimal128(scale + 1, scale))


def _with_offset(values: pd.Series, zone: Array, zones: list[str]) -> pa.Array:
    """Local wall clock and its distance from UTC, such as 2026-03-08 03:30:00-04:00."""
    utc = values.to_numpy().astype("datetime64[s]")
    local = np.full(len(utc), np.datetime64("NaT", "s"))
    known = ~np.isnat(utc)
    local[known] = to_local(utc[known], zone[known], zones)
    distance = np.where(known, (local - utc).astype(np.int64), 0) // 60
    distances, code = np.unique(distance, return_inverse=True)
    texts = [f"{'-' if d < 0 else '+'}{abs(d) // 60:02}:{abs(d) % 60:02}" for d in distances]
    offset = pc.take(pa.array(texts, pa.string()), pa.array(code.ravel()))
    return pc.binary_join_element_wise(pc.cast(pa.array(local), pa.string()), offset, "")


def _write_csv(table: pa.Table, entity: Entity, path: Path) -> None:
    """Append to a file; values in quotes only where some text of the table needs them."""
    texts = [c.name for c in entity.columns if c.type in (ColumnType.TEXT, ColumnType.ID)]
    must = any(
        pc.any(pc.match_substring_regex(table[name], MUST_QUOTE)).as_py()
        for name in texts
        if name in table.column_names
    )
    style = "needed" if must else "none"
    with path.open("ab") as file:
        options = arrow_csv.WriteOptions(quoting_style=style, include_header=file.tell() == 0)
        arrow_csv.write_csv(table, file, options)
