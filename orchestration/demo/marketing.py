"""Campaigns, who got them and what became of it, and what marketing and running the place costs.

Put here money and messages going out. Do not put here clients' consent (clients.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import NOT_A_TIME, Array, rank_within, seconds
from orchestration.demo.business import Business
from orchestration.demo.plan import Plan
from orchestration.demo.setting import Setting

CHANNELS = ("email", "sms", "social", "search")
EXPENSES = {"rent": 420_000, "wages": 1_800_000, "stock": 260_000, "utilities": 45_000}
DAY = 86_400


def make_campaigns(plan: Plan, business: Business) -> pd.DataFrame:
    """A campaign per organization and month, mail and text by turns."""
    months = plan.first_day.astype("datetime64[M]") + 1 + np.arange(plan.years * 12 - 1)
    start = months.astype("datetime64[s]") + seconds(9 * DAY + 15 * 3600)
    start = start[start < plan.as_of - seconds(10 * DAY)]
    owners = np.repeat(np.arange(len(business.organizations)), len(start))
    number = np.tile(np.arange(len(start)), len(business.organizations)) + 1
    return pd.DataFrame(
        {
            "organization": owners,
            "number": number,
            "channel": number % 2,
            "started_at": np.tile(start, len(business.organizations)),
        }
    )


def make_sends(setting: Setting, profiles: pd.DataFrame, campaigns: pd.DataFrame) -> pd.DataFrame:
    """Messages to clients who agreed, a tenth of the chosen held out."""
    clients = setting.clients
    rng = setting.plan.random("sends")
    starts = campaigns["started_at"].to_numpy()
    per_owner = int(campaigns["number"].max())
    client = np.repeat(np.arange(len(clients)), 3)
    owner = clients["organization"].to_numpy()[client]
    which = rng.integers(0, per_owner, len(client))
    campaign = owner * per_owner + which
    _, once = np.unique(client * np.int64(per_owner) + which, return_index=True)
    client, campaign = client[once], campaign[once]
    channel = campaigns["channel"].to_numpy()[campaign]
    agrees = np.where(
        channel == 0,
        profiles["email_consent"].fillna(False).to_numpy(dtype=bool)[client],
        profiles["sms_consent"].fillna(False).to_numpy(dtype=bool)[client],
    )
    is_known = profiles["created_at"].to_numpy()[client] < starts[campaign]
    chosen = np.flatnonzero(agrees & is_known)
    campaign, client = campaign[chosen], client[chosen]
    return _fates(rng, starts[campaign], clients, campaign, client)


def _fates(
    rng: np.random.Generator, start: Array, clients: pd.DataFrame, campaign: Array, client: Array
) -> pd.DataFrame:
    size = len(campaign)
    held = rng.random(size) < 0.1
    sent = start + seconds(rng.integers(0, 7200, size))
    bounces = rng.random(size) < 0.02
    opens = ~bounces & (rng.random(size) < 0.38)
    clicks = opens & (rng.random(size) < 0.15)
    leaves = opens & (rng.random(size) < 0.01)
    organization = clients["organization"].to_numpy()[client]

    def when(happens: Array, delay: int) -> Array:
        later = sent + seconds(rng.integers(1, delay, size))
        return np.where(happens & ~held, later, NOT_A_TIME)

    return pd.DataFrame(
        {
            "organization": organization,
            "number": rank_within(organization) + 1,
            "campaign": campaign,
            "client": client,
            "is_holdout": held,
            "sent_at": np.where(held, NOT_A_TIME, sent),
            "delivered_at": when(~bounces, 60),
            "opened_at": when(opens, 2 * DAY),
            "clicked_at": np.where(clicks & ~held, sent + seconds(2 * DAY + 60), NOT_A_TIME),
            "bounced_at": when(bounces, 60),
            "unsubscribed_at": np.where(leaves & ~held, sent + seconds(3 * DAY), NOT_A_TIME),
        }
    )


def make_spend(plan: Plan, business: Business) -> pd.DataFrame:
    """Weekly spend on social and search per organization, in its default currency."""
    rng = plan.random("spend")
    today = plan.as_of.astype("datetime64[D]")
    weeks = np.arange(plan.first_day, today - 1, 7).astype("datetime64[D]")
    owner, week, channel = (
        grid.ravel()
        for grid in np.meshgrid(
            np.arange(len(business.organizations)), np.arange(len(weeks)), [2, 3], indexing="ij"
        )
    )
    amount = rng.integers(40, 260, len(owner)) * 100
    return pd.DataFrame(
        {
            "organization": owner,
            "number": rank_within(owner) + 1,
            "channel": channel,
            "amount": amount,
            "date": weeks[week],
        }
    )


def make_expenses(plan: Plan, business: Business) -> pd.DataFrame:
    """Rent, wages, stock and utilities per location and month."""
    rng = plan.random("expenses")
    today = plan.as_of.astype("datetime64[D]")
    months = plan.first_day.astype("datetime64[M]") + 1 + np.arange(plan.years * 12)
    days = months.astype("datetime64[D]") + 4
    days = days[days < today]
    location, month, category = (
        grid.ravel()
        for grid in np.meshgrid(
            np.arange(len(business.locations)),
            np.arange(len(days)),
            np.arange(len(EXPENSES)),
            indexing="ij",
        )
    )
    base = np.array(list(EXPENSES.values()))[category]
    weight = np.array([place.weight for place in business.locations])[location]
    amount = (base * weight * rng.uniform(0.9, 1.1, len(location))).astype(np.int64)
    organization = business.organization_of[location]
    order = np.lexsort((category, month, location, organization))
    return (
        pd.DataFrame(
            {
                "organization": organization,
                "number": rank_within(organization) + 1,
                "location": location,
                "category": category,
                "amount": amount,
                "date": days[month],
            }
        )
        .iloc[order]
        .reset_index(drop=True)
    )
