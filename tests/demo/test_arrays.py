"""The vectorised building blocks, against plain loops."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.demo.answers.spreading import spread
from orchestration.demo.arrays import (
    ids,
    members,
    rank_within,
    round_half_away,
    sum_before,
    to_local,
    to_utc,
)


@given(st.lists(st.integers(0, 5), max_size=30))
def test_ranks_count_within_each_group(groups: list[int]) -> None:
    seen: dict[int, int] = {}
    wanted = []
    for group in groups:
        wanted.append(seen.get(group, 0))
        seen[group] = wanted[-1] + 1
    assert rank_within(np.array(groups, dtype=int)).tolist() == wanted


@given(st.lists(st.integers(0, 5), max_size=30))
def test_members_are_found_in_order(groups: list[int]) -> None:
    found = {group: rows.tolist() for group, rows in members(np.array(groups, dtype=int))}
    assert found == {
        group: [n for n, g in enumerate(groups) if g == group] for group in set(groups)
    }


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_halves_round_away_from_zero_exactly(numerator: int, denominator: int) -> None:
    exact = Decimal(numerator) / Decimal(denominator)
    whole = exact.quantize(Decimal(1), ROUND_HALF_UP)
    assert round_half_away(np.array([numerator]), denominator)[0] == int(whole)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=12), st.integers(1, 10**4))
def test_spreading_loses_nothing_and_stays_within_a_unit(parts: list[int], scale: int) -> None:
    exact = np.array(parts)
    total = int(round_half_away(np.array([exact.sum()]), scale)[0])
    ones = np.ones(len(parts), dtype=int)
    whole = spread(exact, scale * ones, total * ones, 0 * ones)
    assert whole.sum() == total
    assert (np.abs(whole - exact / scale) <= 1).all()


def test_equal_fractions_go_to_the_first_rows() -> None:
    ones = np.ones(3, dtype=int)
    assert spread(5 * ones, 10 * ones, 2 * ones, 0 * ones).tolist() == [1, 1, 0]


def test_sums_before_restart_with_each_run() -> None:
    values, groups = np.array([1, 2, 3, 4]), np.array([7, 7, 8, 8])
    assert sum_before(values, groups).tolist() == [0, 1, 0, 3]


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2026-03-08T02:30:00", "2026-03-08T07:00:00"),
        ("2026-11-01T01:30:00", "2026-11-01T05:30:00"),
        ("2026-07-01T12:00:00", "2026-07-01T16:00:00"),
    ],
)
def test_clocks_skip_forward_and_take_the_first_pass(local: str, utc: str) -> None:
    here, zones = np.zeros(1, dtype=int), ["America/Toronto"]
    assert to_utc(np.array([local], "datetime64[s]"), here, zones)[0] == np.datetime64(utc)


def test_local_clocks_come_back() -> None:
    local, here, zones = "2026-07-01T12:00:00", np.zeros(1, dtype=int), ["Europe/Berlin"]
    there = to_utc(np.array([local], "datetime64[s]"), here, zones)
    assert to_local(there, here, zones)[0] == np.datetime64(local)


def test_keys_sort_as_numbers_and_a_negative_number_is_none() -> None:
    keys = ids("c", np.array([2, 10, -1]), width=4)
    assert keys.isna().tolist() == [False, False, True]
    assert keys.dropna().tolist() == ["c0002", "c0010"]
