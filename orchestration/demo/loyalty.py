"""Points: who collects them, what they earn, spend and let lapse.

Put here the life of loyalty accounts. Points live for a year and the oldest go first. Do not put
here other discounts (discounts.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from orchestration.demo.arrays import Array, pick, rank_in_runs, rank_within, run_starts, seconds
from orchestration.demo.business import Business
from orchestration.demo.discounts import LOYALTY
from orchestration.demo.lines import PRODUCT, SERVICE
from orchestration.demo.plan import Plan
from orchestration.demo.tickets import CLOSED, MEMBERSHIP

JOINS = 0.62
WELCOME = 50
REWARD_POINTS = 200
REWARD = 1000
REDEEMS = 0.4
YEAR = 365 * 86_400
EVENT_TYPES = ("earn", "bonus", "redeem", "redeem_return", "adjust", "expire", "other")
EARN, BONUS, REDEEM, RETURN, ADJUST, EXPIRE, OTHER = range(7)
TIERS = ("bronze", "silver", "gold", "vip")
TIER_POINTS = np.array([300, 900, 2000])


@dataclass(slots=True)
class _Ledger:
    """Running state of every account while its tickets are walked in order."""

    used: Array
    expired: Array
    earned: Array
    events: list[dict[str, Array]] = field(default_factory=list)

    def add(self, account: Array, kind: int, points: Array, at: Array, ticket: Array) -> None:
        row = {"account": account, "kind": np.full(len(account), kind), "points": points}
        self.events.append(row | {"at": at, "ticket": ticket})


def run_loyalty(
    plan: Plan, business: Business, clients: pd.DataFrame, tickets: pd.DataFrame,
    lines: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Returns accounts and events, and puts the rewards on the lines as loyalty discounts.

    Tickets are walked by their rank within the account: one vectorised step per rank.
    """
    rng = plan.random("loyalty")
    joins = business.flag("has_loyalty")[clients["organization"].to_numpy()]
    joins &= rng.random(len(clients)) < JOINS
    client = tickets["client"].to_numpy()
    counts = (tickets["status"] == CLOSED).to_numpy() & (tickets["kind"] != MEMBERSHIP).to_numpy()
    counts &= (client >= 0) & joins[np.maximum(client, 0)]
    chosen = np.flatnonzero(counts)
    order = np.lexsort((tickets["closed_at"].to_numpy()[chosen], client[chosen]))
    walk = chosen[order]
    accounts = _accounts(clients, tickets, joins, client, walk)
    account = np.searchsorted(accounts["client"].to_numpy(), client[walk])
    wants = rng.random(len(walk)) < REDEEMS
    ledger = _walk(plan, business, tickets, lines, walk, account, wants, len(accounts))
    events = _events(accounts, ledger)
    accounts["balance"] = np.bincount(
        events["account"], events["points"], len(accounts)
    ).astype(np.int64)
    life = np.bincount(events["account"], np.maximum(events["points"], 0), len(accounts))
    accounts["tier"] = np.searchsorted(TIER_POINTS, life, side="right")
    accounts.loc[pick(rng, [0.97, 0.03], len(accounts)) == 1, "tier"] = -1
    return accounts, events


def _accounts(
    clients: pd.DataFrame, tickets: pd.DataFrame, joins: Array, client: Array, walk: Array
) -> pd.DataFrame:
    """Accounts of clients with at least one ticket, opened at the first of them."""
    is_first = rank_in_runs(client[walk]) == 0
    first = walk[is_first]
    organization = tickets["organization"].to_numpy()[first]
    return pd.DataFrame(
        {
            "client": client[first],
            "organization": organization,
            "number": rank_within(organization) + 1,
            "profile": tickets["profile"].to_numpy()[first],
            "enrolled_at": tickets["closed_at"].to_numpy()[first],
        }
    )


