"""Whole units spread over parts without a unit lost.

Put here largest-remainder spreading. Do not put here what is spread.
"""

from __future__ import annotations

import numpy as np

from orchestration.demo.arrays import Array, rank_in_runs


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
