"""The points ledger: what each account has earned, spent and let lapse.

Put here the arithmetic of points; they live for a year and the oldest go first. Do not put here who
has an account (loyalty.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from orchestration.demo.arrays import Array, rank_within, run_starts, seconds

EVENT_TYPES = ("earn", "bonus", "redeem", "redeem_return", "adjust", "expire", "other")
EARN, BONUS, REDEEM, RETURN, ADJUST, EXPIRE, OTHER = range(7)
LIFE = seconds(365 * 86_400)
# Larger than any instant in seconds: account * FAR + instant sorts by account, then by time.
FAR = np.int64(1) << 33


@dataclass(slots=True)
class Walk:
    """Tickets of members in order of account and time; `account` numbers the accounts from 0."""

    ticket: Array
    account: Array
    at: Array
    # Position of the first ticket of each ticket's account.
    start: Array = field(init=False)
    _times: Array = field(init=False)

    def __post_init__(self) -> None:
        """Prepare what every step asks for."""
        self.start = run_starts(self.account)
        self._times = self.account * FAR + self.at.astype(np.int64)

    def ranks(self) -> list[Array]:
        """Positions of all first tickets, of all second ones, and so on."""
        rank = np.arange(len(self.account)) - self.start
        order = np.argsort(rank, kind="stable")
        cuts = np.searchsorted(rank[order], np.arange(1, int(rank.max(initial=-1)) + 1))
        return np.split(order, cuts) if len(order) else []

    def tickets_until(self, account: Array, until: Array) -> Array:
        """Position after an account's last ticket not later than an instant."""
        return np.searchsorted(self._times, account * FAR + until.astype(np.int64), side="right")


@dataclass(slots=True)
class Ledger:
    """`earned` holds, per ticket of the walk, all that its account had earned with it."""

    walk: Walk
    used: Array
    expired: Array
    earned: Array
    events: list[pd.DataFrame] = field(default_factory=list)

    @classmethod
    def for_walk(cls, walk: Walk, accounts: int) -> Ledger:
        """An empty ledger."""
        nothing = np.zeros(accounts, dtype=np.int64)
        return cls(walk, nothing, nothing.copy(), np.zeros(len(walk.ticket), dtype=np.int64))

    def balance(self, row: Array) -> Array:
        """What the accounts hold before the tickets at these positions, all of one rank."""
        account = self.walk.account[row]
        before = np.where(row > self.walk.start[row], self.earned[row - 1], 0)
        return np.asarray(before - self.used[account] - self.expired[account])

    def earn(self, row: Array, points: Array, welcome: int) -> None:
        """Points for tickets, and a gift with the first."""
        before = np.where(row > self.walk.start[row], self.earned[row - 1], 0)
        self.earned[row] = before + points + welcome
        self._add(row, EARN, points, self.walk.at[row], self.walk.ticket[row])
        if welcome:
            gift = np.full(len(row), welcome)
            self._add(row, BONUS, gift, self.walk.at[row], np.full(len(row), -1))

    def redeem(self, row: Array, points: int) -> None:
        """A reward taken on tickets, half a minute before they close."""
        self.used[self.walk.account[row]] += points
        at = self.walk.at[row] - seconds(30)
        self._add(row, REDEEM, np.full(len(row), -points), at, self.walk.ticket[row])

    def expire(self, row: Array, until: Array) -> None:
        """Take away what was earned a year before and neither spent nor lapsed since."""
        account, start = self.walk.account[row], self.walk.start[row]
        lapsed = self.walk.tickets_until(account, until - LIFE) - start
        last = (start + lapsed - 1)[lapsed > 0]
        account = account[lapsed > 0]
        points = self.earned[last] - self.used[account] - self.expired[account]
        last, account, points = last[points > 0], account[points > 0], points[points > 0]
        self.expired[account] += points
        self._add(last, EXPIRE, -points, self.walk.at[last] + LIFE, np.full(len(last), -1))

    def _add(self, row: Array, kind: int, points: Array, at: Array, ticket: Array) -> None:
        columns = {"account": self.walk.account[row], "kind": kind, "points": points}
        self.events.append(pd.DataFrame(columns | {"at": at, "ticket": ticket}))

    def all_events(self, organization_of: Array) -> pd.DataFrame:
        """Events that moved something, in order of organization and time, numbered."""
        columns = ["account", "kind", "points", "at", "ticket"]
        events = pd.concat(self.events) if self.events else pd.DataFrame(columns=columns, dtype=int)
        events = events[events["points"] != 0]
        events["organization"] = organization_of[events["account"].to_numpy()]
        order = np.lexsort((events["kind"], events["at"], events["organization"]))
        events = events.iloc[order].reset_index(drop=True)
        events["number"] = rank_within(events["organization"].to_numpy()) + 1
        return events