def _walk(
    plan: Plan,
    business: Business,
    tickets: pd.DataFrame,
    lines: pd.DataFrame,
    walk: Array,
    account: Array,
    wants: Array,
    size: int,
) -> _Ledger:
    at = tickets["closed_at"].to_numpy()[walk]
    unit = business.unit_of[tickets["organization"].to_numpy()[walk]]
    net, line = _goods(tickets, lines)
    start = run_starts(account)
    lapsed = _tickets_before(account, at, at - seconds(YEAR)) - start
    by_rank = np.argsort(np.arange(len(walk)) - start, kind="stable")
    ranks = (np.arange(len(walk)) - start)[by_rank]
    cuts = np.searchsorted(ranks, np.arange(int(ranks.max(initial=-1)) + 2))
    ledger = _Ledger(*(np.zeros(size, dtype=np.int64) for _ in range(2)), np.zeros(len(walk), int))
    for rank in range(len(cuts) - 1):
        row = by_rank[cuts[rank] : cuts[rank + 1]]
        _expire(ledger, account[row], start[row], lapsed[row], at)
        before = ledger.earned[row - 1] if rank else np.zeros(len(row), dtype=np.int64)
        balance = before - ledger.used[account[row]] - ledger.expired[account[row]]
        takes = wants[row] & (balance >= REWARD_POINTS) & (line[walk[row]] >= 0)
        taken = row[takes]
        _reward(ledger, lines, line[walk[taken]], account[taken], at[taken], walk[taken])
        net[walk[taken]] -= REWARD
        points = np.maximum(net[walk[row]] // unit[row], 0)
        gift = WELCOME if rank == 0 else 0
        ledger.earned[row] = before + points + gift
        ledger.add(account[row], EARN, points, at[row], walk[row])
        if gift:
            ledger.add(account[row], BONUS, np.full(len(row), gift), at[row], np.full(len(row), -1))
    _expire_last(plan, ledger, account, at)
    return ledger


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


def _tickets_before(account: Array, at: Array, until: Array) -> Array:
    """Position after an account's last ticket not later than an instant."""
    far = np.int64(1) << 33
    times = account * far + at.astype(np.int64)
    return np.searchsorted(times, account * far + until.astype(np.int64), side="right")


def _expire(ledger: _Ledger, account: Array, start: Array, lapsed: Array, at: Array) -> None:
    """Take away what was earned over a year ago and neither spent nor lapsed since."""
    some = np.flatnonzero(lapsed > 0)
    who, last = account[some], start[some] + lapsed[some] - 1
    points = ledger.earned[last] - ledger.used[who] - ledger.expired[who]
    gone = points > 0
    who, last, points = who[gone], last[gone], points[gone]
    ledger.expired[who] += points
    ledger.add(who, EXPIRE, -points, at[last] + seconds(YEAR), np.full(len(who), -1))


def _reward(
    ledger: _Ledger, lines: pd.DataFrame, line: Array, account: Array, at: Array, ticket: Array
) -> None:
    ledger.used[account] += REWARD_POINTS
    lines.loc[line, "discount"] = REWARD
    lines.loc[line, "discount_type"] = LOYALTY
    points = np.full(len(line), -REWARD_POINTS)
    ledger.add(account, REDEEM, points, at - seconds(30), ticket)


def _expire_last(plan: Plan, ledger: _Ledger, account: Array, at: Array) -> None:
    """What lapses between an account's last ticket and as_of."""
    if len(account) == 0:
        return
    is_first = rank_in_runs(account) == 0
    starts = np.flatnonzero(is_first)
    until = np.full(len(starts), plan.as_of) - seconds(YEAR)
    far = np.int64(1) << 33
    times = account * far + at.astype(np.int64)
    ends = np.searchsorted(times, account[starts] * far + until.astype(np.int64), side="right")
    _expire(ledger, account[starts], starts, ends - starts, at)


def _events(accounts: pd.DataFrame, ledger: _Ledger) -> pd.DataFrame:
    """All events with points, in order of organization and time, numbered."""
    if not ledger.events:
        return pd.DataFrame(columns=["account", "kind", "points", "at", "ticket", "number"])
    parts = {
        name: np.concatenate([event[name] for event in ledger.events])
        for name in ("account", "kind", "points", "at", "ticket")
    }
    events = pd.DataFrame(parts)
    events = events[events["points"] != 0]
    events["organization"] = accounts["organization"].to_numpy()[events["account"].to_numpy()]
    order = np.lexsort((events["kind"], events["at"], events["organization"]))
    events = events.iloc[order].reset_index(drop=True)
    events["number"] = rank_within(events["organization"].to_numpy()) + 1
    return events
