"""Histories tried in lanes: what one hour after another does to a refreshed warehouse.

Put here the running of histories. Do not put here what they hold (steps.py, edits.py) or how a
failing one is made small (minimising.py).
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from pathlib import Path

from tests.proof.comparison import Differences
from tests.proof.lanes import Lanes
from tests.proof.steps import FIRST_AS_OF, History, Hour, Put, clock_of
from tests.proof.warehouses import ProofWarehouse

LANES = tuple(f"lane{number:02}" for number in range(1, 54))
# Organizations that a load may bring later.
NEWCOMERS = ("newcomer1",)


class Proof:
    """A warehouse whose lanes all hold the tiny business, refreshed once, to begin trials from."""

    def __init__(self, warehouse: ProofWarehouse) -> None:
        """Load and refresh the business that every history begins with."""
        self.warehouse = warehouse
        self._lanes = Lanes((*LANES, *NEWCOMERS))
        with tempfile.TemporaryDirectory() as folder:
            self._lanes.begin(LANES, Path(folder) / "first")
            report = warehouse.load(Path(folder) / "first", FIRST_AS_OF)
        assert not report.total("rows_rejected"), (
            f"the business itself is wrong: {report.first_errors}"
        )
        warehouse.refresh(FIRST_AS_OF)
        self._kept = warehouse.keep_refreshed()

    def begin(self) -> Trial:
        """Return a trial that begins with the refreshed business."""
        self.warehouse.restore(self._kept)
        return Trial(self.warehouse, deepcopy(self._lanes))


class Trial:
    """One run of histories, hour by hour, all lanes at once."""

    def __init__(self, warehouse: ProofWarehouse, lanes: Lanes) -> None:
        """Begin where `Proof.begin` left the warehouse."""
        self.warehouse, self.lanes = warehouse, lanes
        self.as_of = self._latest = FIRST_AS_OF
        self.rows_sent = self.rows_rejected = 0
        self._loads: list[Mapping[str, Sequence[Put]]] = []
        self._hours: list[tuple[datetime, list[Mapping[str, Sequence[Put]]]]] = []

    def load(self, steps: Mapping[str, Sequence[Put]]) -> None:
        """Send the rows of all lanes as one load."""
        self._loads.append(steps)
        if not any(steps.values()):
            return
        with tempfile.TemporaryDirectory() as folder:
            self.lanes.write(steps, Path(folder) / "load")
            # Loads happen in real time, which no clock given to a refresh turns back.
            report = self.warehouse.load(Path(folder) / "load", self._latest)
        self.rows_sent += report.total("rows_read")
        self.rows_rejected += report.total("rows_rejected")

    def refresh(self, as_of: datetime) -> Differences:
        """Refresh at an instant and return how the public tables differ from a rebuild."""
        self.as_of, self._latest = as_of, max(self._latest, as_of)
        self._hours.append((as_of, self._loads))
        self._loads = []
        self.warehouse.refresh(as_of)
        return self.warehouse.differences(as_of)

    def history(self, lane: str) -> History:
        """Return what happened in one lane so far."""
        return tuple(
            Hour(as_of, tuple(tuple(load.get(lane, ())) for load in loads))
            for as_of, loads in self._hours
        )


def run_histories(
    proof: Proof, histories: Mapping[str, History]
) -> dict[str, list[tuple[int, Differences]]]:
    """Run histories that share their clock, a lane each; return what differed by lane and hour.

    What differs in no lane of its own, as the calendar may, is told under an empty name.
    """
    clocks = {clock_of(history) for history in histories.values()}
    assert len(clocks) == 1, "histories in lanes side by side must share their clock"
    trial = proof.begin()
    found: dict[str, list[tuple[int, Differences]]] = defaultdict(list)
    for number, (as_of, loads) in enumerate(clocks.pop()):
        for load in range(loads):
            trial.load({lane: history[number].loads[load] for lane, history in histories.items()})
        for lane, differences in by_lane(trial.refresh(as_of)).items():
            found[lane].append((number, differences))
    return found


def by_lane(differences: Differences) -> dict[str, Differences]:
    """Return the differences of each lane; those of keys without one under an empty name."""
    found: dict[str, Differences] = defaultdict(list)
    for difference in differences:
        lane = difference.key[0] if difference.key[0] in (*LANES, *NEWCOMERS) else ""
        found[lane].append(difference)
    return found
