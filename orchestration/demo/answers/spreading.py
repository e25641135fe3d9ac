"""Exact arithmetic on whole units: spreading without a unit lost, ratios rounded as people do.

Put here arithmetic. Do not put here what is spread or divided.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import Array, rank_in_runs, round_half_away


def spread(numerators: Array, denominators: Array, totals: Array, groups: Array) -> Array:
    """Whole parts of each group that add up to its total: round down, then the largest fractions.

    Rows come in tie-breaking order; numerators / denominators are the exact parts. Exact: whole
    numbers only.
    """
    if len(numerators) == 0:
        return np.zeros(0, dtype=np.int64)
    whole = numerators // denominators
    fraction = (numerators - whole * denominators) / denominators
    order = np.lexsort((np.arange(len(groups)), -fraction, groups))
    missing = totals - np.bincount(groups, whole).astype(np.int64)[groups]
    rank = np.empty(len(groups), dtype=np.int64)
    rank[order] = rank_in_runs(groups[order])
    return np.asarray(whole + (rank < missing))


def ratio(numerators: pd.Series, denominators: pd.Series, digits: int) -> pd.Series:
    """Quotients of whole numbers, halves away from zero; none where nothing is divided by."""
    can_tell = ((denominators > 0) & numerators.notna()).fillna(False).to_numpy(dtype=bool)
    top = numerators.fillna(0).to_numpy(dtype=np.int64) * 10**digits
    bottom = np.where(can_tell, denominators.fillna(1).to_numpy(dtype=np.int64), 1)
    quotients = round_half_away(top, bottom)
    values = pd.Series(quotients / 10**digits if digits else quotients, index=numerators.index)
    return values.where(can_tell)
