"""Money given back: by line or by amount, days or years after the sale.

Put here refunds of the ordinary kind. Do not put here those planted for a trap (traps).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import TAX_SCALE, Array, pick, rank_within, round_half_away, seconds
from orchestration.demo.lines import PRODUCT, SERVICE
from orchestration.demo.payments import COMPLETED, GIFT
from orchestration.demo.plan import Plan

SHARE = 0.013
REFUND_STATUSES = ("pending", "completed", "rejected", "failed")
REASONS = ("not as expected", "allergic reaction", "wrong item", None)
DAY = 86_400


def make_refunds(
    plan: Plan, tickets: pd.DataFrame, lines: pd.DataFrame, payments: pd.DataFrame
) -> pd.DataFrame:
    """One row per refund: `ticket`, `payment`, `line` (-1 by amount), `amount`, `tax` (-1 unsaid).

    Never more than the payment it gives back, at most one per ticket.
    """
    rng = plan.random("refunds")
    ordinary = (payments["status"] == COMPLETED) & (payments["tender"] != GIFT)
    _, first = np.unique(payments["ticket"].to_numpy()[ordinary], return_index=True)
    payment = np.flatnonzero(ordinary)[first]
    payment = payment[rng.random(len(payment)) < SHARE]
    ticket = payments["ticket"].to_numpy()[payment]
    line = _line_of(lines, len(tickets))[ticket]
    by_line = (line >= 0) & (rng.random(len(ticket)) < 0.6)
    net = (lines["gross"] - lines["discount"]).to_numpy()[line]
    tax = round_half_away(lines["tax"].to_numpy()[line], TAX_SCALE)
    paid = payments["amount"].to_numpy()[payment]
    part = np.maximum(paid * rng.integers(10, 60, len(ticket)) // 100, 1)
    by_line &= (net + tax <= paid) & (net > 0)
    late = rng.random(len(ticket)) < 0.05
    wait = np.where(late, 370 * DAY, 0) + (rng.exponential(8 * DAY, len(ticket))).astype(np.int64)
    at = payments["at"].to_numpy()[payment] + seconds(wait + 600)
    refunds = pd.DataFrame(
        {
            "payment": payment,
            "ticket": ticket,
            "line": np.where(by_line, line, -1),
            "amount": np.where(by_line, net + tax, part),
            "tax": np.where(by_line, tax, -1),
            "status": pick(rng, [0.02, 0.95, 0.015, 0.015], len(ticket)),
            "says_status": rng.random(len(ticket)) < 0.8,
            "reason": pick(rng, [4, 1, 3, 3], len(ticket)),
            "at": at,
        }
    )
    return _numbered(refunds[refunds["at"] <= plan.as_of], tickets)


def _numbered(refunds: pd.DataFrame, tickets: pd.DataFrame) -> pd.DataFrame:
    """In order of organization and time."""
    organization = tickets["organization"].to_numpy()[refunds["ticket"].to_numpy()]
    order = np.lexsort((refunds["at"], organization))
    numbers = rank_within(organization[order]) + 1
    rows = refunds.iloc[order].reset_index(drop=True)
    return rows.assign(organization=organization[order], number=numbers)


def _line_of(lines: pd.DataFrame, tickets: int) -> Array:
    """The last service or product line of each ticket; -1 for none."""
    result = np.full(tickets, -1)
    rows = np.flatnonzero(np.isin(lines["line_type"].to_numpy(), (SERVICE, PRODUCT)))
    result[lines["ticket"].to_numpy()[rows]] = rows
    return result
