"""How bookings come about and end: lead times, rebooking, cancellations, no-shows, requests.

Put here the life of a booking from being made to being over. Do not put here its day and hour
(visits.py, schedule.py) nor its ticket (tickets.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import NOT_A_TIME, Array, minutes, pick, pick_by_row, seconds, to_utc
from orchestration.demo.business import Business
from orchestration.demo.plan import Plan
from orchestration.demo.setting import Setting

STATUSES = (
    "requested",
    "confirmed",
    "attended",
    "no_show",
    "cancelled_by_customer",
    "cancelled_by_business",
    "cancelled",
    "declined",
)
REQUESTED, CONFIRMED, ATTENDED, NO_SHOW, BY_CUSTOMER, BY_BUSINESS, CANCELLED, DECLINED = range(8)
SOURCES = ("online", "app", "phone", "in_person", "staff", "third_party", "walk_in")
SOURCE_WEIGHTS = (0.42, 0.2, 0.16, 0.08, 0.06, 0.08)
IN_PERSON, WALK_IN = 3, 6
DAY = 86_400
REBOOKS = 0.3


def make_outcomes(
    setting: Setting, visits: pd.DataFrame, day_plan: pd.DataFrame, length: Array
) -> pd.DataFrame:
    """Per booking: when it starts, ends, was made, was cancelled; its status, source and flags."""
    plan, business = setting.plan, setting.business
    rng = plan.random("outcomes")
    base = (plan.first_day + visits["day"].to_numpy()).astype("datetime64[s]")
    zone = business.zone_of[visits["location"].to_numpy()]
    start = to_utc(base + minutes(day_plan["minute"].to_numpy()), zone, business.zones)
    end = start + minutes(length)
    is_walk_in = visits["client"].to_numpy() < 0
    created, is_rebooked = _created(rng, visits["client"].to_numpy(), start, end)
    status = _status(rng, setting, visits["client"].to_numpy(), start, end)
    status = np.where(day_plan["fits"], status, DECLINED)
    status = np.where(is_walk_in, np.where(end <= plan.as_of, CONFIRMED, DECLINED), status)
    status = _as_the_source_says(rng, business, visits, status, end <= plan.as_of)
    source = pick(rng, SOURCE_WEIGHTS, len(visits))
    source = np.where(is_rebooked, IN_PERSON, np.where(is_walk_in, WALK_IN, source))
    is_done = np.isin(status, (CONFIRMED, ATTENDED)) & (end <= plan.as_of)
    walks_through = rng.random(len(visits)) < np.where(is_walk_in, 0.35, 0.025)
    never_was = ~day_plan["fits"].to_numpy() & (is_walk_in | (rng.random(len(visits)) < 0.6))
    return pd.DataFrame(
        {
            "start_at": start,
            "end_at": end,
            "created_at": created,
            "status": status,
            "source": source,
            "cancelled_at": _cancelled(rng, plan, status, created, start),
            "is_done": is_done,
            "is_unbooked": is_done & walks_through,
            "exists": (created <= plan.as_of) & ~never_was & ~(is_walk_in & (end > plan.as_of)),
        }
    )


def _created(
    rng: np.random.Generator, client: Array, start: Array, end: Array
) -> tuple[Array, Array]:
    """Booked some days ahead, at the end of the visit before, or at the door."""
    hours = np.clip(rng.lognormal(np.log(120), 1.25, len(client)), 0.3, 60 * 24)
    created = start - seconds((hours * 3600).astype(np.int64))
    before = np.concatenate([[NOT_A_TIME], end[:-1]])
    same = np.concatenate([[False], client[1:] == client[:-1]]) & (client >= 0)
    at_desk = before + seconds(rng.integers(0, 1500, len(client)))
    is_rebooked = same & (rng.random(len(client)) < REBOOKS) & (at_desk < start)
    at_door = start - seconds(rng.integers(0, 900, len(client)))
    created = np.where(is_rebooked, at_desk, np.where(client < 0, at_door, created))
    return created, is_rebooked


def _status(
    rng: np.random.Generator, setting: Setting, client: Array, start: Array, end: Array
) -> Array:
    """Status by chance; what lies ahead can only be requested, confirmed or cancelled."""
    size = len(client)
    no_show = setting.clients["no_show"].to_numpy()[np.maximum(client, 0)]
    chance = np.column_stack(
        [
            np.full(size, 0.003),
            np.full(size, 0.85),
            np.zeros(size),
            no_show,
            np.full(size, 0.075),
            np.full(size, 0.012),
            np.zeros(size),
            np.full(size, 0.004),
        ]
    )
    chance[start > setting.as_of] = (0.05, 0.9, 0, 0, 0.05, 0.01, 0, 0)
    is_running = (start <= setting.as_of) & (end > setting.as_of)
    chance[is_running] = (0, 1, 0, 0, 0, 0, 0, 0)
    return pick_by_row(rng, chance)


def _as_the_source_says(
    rng: np.random.Generator, business: Business, visits: pd.DataFrame, status: Array, over: Array
) -> Array:
    """Some systems state attendance; some do not say who cancelled."""
    owner = business.organization_of[visits["location"].to_numpy()]
    states = business.flag("states_attendance")[owner] & (rng.random(len(status)) < 0.97)
    status = np.where((status == CONFIRMED) & over & states, ATTENDED, status)
    is_silent = ~business.flag("has_payments")[owner]
    return np.where(is_silent & np.isin(status, (BY_CUSTOMER, BY_BUSINESS)), CANCELLED, status)


def _cancelled(
    rng: np.random.Generator, plan: Plan, status: Array, created: Array, start: Array
) -> Array:
    """A third within the last day, the others any time after booking; never after as_of."""
    size = len(status)
    until = np.minimum(start, plan.as_of)
    room = np.maximum((until - created).astype(np.int64) - 120, 0)
    anywhere = created + seconds(60 + (rng.random(size) * room).astype(np.int64))
    last_day = start - seconds(rng.integers(600, DAY, size))
    is_late = (rng.random(size) < 0.33) & (last_day > created) & (last_day <= plan.as_of)
    when = np.where(is_late, last_day, anywhere)
    is_cancelled = np.isin(status, (BY_CUSTOMER, BY_BUSINESS, CANCELLED))
    return np.where(is_cancelled, np.minimum(when, plan.as_of), NOT_A_TIME)
