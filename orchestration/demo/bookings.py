"""Bookings put together: visits, baskets, hours, outcomes, and the profile they were made under.

Put here what joins the parts. Do not put here the parts themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.demo.arrays import NOT_A_TIME, Array, rank_within, seconds
from orchestration.demo.baskets import make_baskets
from orchestration.demo.outcomes import make_outcomes
from orchestration.demo.plan import Plan
from orchestration.demo.schedule import place_in_day
from orchestration.demo.setting import Setting
from orchestration.demo.staffing import Roster, make_roster
from orchestration.demo.visits import make_visits

HELPS = 0.3
IN_PARALLEL = 0.3
DELETED_SHARE = 0.003


@dataclass(slots=True)
class Bookings:
    """`rows`: one per booking. `services`: one per service, `booking` is a row of `rows`."""

    rows: pd.DataFrame
    services: pd.DataFrame
    roster: Roster
    merged_at: Array


def make_bookings(setting: Setting) -> Bookings:
    """All bookings that exist at as_of, in order of organization and creation."""
    plan, clients = setting.plan, setting.clients
    rng = plan.random("bookings")
    visits = make_visits(setting)
    services = make_baskets(setting, visits)
    total = np.bincount(services["booking"], services["minutes"], len(visits)).astype(np.int64)
    roster = make_roster(setting, visits)
    day_plan = place_in_day(setting, roster, visits, total)
    _share_out(rng, roster, visits, day_plan, services)
    until = services["offset"].to_numpy() + services["minutes"].to_numpy()
    length = np.zeros(len(visits), dtype=np.int64)
    np.maximum.at(length, services["booking"].to_numpy(), until)
    outcomes = make_outcomes(setting, visits, day_plan, length)
    rows = pd.concat([visits, day_plan.drop(columns="fits"), outcomes], axis=1)
    rows["organization"] = setting.business.organization_of[rows["location"].to_numpy()]
    rows["deleted_at"] = _deleted(rng, plan, rows)
    merged_at = _merge_times(rng, plan, clients, rows)
    rows["profile"] = _profiles(rng, clients, rows, merged_at)
    rows, services = _in_order(rows, services)
    return Bookings(rows, services, roster, merged_at)


def _share_out(
    rng: np.random.Generator,
    roster: Roster,
    visits: pd.DataFrame,
    day_plan: pd.DataFrame,
    services: pd.DataFrame,
) -> None:
    """Give some later services to a second person, some of those at the same time as the first."""
    booking = services["booking"].to_numpy()
    chair, helper = day_plan["chair"].to_numpy()[booking], day_plan["helper"].to_numpy()[booking]
    is_helped = (services["ordinal"].to_numpy() > 0) & (rng.random(len(services)) < HELPS)
    is_helped &= helper != chair
    days = visits["day"].to_numpy()[booking]
    services["staff"] = roster.holders(np.where(is_helped, helper, chair), days)
    asked = day_plan["is_requested"].to_numpy()[booking]
    services["is_requested"] = asked & ~is_helped
    parallel = is_helped & (rng.random(len(services)) < IN_PARALLEL)
    offset = services["offset"].to_numpy()
    services["offset"] = np.where(parallel, np.concatenate([[0], offset[:-1]]), offset)


def _deleted(rng: np.random.Generator, plan: Plan, rows: pd.DataFrame) -> Array:
    """A few bookings were entered by mistake and deleted at the source."""
    chosen = (rng.random(len(rows)) < DELETED_SHARE) & ~rows["is_unbooked"].to_numpy()
    chosen &= rows["client"].to_numpy() >= 0
    wait = rows["created_at"].to_numpy() + seconds(rng.integers(60, 86_400, len(rows)))
    return np.where(chosen, np.minimum(wait, plan.as_of), NOT_A_TIME)


def _merge_times(
    rng: np.random.Generator, plan: Plan, clients: pd.DataFrame, rows: pd.DataFrame
) -> Array:
    """When each client's second profile was merged into the first; NaT where there is none."""
    first = np.full(len(clients), plan.as_of)
    booked = rows[(rows["client"] >= 0) & rows["exists"]]
    np.minimum.at(first, booked["client"].to_numpy(), booked["created_at"].to_numpy())
    room = (plan.as_of - first).astype(np.int64)
    when = first + seconds((rng.uniform(0.3, 1.0, len(clients)) * room).astype(np.int64))
    return np.where(clients["twin_number"].to_numpy() > 0, when, NOT_A_TIME)


def _profiles(
    rng: np.random.Generator, clients: pd.DataFrame, rows: pd.DataFrame, merged_at: Array
) -> Array:
    """The number of the profile a booking was made under: before a merge, either of the two."""
    client = rows["client"].to_numpy()
    known = np.maximum(client, 0)
    before = rows["created_at"].to_numpy() < merged_at[known]
    is_twin = before & (rng.random(len(rows)) < 0.5)
    twin, own = (clients[name].to_numpy()[known] for name in ("twin_number", "number"))
    return np.where(client < 0, -1, np.where(is_twin, twin, own))


def _in_order(rows: pd.DataFrame, services: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Drop what never was, sort by organization and creation, number within the organization."""
    exists = rows["exists"].to_numpy()
    order = np.lexsort((rows["created_at"].to_numpy(), rows["organization"].to_numpy()))
    order = order[exists[order]]
    position = np.full(len(rows), -1)
    position[order] = np.arange(len(order))
    kept = services[exists[services["booking"].to_numpy()]].copy()
    kept["booking"] = position[kept["booking"].to_numpy()]
    kept = kept.sort_values(["booking", "ordinal"], kind="stable").reset_index(drop=True)
    rows = rows.iloc[order].drop(columns="exists").reset_index(drop=True)
    rows["number"] = np.where(rows["is_unbooked"], -1, 0)
    is_booked = ~rows["is_unbooked"].to_numpy()
    rows.loc[is_booked, "number"] = rank_within(rows["organization"].to_numpy()[is_booked]) + 1
    return rows, kept
