"""Where a booking falls in its day: the hour and chair clients like, no chair taken twice.

Put here chairs and hours. Do not put here the choice of days (visits.py) nor of people
(staffing.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import Array, members, pick, run_starts, sum_before
from orchestration.demo.business import Business
from orchestration.demo.setting import Setting
from orchestration.demo.staffing import Roster
from orchestration.demo.visits import weekdays_of

SLOT = 15
LOYALTY_TO_CHAIR = 0.78
OVERTIME = 30
# Hour by hour from midnight to 26:00: late morning, then after work.
_MORNING = (0, 0, 0, 0, 0, 0, 0, 0.2, 0.5, 0.9, 1.2, 1.2)
_EVENING = (1, 0.8, 0.9, 1, 1.2, 1.4, 1.3, 1, 0.8, 0.7, 0.5, 0.4, 0.3, 0.15, 0)
HOURS = np.array((*_MORNING, *_EVENING))


def place_in_day(
    setting: Setting, roster: Roster, visits: pd.DataFrame, length: Array
) -> pd.DataFrame:
    """Per booking: `chair`, `helper`, `is_requested`, `minute` after local midnight, `fits`."""
    plan, business = setting.plan, setting.business
    rng = plan.random("schedule")
    location, day = visits["location"].to_numpy(), visits["day"].to_numpy()
    weekday = weekdays_of(plan.first_day + day)
    chair, helper, is_requested = _choose_chairs(rng, roster, visits, setting.clients, weekday)
    opens, closes = business.opening()
    overtime = rng.integers(0, OVERTIME // SLOT + 1, len(day)) * SLOT
    # Everybody starts before closing, however long they stay.
    latest_end = closes[location, weekday] + np.minimum(overtime, length - SLOT)
    chair_day = chair * np.int64(plan.days) + day
    start = _queue(chair_day, _wish(rng, business, location, weekday), length)
    # What would end after closing is pulled forward: the same queue, run backwards in time.
    minute = -_queue(chair_day, -np.minimum(start + length, latest_end), length) - length
    fits = minute >= opens[location, weekday]
    return pd.DataFrame(
        {
            "chair": chair,
            "helper": helper,
            "is_requested": is_requested,
            "minute": minute,
            "fits": fits,
        }
    )


def _choose_chairs(
    rng: np.random.Generator,
    roster: Roster,
    visits: pd.DataFrame,
    clients: pd.DataFrame,
    weekday: Array,
) -> tuple[Array, Array, Array]:
    """The client's own chair where it is on duty and they ask for it, else any; a second; asked?"""
    location, client = visits["location"].to_numpy(), visits["client"].to_numpy()
    first = np.searchsorted(roster.chair_location, np.arange(roster.chair_location.max() + 2))
    count = np.diff(first)
    habit = clients["chair"].to_numpy()[np.maximum(client, 0)] % count[location]
    own = first[:-1][location] + habit
    any_chair, second = np.zeros((2, len(location)), dtype=np.int64)
    for group, here in members(location * 7 + weekday):
        place, day_of_week = divmod(group, 7)
        on_duty = roster.on_duty[first[place] : first[place + 1], day_of_week]
        chairs = first[place] + np.flatnonzero(on_duty)
        any_chair[here] = chairs[rng.integers(0, len(chairs), len(here))]
        second[here] = chairs[rng.integers(0, len(chairs), len(here))]
    asks = (client >= 0) & (rng.random(len(location)) < LOYALTY_TO_CHAIR)
    is_requested = asks & roster.on_duty[own, weekday]
    return np.where(is_requested, own, any_chair), second, is_requested


def _wish(rng: np.random.Generator, business: Business, location: Array, weekday: Array) -> Array:
    """The minute that clients would like to start, within opening hours."""
    opens, closes = business.opening()
    slots = np.arange(0, len(HOURS) * 60, SLOT)
    wish = np.zeros(len(location), dtype=np.int64)
    for group, here in members(location * 7 + weekday):
        place, day_of_week = divmod(group, 7)
        is_open = (slots >= opens[place, day_of_week]) & (slots < closes[place, day_of_week])
        wish[here] = slots[pick(rng, HOURS[slots // 60] * is_open, len(here))]
    return wish


def _queue(chair_day: Array, wish: Array, length: Array) -> Array:
    """First come, first served per chair and day: start = max(wish, end of the one before).

    With S the lengths before, start − S is the running maximum of wish − S: one pass, no loop.
    """
    order = np.lexsort((wish, chair_day))
    group = chair_day[order]
    before = sum_before(length[order], group)
    far_apart = np.int64(10_000_000)
    block = np.cumsum(run_starts(group) == np.arange(len(group))) * far_apart
    start = np.maximum.accumulate(wish[order] - before + block) - block + before
    minute = np.empty(len(wish), dtype=np.int64)
    minute[order] = start
    return minute
