"""Whatever a source sends and whenever a refresh runs, public tables equal a rebuild from nothing.

`make proof` runs many histories and prints its seed; `make test` runs a few that are always the
same. A failure is made small in lanes, and printed as a case for test_regressions.py.
"""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from hypothesis.strategies import SearchStrategy

from tests.proof import edits
from tests.proof.comparison import Differences
from tests.proof.conftest import LONG
from tests.proof.minimising import minimise
from tests.proof.steps import Put
from tests.proof.trial import LANES, NEWCOMERS, Proof, by_lane

EXAMPLES = int(os.environ.get(LONG, "2"))
STEPS = 40 if LONG in os.environ else 16
MOST_REFRESHES = 6 if LONG in os.environ else 2
# Few rows in a lane leave most of it alone, where a key that the scope forgot is seen; few rows in
# all the lanes together are not worth a refresh.
LARGEST_LOAD, LEAST_ROWS = 60, 30

Sent = list[tuple[str, list[Put]]]


def in_lanes(strategy: SearchStrategy[list[Put]]) -> SearchStrategy[Sent]:
    """Return what several lanes send of one kind, now and then one that is new."""
    lane = st.sampled_from([*LANES, *LANES, *NEWCOMERS])
    return st.lists(st.tuples(lane, strategy), min_size=4, max_size=16)


def rows_of(entities: tuple[str, ...]) -> SearchStrategy[Sent]:
    return in_lanes(edits.changes_of(entities).map(lambda step: [step]))


class Histories(RuleBasedStateMachine):
    """A dozen businesses, whose sources send what they like, refreshed now and then."""

    proof: Proof

    def __init__(self) -> None:
        super().__init__()
        self.trial = self.proof.begin()
        self.pending: dict[str, list[Put]] = defaultdict(list)
        self.as_of = self.trial.as_of
        self.refreshes = 0
        self.is_changed = False
        self.rows = 0

    @rule(sent=rows_of(edits.BOOKINGS))
    def bookings_change(self, sent: Sent) -> None:
        self._send(sent)

    @rule(sent=in_lanes(edits.new_bookings()))
    def bookings_are_made(self, sent: Sent) -> None:
        self._send(sent)

    @rule(sent=rows_of(edits.TICKETS))
    def tickets_change(self, sent: Sent) -> None:
        self._send(sent)

    @rule(sent=in_lanes(edits.new_tickets()))
    def tickets_are_paid(self, sent: Sent) -> None:
        self._send(sent)

    @rule(sent=rows_of(edits.PREPAID))
    def cards_packages_and_points_change(self, sent: Sent) -> None:
        self._send(sent)

    @rule(sent=rows_of(edits.PEOPLE))
    def clients_change_and_merge(self, sent: Sent) -> None:
        self._send(sent)

    @rule(sent=rows_of(edits.TEAM))
    def staff_and_campaigns_change(self, sent: Sent) -> None:
        self._send(sent)

    @rule(sent=rows_of(edits.CATALOGUE))
    def the_price_list_changes(self, sent: Sent) -> None:
        self._send(sent)

    @rule(sent=rows_of(edits.PLACES))
    def places_change(self, sent: Sent) -> None:
        self._send(sent)

    @rule(move=st.sampled_from(edits.SMALL_MOVES * 3 + edits.LARGE_MOVES))
    def the_clock_moves(self, move: timedelta) -> None:
        self.as_of += move
        self.is_changed = True

    @precondition(lambda self: self.pending)
    @rule()
    def a_load_arrives(self) -> None:
        self.trial.load(dict(self.pending))
        self.rows += sum(map(len, self.pending.values()))
        self.pending.clear()
        self.is_changed = True

    @precondition(lambda self: self.rows >= LEAST_ROWS and self.refreshes < MOST_REFRESHES - 1)
    @rule()
    def a_refresh_runs(self) -> None:
        self._refresh()

    def teardown(self) -> None:
        if self.pending:
            self.a_load_arrives()
        if self.is_changed:
            self._refresh()

    def _send(self, sent: Sent) -> None:
        for lane, steps in sent:
            # The simplest history, which comes first, says one thing again and again.
            self.pending[lane] += [step for step in steps if step not in self.pending[lane]]
        if sum(map(len, self.pending.values())) > LARGEST_LOAD:
            self.a_load_arrives()

    def _refresh(self) -> None:
        self.is_changed = False
        self.rows = 0
        self.refreshes += 1
        found = self.trial.refresh(self.as_of)
        if found:
            # What teardown would do once more is of no use after a failure.
            self.pending.clear()
            pytest.fail(explain(self.proof, self, found), pytrace=False)


def explain(proof: Proof, machine: Histories, found: Differences) -> str:
    """Return the smallest history found for a lane that differs, and all that differs."""
    lanes = by_lane(found)
    text = ["The public tables differ from a rebuild:", *map(str, found[:20])]
    for lane in [lane for lane in lanes if lane in LANES][:3]:
        try:
            history, differences = minimise(proof, machine.trial.history(lane))
        except ValueError:
            text += [f"{lane} alone does not fail: {machine.trial.history(lane)}"]
            continue
        text += ["", f"Smallest history of {lane}:"]
        text += [f"    {one}," for one in history]
        text += [f"  {difference}" for difference in differences[:10]]
    return "\n".join(text)


def test_public_tables_equal_a_rebuild_whatever_is_sent(
    proof: Proof, request: pytest.FixtureRequest
) -> None:
    Histories.proof = proof
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=LONG not in os.environ,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
