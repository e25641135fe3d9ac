"""Named histories: each kind of change, and each that a refresh once got wrong.

Those that share their clock run in lanes side by side, so many cost what one does.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.proof.changes import CLOCK_MOVES, NAMED_CHANGES
from tests.proof.changes_ahead import AHEAD
from tests.proof.changes_of_clients import CLIENTS
from tests.proof.changes_of_links import LINKS
from tests.proof.changes_of_points import POINTS
from tests.proof.comparison import Differences
from tests.proof.conftest import LONG
from tests.proof.regressions import REGRESSIONS
from tests.proof.steps import History, clock_of
from tests.proof.trial import LANES, Proof, run_histories

# The clock alone takes a dozen refreshes, so only `make proof` has the time.
NAMED = NAMED_CHANGES | AHEAD | LINKS | POINTS | CLIENTS | REGRESSIONS
if LONG in os.environ:
    NAMED |= CLOCK_MOVES

Clock = tuple[tuple[datetime, int], ...]
Found = dict[str, list[tuple[int, Differences]]]


def side_by_side(histories: dict[str, History]) -> Iterator[dict[str, str]]:
    """Yield groups of histories that share their clock: the lane of each by its name."""
    groups: dict[Clock, list[str]] = defaultdict(list)
    for name, history in histories.items():
        groups[clock_of(history)].append(name)
    for names in groups.values():
        for start in range(0, len(names), len(LANES)):
            yield dict(zip(names[start : start + len(LANES)], LANES, strict=False))


@pytest.fixture(scope="module")
def found(proof: Proof) -> Found:
    """What differed in each named history, and under an empty name what differed beside them."""
    differing: Found = defaultdict(list)
    for lane_of in side_by_side(NAMED):
        result = run_histories(proof, {lane: NAMED[name] for name, lane in lane_of.items()})
        for name, lane in lane_of.items():
            differing[name] += result.pop(lane, [])
        for rest in result.values():
            differing[""] += rest
    return differing


def assert_equal(found: list[tuple[int, Differences]]) -> None:
    told = [f"hour {number}: {one}" for number, differences in found for one in differences]
    assert not told, "\n".join(told[:30])


@pytest.mark.parametrize("name", NAMED)
def test_public_tables_equal_a_rebuild_where(found: Found, name: str) -> None:
    assert_equal(found[name])


def test_lanes_without_a_change_equal_a_rebuild(found: Found) -> None:
    assert_equal(found[""])
