"""Gift cards: who holds them and which tickets they pay, until nothing is left.

Put here cards and their use as tender. Do not put here their sale (lines.py) nor other tenders
(payments.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import members, rank_in_runs, rank_within, seconds, sum_before
from orchestration.demo.lines import GIFT_CARD
from orchestration.demo.setting import Setting
from orchestration.demo.tickets import CLOSED, VISIT

EVENT_TYPES = ("activate", "redeem", "expire", "adjust", "load", "refund")
ACTIVATE, REDEEM = 0, 1
OWN_USE = 0.25
COMES_BACK = 0.75
USES = 4


def issue_cards(setting: Setting, tickets: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """One row per card sold: `line`, `value`, `holder` (a client of the same home), `issued_at`.

    Nobody holds two cards at once, so that no ticket is paid twice.
    """
    clients = setting.clients
    rng = setting.plan.random("gift_cards")
    sold = np.flatnonzero(lines["line_type"].to_numpy() == GIFT_CARD)
    ticket = lines["ticket"].to_numpy()[sold]
    closed = tickets["status"].to_numpy()[ticket] == CLOSED
    sold, ticket = sold[closed], ticket[closed]
    buyer = tickets["client"].to_numpy()[ticket]
    location = tickets["location"].to_numpy()[ticket]
    home = clients["home"].to_numpy()
    # A card is worth nothing where another currency is taken.
    currency = np.array([place.currency for place in setting.business.locations])
    keeps = (buyer >= 0) & (currency[home[np.maximum(buyer, 0)]] == currency[location])
    holder = np.where(keeps & (rng.random(len(sold)) < OWN_USE), buyer, -1)
    locals_ = dict(members(home))
    for place, cards in members(location):
        people = locals_.get(place, np.zeros(0, dtype=np.int64))
        if len(people):
            other = people[rng.integers(0, len(people), len(cards))]
            holder[cards] = np.where(holder[cards] < 0, other, holder[cards])
    _, first = np.unique(holder, return_index=True)
    is_kept = np.zeros(len(sold), dtype=bool)
    is_kept[first] = True
    is_kept &= (holder >= 0) & (rng.random(len(sold)) < COMES_BACK)
    organization = tickets["organization"].to_numpy()[ticket]
    return pd.DataFrame(
        {
            "organization": organization,
            "number": rank_within(organization) + 1,
            "line": sold,
            "ticket": ticket,
            "value": lines["gross"].to_numpy()[sold],
            "holder": np.where(is_kept, holder, -1),
            "issued_at": tickets["closed_at"].to_numpy()[ticket],
        }
    )


def use_cards(cards: pd.DataFrame, clients: pd.DataFrame, tickets: pd.DataFrame) -> pd.DataFrame:
    """Payments by card: `card`, `ticket`, `amount`. Each pays the holder's next visits at home."""
    client, due = tickets["client"].to_numpy(), tickets["total"].to_numpy()
    fits = (tickets["kind"].to_numpy() == VISIT) & (tickets["status"].to_numpy() == CLOSED)
    fits &= (client >= 0) & (due > 0)
    fits &= tickets["location"].to_numpy() == clients["home"].to_numpy()[np.maximum(client, 0)]
    rows = np.flatnonzero(fits)
    closed = tickets["closed_at"].to_numpy()
    rows = rows[np.lexsort((closed[rows], client[rows]))]
    far = np.int64(1) << 33
    times = client[rows] * far + closed[rows].astype(np.int64)
    card = np.flatnonzero(cards["holder"].to_numpy() >= 0)
    holder = cards["holder"].to_numpy()[card]
    issued = cards["issued_at"].to_numpy()[card] + seconds(3600)
    first = np.searchsorted(times, holder * far + issued.astype(np.int64), side="right")
    last = np.searchsorted(times, (holder + 1) * far)
    counts = np.clip(last - first, 0, USES)
    use = np.repeat(np.arange(len(card)), counts)
    ticket = rows[first[use] + rank_in_runs(use)]
    left = cards["value"].to_numpy()[card][use] - sum_before(due[ticket], use)
    amount = np.clip(left, 0, due[ticket])
    paid = amount > 0
    return pd.DataFrame({"card": card[use[paid]], "ticket": ticket[paid], "amount": amount[paid]})
