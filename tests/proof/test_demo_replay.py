"""The demo salon hour by hour: after a quarter of refreshes its tables equal a rebuild's.

Only hours at which rows arrive or a day begins somewhere are refreshed; in others nothing moves.
It takes a thousand refreshes, so only `make proof` runs it.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.proof import replay
from tests.proof.conftest import PROJECT_ROOT, long_only
from tests.proof.trial import Proof
from tests.proof.warehouses import ProofWarehouse

DEMO = PROJECT_ROOT / "seeds" / "demo"
END = datetime(2026, 11, 1, 12, tzinfo=UTC)
SPAN = timedelta(days=92)
# Between the midnights of the demo's places, from Tokyo to Vancouver.
DAILY_HOURS = (7, 15, 22, 23)


@pytest.fixture
def salon(proof: Proof) -> ProofWarehouse:
    """The proof's warehouse, whose tables stand, with nothing in them."""
    proof.warehouse.empty()
    return proof.warehouse


def load(warehouse: ProofWarehouse, found: list[replay.Arrival], clock: datetime) -> None:
    with tempfile.TemporaryDirectory() as folder:
        replay.write(found, Path(folder) / "load")
        warehouse.load(Path(folder) / "load", clock)


def refreshed_hours(hours: dict[datetime, list[replay.Arrival]]) -> list[datetime]:
    """Return the hours of the span at which anything can move."""
    start = END - SPAN
    every = (start + timedelta(hours=n) for n in range(1, int(SPAN.total_seconds() // 3600) + 1))
    return [at for at in every if at in hours or at.hour in DAILY_HOURS or at == END]


@long_only
def test_the_demo_replayed_hour_by_hour_equals_a_rebuild(salon: ProofWarehouse) -> None:
    hours = replay.by_hour(replay.arrivals(DEMO))
    start = END - SPAN
    before = [one for at in sorted(hours) if at <= start for one in hours[at]]
    assert before, "nothing was known before the replay began"
    load(salon, before, start)
    salon.refresh(start)
    for at in refreshed_hours(hours):
        if at in hours:
            load(salon, hours[at], at)
        salon.refresh(at)
        found = salon.differences(at)
        assert not found, f"at {at}: " + "\n".join(map(str, found[:20]))
