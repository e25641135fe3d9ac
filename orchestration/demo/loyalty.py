"""Loyalty programmes: who joins, what tickets earn, which rewards are taken.

Put here accounts and rewards. Do not put here the arithmetic of points (points.py) nor other
discounts (discounts.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import Array, pick, rank_in_runs, rank_within
from orchestration.demo.discounts import LOYALTY
from orchestration.demo.lines import PRODUCT, SERVICE
from orchestration.demo.points import Ledger, Walk
from orchestration.demo.setting import Setting
from orchestration.demo.tickets import CLOSED, MEMBERSHIP

JOINS = 0.62
WELCOME = 50
REWARD_POINTS = 200
REWARD = 1000
REDEEMS = 0.4
TIERS = ("bronze", "silver", "gold", "vip")
TIER_POINTS = np.array([300, 900, 2000])


def run_loyalty(
    setting: Setting, tickets: pd.DataFrame, lines: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Returns accounts and events, and puts the rewards on the lines as loyalty discounts.

    Tickets are walked by their rank within the account: one vectorised step per rank.
    """
    rng = setting.plan.random("loyalty")
    ticket = _counting_tickets(rng, setting, tickets)
    client = tickets["client"].to_numpy()[ticket]
    accounts = _accounts(tickets, ticket, client)
    account = np.searchsorted(accounts["client"].to_numpy(), client)
    walk = Walk(ticket, account, tickets["closed_at"].to_numpy()[ticket])
    ledger = Ledger.for_walk(walk, len(accounts))
    wants = rng.random(len(ticket)) < REDEEMS
    _walk(setting, ledger, tickets, lines, wants)
    events = ledger.all_events(accounts["organization"].to_numpy())
    size = len(accounts)
    balance = np.bincount(events["account"].astype(int), events["points"], size)
    life = np.bincount(events["account"].astype(int), events["points"].clip(lower=0), size)
    accounts["balance"] = balance.astype(np.int64)
    tier = np.searchsorted(TIER_POINTS, life, side="right")
    accounts["tier"] = np.where(pick(rng, [0.97, 0.03], size) == 1, -1, tier)
    return accounts, events


def _counting_tickets(rng: np.random.Generator, setting: Setting, tickets: pd.DataFrame) -> Array:
    """Closed tickets of members that are no billing, in order of client and time."""
    owner = setting.clients["organization"].to_numpy()
    joins = setting.business.flag("has_loyalty")[owner] & (rng.random(len(owner)) < JOINS)
    client = tickets["client"].to_numpy()
    counts = (tickets["status"] == CLOSED).to_numpy() & (tickets["kind"] != MEMBERSHIP).to_numpy()
    counts &= (client >= 0) & joins[np.maximum(client, 0)]
    chosen = np.flatnonzero(counts)
    order = np.lexsort((tickets["closed_at"].to_numpy()[chosen], client[chosen]))
    return np.asarray(chosen[order])


def _accounts(tickets: pd.DataFrame, ticket: Array, client: Array) -> pd.DataFrame:
    """An account per member with a ticket, opened at the first."""
    is_first = rank_in_runs(client) == 0
    first = ticket[is_first]
    organization = tickets["organization"].to_numpy()[first]
    return pd.DataFrame(
        {
            "client": client[is_first],
            "organization": organization,
            "number": rank_within(organization) + 1,
            "profile": tickets["profile"].to_numpy()[first],
            "enrolled_at": tickets["closed_at"].to_numpy()[first],
        }
    )


def _walk(
    setting: Setting, ledger: Ledger, tickets: pd.DataFrame, lines: pd.DataFrame, wants: Array
) -> None:
    """Lapse, redeem, earn: for all first tickets, then all second ones, and so on; then lapse."""
    walk = ledger.walk
    unit = setting.business.unit_of[tickets["organization"].to_numpy()[walk.ticket]]
    net, line = (values[walk.ticket] for values in _goods(tickets, lines))
    ranks = walk.ranks()
    for rank, row in enumerate(ranks):
        ledger.expire(row, walk.at[row])
        takes = wants[row] & (ledger.balance(row) >= REWARD_POINTS) & (line[row] >= 0)
        taken = row[takes]
        ledger.redeem(taken, REWARD_POINTS)
        lines.loc[line[taken], "discount"] = REWARD
        lines.loc[line[taken], "discount_type"] = LOYALTY
        net[taken] -= REWARD
        points = np.maximum(net[row] // unit[row], 0)
        ledger.earn(row, points, WELCOME if rank == 0 else 0)
    if ranks:
        ledger.expire(ranks[0], np.full(len(ranks[0]), setting.as_of))


def _goods(tickets: pd.DataFrame, lines: pd.DataFrame) -> tuple[Array, Array]:
    """Net of services and products per ticket, and a service line that a reward may go on."""
    ticket, line_type = lines["ticket"].to_numpy(), lines["line_type"].to_numpy()
    is_goods = np.isin(line_type, (SERVICE, PRODUCT))
    amount = np.where(is_goods, lines["gross"] - lines["discount"], 0)
    net = np.bincount(ticket, amount, len(tickets)).astype(np.int64)
    fits = (line_type == SERVICE) & (lines["discount_type"] < 0) & (lines["gross"] >= REWARD)
    line = np.full(len(tickets), -1)
    chosen = np.flatnonzero(fits)[::-1]
    line[ticket[chosen]] = chosen
    return net, line
