"""Who works: chairs, the people who hold them one after the other, and their shifts.

Put here people and their hours. Do not put here which booking they get (schedule.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.demo.arrays import NOT_A_TIME, Array, minutes, rank_within, to_utc
from orchestration.demo.names import FIRST_NAMES, LAST_NAMES
from orchestration.demo.setting import Setting
from orchestration.demo.visits import day_weights, weekdays_of

BOOKINGS_PER_CHAIR = 4.6
TURNOVER = 0.3
SHIFTS_AHEAD = 14
# A salon this small keeps a roster only since a few months ago.
SMALL, SMALL_ROSTER_DAYS = 200, 100


@dataclass(frozen=True, slots=True)
class Roster:
    """Chairs by location and weekday, and who holds each chair when."""

    chair_location: Array
    on_duty: Array
    first_holder: Array
    second_holder: Array
    handover_day: Array
    staff: pd.DataFrame

    def holders(self, chairs: Array, days: Array) -> Array:
        """The person in each chair on each day, as a row of `staff`."""
        first = days < self.handover_day[chairs]
        return np.where(first, self.first_holder[chairs], self.second_holder[chairs])


def make_roster(setting: Setting, visits: pd.DataFrame) -> Roster:
    """As many chairs as the location's bookings ask for, and people for them."""
    plan, business = setting.plan, setting.business
    rng = plan.random("staffing")
    load = np.bincount(visits["location"], minlength=len(business.locations))
    open_days = (day_weights(plan, business) > 0).sum(axis=1)
    chairs = np.maximum(2, np.ceil(load / open_days / BOOKINGS_PER_CHAIR * 1.5)).astype(int)
    chair_location = np.repeat(np.arange(len(chairs)), chairs)
    seat = rank_within(chair_location)
    opens, _ = business.opening()
    weekdays = np.arange(7)[None, :]
    is_off = (weekdays - 2 * seat[:, None]) % 7 < 2
    on_duty = ~is_off & (opens[chair_location] >= 0)
    changes = rng.random(len(seat)) < TURNOVER
    handover = np.where(changes, rng.integers(60, plan.days - 120, len(seat)), plan.days + 1)
    first_holder = np.arange(len(seat))
    second_holder = np.where(changes, len(seat) + np.cumsum(changes) - 1, first_holder)
    people = _people(rng, setting, chair_location, handover)
    return Roster(chair_location, on_duty, first_holder, second_holder, handover, people)


def _people(
    rng: np.random.Generator, setting: Setting, chair_location: Array, handover: Array
) -> pd.DataFrame:
    plan = setting.plan
    chairs = len(chair_location)
    changed = np.flatnonzero(handover <= plan.days)
    location = np.concatenate([chair_location, chair_location[changed]])
    organization = setting.business.organization_of[location]
    hired = np.concatenate([-rng.integers(30, 2500, chairs), handover[changed]])
    left = np.full(len(location), -1)
    left[changed] = handover[changed] - 1
    today = int((plan.as_of.astype("datetime64[D]") - plan.first_day).astype(int))
    level = rng.integers(0, 3, len(location))
    return pd.DataFrame(
        {
            "organization": organization,
            "number": rank_within(organization) + 1,
            "location": location,
            "hired": plan.first_day + hired,
            "left": np.where(left >= 0, plan.first_day + left, np.datetime64("NaT", "D")),
            "is_active": (hired <= today) & ((left < 0) | (left >= today)),
            "level": level,
            "first_name": rng.integers(0, len(FIRST_NAMES), len(location)),
            "last_name": rng.integers(0, len(LAST_NAMES), len(location)),
        }
    )


def make_shifts(setting: Setting, roster: Roster) -> pd.DataFrame:
    """One row per person and working day, planned two weeks ahead, worked until as_of."""
    plan, business = setting.plan, setting.business
    rng = plan.random("shifts")
    today = int((plan.as_of.astype("datetime64[D]") - plan.first_day).astype(int))
    days = np.arange(min(today + SHIFTS_AHEAD, plan.days))
    is_open = day_weights(plan, business)[:, : len(days)] > 0
    weekdays = weekdays_of(plan.first_day + days)
    kept = days >= (today - SMALL_ROSTER_DAYS if plan.customers < SMALL else 0)
    works = roster.on_duty[:, weekdays] & is_open[roster.chair_location] & kept
    chair, day = np.nonzero(works)
    location = roster.chair_location[chair]
    opens, closes = business.opening()
    base = (plan.first_day + day).astype("datetime64[s]")
    weekday = weekdays[day]
    zone = business.zone_of[location]
    start = to_utc(base + minutes(opens[location, weekday]), zone, business.zones)
    end = to_utc(base + minutes(closes[location, weekday]), zone, business.zones)
    late, over = rng.integers(-8, 9, len(chair)), rng.integers(-5, 31, len(chair))
    is_worked = (end + minutes(40) <= plan.as_of) & (rng.random(len(chair)) < 0.97)
    length = (closes - opens)[location, weekday]
    cash = np.where(rng.random(len(chair)) < 0.4, rng.integers(2, 40, len(chair)), 0)
    unit = business.unit_of[business.organization_of[location]]
    tips = np.where(business.tip_share[location] > 0, cash, 0) * unit
    return pd.DataFrame(
        {
            "staff": roster.holders(chair, day),
            "location": location,
            "scheduled_start_at": start,
            "scheduled_end_at": end,
            "worked_start_at": np.where(is_worked, start + minutes(late), NOT_A_TIME),
            "worked_end_at": np.where(is_worked, end + minutes(over), NOT_A_TIME),
            "paid_break_minutes": np.where(length >= 480, 15, 0),
            "unpaid_break_minutes": np.where(length >= 420, 30, 0),
            "blocked_minutes": np.where(rng.random(len(chair)) < 0.05, 60, 0),
            "tips": tips,
            "is_worked": is_worked,
        }
    )
