"""When clients come: each at their own cadence until they leave, in season, on days that are open.

Put here the choice of days. Do not put here hours and chairs (schedule.py), what is booked
(baskets.py) nor how a booking ends (outcomes.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import Array, pick_by_row, rank_in_runs, sum_before
from orchestration.demo.business import Business
from orchestration.demo.plan import Plan
from orchestration.demo.setting import Setting

# January to December; before the holidays everybody comes.
SEASON = np.array([0.82, 0.86, 0.95, 1.0, 1.06, 1.08, 0.94, 0.9, 1.0, 1.02, 1.06, 1.22])
WEEKDAY = np.array([0.6, 0.8, 0.9, 1.1, 1.35, 1.5, 0.6])
HOLIDAYS = ("01-01", "12-25", "12-26")
REACH = 3
ELSEWHERE = 0.04


def make_visits(setting: Setting) -> pd.DataFrame:
    """One row per planned booking: `client` (-1: a walk-in), `location`, `day` since the first."""
    plan, business, clients = setting.plan, setting.business, setting.clients
    rng = plan.random("visits")
    client, day = _by_cadence(rng, plan, clients)
    location = clients["home"].to_numpy()[client]
    location = _sometimes_elsewhere(rng, business, location)
    walk_client, walk_location, walk_day = _walk_ins(rng, business, location, day)
    client = np.concatenate([client, walk_client])
    location = np.concatenate([location, walk_location])
    day = np.concatenate([day, walk_day])
    weights = day_weights(plan, business)
    kept = rng.random(len(day)) < SEASON[_months(plan, day) - 1] / SEASON.max()
    client, location, day = client[kept], location[kept], day[kept]
    day, is_open = _to_open_day(rng, weights, location, day)
    order = np.lexsort((day, client))
    order = order[is_open[order]]
    return pd.DataFrame(
        {"client": client[order], "location": location[order], "day": day[order]}
    ).reset_index(drop=True)


def day_weights(plan: Plan, business: Business) -> Array:
    """How busy each [location, day] is; 0 where it is closed."""
    days = plan.first_day + np.arange(plan.days)
    weekdays = weekdays_of(days)
    opens, _ = business.opening()
    month_days = np.char.replace(days.astype("datetime64[D]").astype(str), "-", "")
    is_holiday = np.isin(
        np.array([text[-4:] for text in month_days]), [h.replace("-", "") for h in HOLIDAYS]
    )
    season = SEASON[days.astype("datetime64[M]").astype(int) % 12]
    busy = WEEKDAY[weekdays] * season * ~is_holiday
    return np.asarray(np.where(opens[:, weekdays] >= 0, busy[None, :], 0.0))


def weekdays_of(days: Array) -> Array:
    """Monday 0 to Sunday 6."""
    return (days.astype("datetime64[D]").astype(np.int64) + 3) % 7


def _months(plan: Plan, day: Array) -> Array:
    return (plan.first_day + day).astype("datetime64[M]").astype(np.int64) % 12 + 1


def _by_cadence(rng: np.random.Generator, plan: Plan, clients: pd.DataFrame) -> tuple[Array, Array]:
    """Client rows and day numbers, in order of client and day."""
    cadence = clients["cadence"].to_numpy()
    arrival = clients["arrival"].to_numpy()
    stays = rng.geometric(clients["leaving"].to_numpy())
    room = np.ceil((plan.days - arrival) / cadence * 1.4).astype(np.int64) + 2
    counts = np.where(clients["kind"].to_numpy() == 0, 0, np.minimum(stays, room))
    client = np.repeat(np.arange(len(clients)), counts)
    gaps = rng.gamma(6.0, cadence[client] / 6.0)
    is_first = rank_in_runs(client) == 0
    gaps = np.where(is_first, arrival[client], np.maximum(gaps, 1.0))
    day = np.floor(sum_before(gaps, client) + gaps).astype(np.int64)
    inside = day < plan.days - REACH
    return client[inside], day[inside]


def _sometimes_elsewhere(rng: np.random.Generator, business: Business, home: Array) -> Array:
    """Now and then another location of the same business."""
    result = home.copy()
    for owner in range(len(business.organizations)):
        places = business.locations_of(owner)
        chosen = np.flatnonzero(
            (business.organization_of[home] == owner) & (rng.random(len(home)) < ELSEWHERE)
        )
        result[chosen] = places[rng.integers(0, len(places), len(chosen))]
    return result


def _walk_ins(
    rng: np.random.Generator, business: Business, location: Array, day: Array
) -> tuple[Array, Array, Array]:
    """Visitors without a profile, as many as each location's habit, on days that others come."""
    share = np.array([place.walk_ins for place in business.locations])
    chosen = np.flatnonzero(rng.random(len(location)) < share[location])
    return np.full(len(chosen), -1), location[chosen], day[chosen]


def _to_open_day(
    rng: np.random.Generator, weights: Array, location: Array, day: Array
) -> tuple[Array, Array]:
    """Move each visit to a day nearby, busy days first; False where none nearby is open."""
    offsets = np.arange(-REACH, REACH + 1)
    candidates = np.clip(day[:, None] + offsets[None, :], 0, weights.shape[1] - 1)
    nearby = weights[location[:, None], candidates] * (1.0 / (1 + np.abs(offsets)))[None, :]
    column = pick_by_row(rng, nearby)
    chosen = candidates[np.arange(len(day)), column]
    return chosen, nearby.sum(axis=1) > 0
