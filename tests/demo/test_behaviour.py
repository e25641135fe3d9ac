"""The simulated businesses behave like businesses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from orchestration.demo.arrays import to_local
from orchestration.demo.outcomes import DECLINED
from orchestration.demo.salon import Demo
from orchestration.demo.simulation import Simulation


@pytest.fixture(scope="module")
def simulation(larger_demo: Demo) -> Simulation:
    return larger_demo.simulation


@pytest.fixture(scope="module")
def bookings(simulation: Simulation) -> pd.DataFrame:
    rows = simulation.bookings.rows
    zone = simulation.business.zone_of[rows["location"].to_numpy()]
    local = to_local(rows["start_at"].to_numpy(), zone, simulation.business.zones)
    return rows.assign(local=local)


def test_december_is_busier_than_february(bookings: pd.DataFrame) -> None:
    month = bookings["local"].dt.month
    assert (month == 12).sum() > 1.15 * (month == 2).sum()


def test_saturdays_are_busier_than_tuesdays(bookings: pd.DataFrame) -> None:
    weekday = bookings["local"].dt.day_of_week
    assert (weekday == 5).sum() > 1.3 * (weekday == 1).sum()


def test_nobody_starts_before_opening_or_on_a_closed_day(
    simulation: Simulation, bookings: pd.DataFrame
) -> None:
    opens, closes = simulation.business.opening()
    day = bookings["day"].to_numpy() + simulation.plan.first_day
    weekday = (day.astype(np.int64) + 3) % 7
    place = bookings["location"].to_numpy()
    minute = bookings["minute"].to_numpy()
    assert (opens[place, weekday] >= 0).all()
    held = bookings["status"].to_numpy() != DECLINED
    assert (minute >= opens[place, weekday])[held].all()
    assert (minute < closes[place, weekday])[held].all()


def test_no_chair_holds_two_clients_at_once(bookings: pd.DataFrame) -> None:
    rows = bookings[bookings["status"] != DECLINED].sort_values(["chair", "start_at"])
    previous_end = rows.groupby("chair")["end_at"].shift()
    assert not (rows["start_at"] < previous_end).any()


def test_regulars_come_back_at_their_own_pace(
    simulation: Simulation, bookings: pd.DataFrame
) -> None:
    known = bookings[(bookings["client"] >= 0) & bookings["is_done"]]
    known = known.sort_values(["client", "start_at"])
    gap = known.groupby("client")["start_at"].diff().dt.days
    cadence = simulation.clients["cadence"].to_numpy()[known["client"].to_numpy()]
    often = gap[cadence < 25].median()
    seldom = gap[cadence > 60].median()
    assert often * 2 < seldom


def test_some_clients_leave_for_good(simulation: Simulation, bookings: pd.DataFrame) -> None:
    last = bookings[bookings["client"] >= 0].groupby("client")["start_at"].max()
    silent = (pd.Timestamp(simulation.plan.as_of) - last).dt.days > 180
    assert 0.2 < silent.mean() < 0.7


def test_outcomes_come_in_their_usual_shares(bookings: pd.DataFrame) -> None:
    share = bookings["status"].value_counts(normalize=True)
    assert 0.015 < share[3] < 0.06, "no-shows"
    assert 0.04 < share[[4, 5, 6]].sum() < 0.13, "cancellations"


def test_the_last_prices_are_higher_than_the_first(simulation: Simulation) -> None:
    services = simulation.prices.services
    assert (services[:, :, -1] > services[:, :, 0]).all()


def test_points_are_earned_spent_and_lapse(simulation: Simulation) -> None:
    assert set(simulation.points["kind"].unique()) >= {0, 1, 2, 5}


def test_bookings_made_after_as_of_do_not_exist(
    simulation: Simulation, bookings: pd.DataFrame
) -> None:
    assert (bookings["created_at"] <= pd.Timestamp(simulation.plan.as_of)).all()
    assert (bookings["start_at"] > pd.Timestamp(simulation.plan.as_of)).any()
