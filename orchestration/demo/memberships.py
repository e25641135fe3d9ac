"""Memberships: who joins when, for how long, and what is billed.

Put here the life of a membership. Do not put here its billing tickets (tickets.py) nor the discount
that it brings (discounts.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import NOT_A_TIME, Array, pick, rank_in_runs, rank_within, seconds
from orchestration.demo.plan import Plan
from orchestration.demo.setting import Setting

JOINS = 0.07
PLANS = ("Glow Club", "Glow Club Plus", "Glow Year")
INTERVALS = ("month", "month", "year")
MONTHS = np.array([1, 1, 12])
PRICES = np.array([3900, 6900, 39000])
REASONS = ("voluntary", "payment_failed", "moved", "other")
DAY = 86_400


def make_memberships(setting: Setting) -> pd.DataFrame:
    """One row per membership of a regular client: `client`, `plan`, `price`, its dates."""
    plan, business, clients = setting.plan, setting.business, setting.clients
    rng = plan.random("memberships")
    owner = clients["organization"].to_numpy()
    is_regular = clients["kind"].to_numpy() >= 3
    joins = is_regular & business.flag("has_payments")[owner] & (rng.random(len(clients)) < JOINS)
    client = np.flatnonzero(joins)
    size = len(client)
    arrival = plan.first_day.astype("datetime64[s]") + seconds(
        ((clients["arrival"].to_numpy()[client] + 60) * DAY).astype(np.int64)
    )
    room = np.maximum((plan.as_of - arrival).astype(np.int64) - 40 * DAY, 0)
    started = arrival + seconds((rng.random(size) * room).astype(np.int64))
    inside = started < plan.as_of - np.timedelta64(2, "D")
    client, started = client[inside], started[inside]
    size = len(client)
    chosen = pick(rng, [6, 3, 1], size)
    months = rng.geometric(0.07, size)
    months = np.maximum(months, 1) * MONTHS[chosen]
    ends = add_months(started, months)
    is_over = (rng.random(size) < 0.55) & (ends <= plan.as_of)
    notice = np.maximum(ends - seconds(rng.integers(DAY, 20 * DAY, size)), started + seconds(60))
    organization = owner[client]
    return pd.DataFrame(
        {
            "organization": organization,
            "number": rank_within(organization) + 1,
            "client": client,
            "location": clients["home"].to_numpy()[client],
            "plan": chosen,
            "price": PRICES[chosen],
            "started_at": started,
            "cancelled_at": np.where(is_over, notice, NOT_A_TIME),
            "ended_at": np.where(is_over, ends, NOT_A_TIME),
            "reason": np.where(is_over, pick(rng, [6, 2, 1, 1], size), -1),
        }
    )


def add_months(times: Array, months: Array) -> Array:
    """The same day and clock some months on; the 29th to 31st become the 28th."""
    month = times.astype("datetime64[M]")
    day = np.minimum(
        (times.astype("datetime64[D]") - month.astype("datetime64[D]")).astype(int), 27
    )
    clock = times - times.astype("datetime64[D]").astype("datetime64[s]")
    moved = (month + months).astype("datetime64[D]") + day
    return np.asarray(moved.astype("datetime64[s]") + clock)


def billing(plan: Plan, memberships: pd.DataFrame) -> pd.DataFrame:
    """One row per billing of a membership until it ends or as_of: `membership`, `at`."""
    started = memberships["started_at"].to_numpy()
    ended = memberships["ended_at"].to_numpy()
    until = np.where(np.isnat(ended), plan.as_of, ended)
    step = MONTHS[memberships["plan"].to_numpy()]
    span = until.astype("datetime64[M]").astype(int) - started.astype("datetime64[M]").astype(int)
    counts = span // step + 1
    membership = np.repeat(np.arange(len(memberships)), counts)
    at = add_months(started[membership], rank_in_runs(membership) * step[membership])
    due = at < until[membership]
    return pd.DataFrame({"membership": membership[due], "at": at[due]})


def is_member_at(memberships: pd.DataFrame, clients: int, client: Array, at: Array) -> Array:
    """Whether each client is a member at each instant."""
    start = np.full(clients, np.datetime64("2999-01-01", "s"))
    end = start.copy()
    start[memberships["client"].to_numpy()] = memberships["started_at"].to_numpy()
    ended = memberships["ended_at"].to_numpy()
    end[memberships["client"].to_numpy()] = np.where(np.isnat(ended), end[0], ended)
    known = np.maximum(client, 0)
    return (client >= 0) & (at >= start[known]) & (at < end[known])
