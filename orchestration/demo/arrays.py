"""Vectorised building blocks: groups, ragged lists, weighted picks, local clocks, money, text.

Put here what works on plain arrays and knows nothing about salons. Do not put here a rule of the
business nor a column name of the native layout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Array = npt.NDArray[Any]
NOT_A_TIME = np.datetime64("NaT", "s")
TAX_SCALE = 10_000


def rank_within(groups: Array) -> Array:
    """Number the members of each group 0, 1, 2… in their order of appearance."""
    order = np.argsort(groups, kind="stable")
    ranks = np.empty(len(groups), dtype=np.int64)
    ranks[order] = rank_in_runs(groups[order])
    return ranks


def rank_in_runs(groups: Array) -> Array:
    """Number the members of each run of equal neighbours 0, 1, 2…."""
    starts = run_starts(groups)
    return np.arange(len(groups)) - starts


def run_starts(groups: Array) -> Array:
    """For each element, the position at which its run of equal neighbours begins."""
    if len(groups) == 0:
        return np.zeros(0, dtype=np.int64)
    is_first = np.concatenate([[True], groups[1:] != groups[:-1]])
    return np.maximum.accumulate(np.where(is_first, np.arange(len(groups)), 0))


def sum_before(values: Array, groups: Array) -> Array:
    """Within each run of equal neighbours, the sum of the values before each element."""
    if len(values) == 0:
        return np.zeros(0, dtype=np.int64)
    before = np.cumsum(values) - values
    return np.asarray(before - before[run_starts(groups)])


def members(groups: Array) -> Iterator[tuple[int, Array]]:
    """Each group that occurs, with the positions of its members in order."""
    if len(groups) == 0:
        return
    order = np.argsort(groups, kind="stable")
    numbers, starts = np.unique(groups[order], return_index=True)
    for number, positions in zip(numbers, np.split(order, starts[1:]), strict=True):
        yield int(number), positions


def pick(rng: np.random.Generator, weights: Sequence[float] | Array, size: int) -> Array:
    """Draw positions with the given weights."""
    cumulative = np.cumsum(np.asarray(weights, dtype=float))
    return np.searchsorted(cumulative / cumulative[-1], rng.random(size), side="right")


def pick_by_row(rng: np.random.Generator, weights: Array) -> Array:
    """Draw one column per row of a matrix of weights; a row without weight gives column 0."""
    cumulative = np.cumsum(weights, axis=1)
    draws = rng.random(len(weights))[:, None] * cumulative[:, -1:]
    return np.minimum((cumulative <= draws).sum(axis=1), weights.shape[1] - 1)


def round_half_away(numerator: Array, denominator: int | Array) -> Array:
    """Whole-number quotient, halves rounded away from zero; exact, since no float is involved."""
    size = np.abs(numerator)
    return np.asarray(np.sign(numerator) * ((2 * size + denominator) // (2 * denominator)))


def to_utc(local: Array, zone_of_row: Array, zones: Sequence[str]) -> Array:
    """Local wall clocks as UTC; a skipped hour moves on, a doubled hour is its first pass."""
    return _through_zones(local, zone_of_row, zones, into_utc=True)


def to_local(utc: Array, zone_of_row: Array, zones: Sequence[str]) -> Array:
    """UTC instants as local wall clocks."""
    return _through_zones(utc, zone_of_row, zones, into_utc=False)


def _through_zones(
    times: Array, zone_of_row: Array, zones: Sequence[str], *, into_utc: bool
) -> Array:
    result = np.full(len(times), NOT_A_TIME, dtype="datetime64[s]")
    for number, zone in enumerate(zones):
        here = np.flatnonzero(zone_of_row == number)
        if len(here) == 0:
            continue
        index = pd.DatetimeIndex(times[here])
        if into_utc:
            first_pass = np.ones(len(here), dtype=bool)
            aware = index.tz_localize(zone, ambiguous=first_pass, nonexistent="shift_forward")
            moved = aware.tz_convert("UTC")
        else:
            moved = index.tz_localize("UTC").tz_convert(zone)
        result[here] = moved.tz_localize(None).to_numpy().astype("datetime64[s]")
    return result


def minutes(values: Array | int) -> Array:
    """Whole minutes as a time span."""
    return np.asarray(values).astype("timedelta64[m]").astype("timedelta64[s]")


def seconds(values: Array | int) -> Array:
    """Whole seconds as a time span."""
    return np.asarray(values).astype("timedelta64[s]")


def ids(prefix: str, numbers: Array, width: int = 7) -> pd.Series:
    """Keys such as c0000012; a negative number is no key. Padded, so that text sorts as numbers."""
    codes = pa.array(numbers, mask=np.asarray(numbers) < 0)
    digits = pc.utf8_lpad(pc.cast(codes, pa.string()), width, "0")
    return text_series(pc.binary_join_element_wise(prefix, digits, ""))


def labels(codes: Array, names: Sequence[str | None]) -> pd.Series:
    """Names by code; a negative code or an empty name is no value."""
    known = np.asarray(codes)
    indices = pa.array(known, mask=known < 0)
    return text_series(pc.take(pa.array(list(names), pa.string()), indices))


def text_series(values: Any) -> pd.Series:
    """An Arrow text array as a pandas column."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    return pd.Series(pd.array(values.cast(pa.large_string()), dtype="str"))


def optional(values: Array, is_known: Array) -> pd.Series:
    """Whole numbers with gaps."""
    return pd.Series(pd.arrays.IntegerArray(values.astype("int64"), ~np.asarray(is_known)))
