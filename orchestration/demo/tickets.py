"""Tickets: which checkouts there are, where, when and for whom. Not what is on them (lines.py).

Put here the heads of tickets. Do not put here prices, discounts or money.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import NOT_A_TIME, Array, minutes, pick, rank_within, seconds
from orchestration.demo.bookings import Bookings
from orchestration.demo.business import Business
from orchestration.demo.memberships import billing
from orchestration.demo.outcomes import CONFIRMED, NO_SHOW
from orchestration.demo.plan import Plan
from orchestration.demo.setting import Setting

VISIT, RETAIL, FEE, MEMBERSHIP, DEPOSIT = range(5)
OPEN, CLOSED, VOIDED = range(3)
TICKET_STATUSES = ("open", "closed", "voided")
RUNG_UP = 0.975
KNOWS_BOOKING = 0.88
DROPS_IN = 0.05
FEE_SHARE = 0.35
DEPOSIT_SHARE = 0.12
DAY = 86_400


def make_tickets(setting: Setting, bookings: Bookings, memberships: pd.DataFrame) -> pd.DataFrame:
    """One row per ticket, in order of organization and opening, numbered in the organization."""
    plan, business, clients = setting.plan, setting.business, setting.clients
    rng = plan.random("tickets")
    rows = bookings.rows
    parts = [
        _visits(rng, plan, rows),
        _drop_ins(rng, plan, rows),
        _fees(rng, plan, business, rows),
        _deposits(rng, business, plan, rows),
        _billings(plan, memberships, clients),
    ]
    tickets = pd.concat(parts, ignore_index=True)
    tickets["organization"] = business.organization_of[tickets["location"].to_numpy()]
    knows = rng.random(len(tickets)) < KNOWS_BOOKING
    is_booked = tickets["booking"].to_numpy() >= 0
    is_booked[is_booked] &= rows["number"].to_numpy()[tickets["booking"].to_numpy()[is_booked]] > 0
    tickets["is_linked"] = is_booked & (knows | (tickets["kind"] != VISIT))
    order = np.lexsort((tickets["created_at"], tickets["organization"]))
    tickets = tickets.iloc[order].reset_index(drop=True)
    tickets["number"] = rank_within(tickets["organization"].to_numpy()) + 1
    tickets["profile"] = _profiles(tickets, rows, clients, bookings.merged_at)
    return tickets


def _frame(**columns: Array | int) -> pd.DataFrame:
    return pd.DataFrame(columns)


def _visits(rng: np.random.Generator, plan: Plan, rows: pd.DataFrame) -> pd.DataFrame:
    done = rows["is_done"].to_numpy() & rows["deleted_at"].isna().to_numpy()
    chosen = np.flatnonzero(done & ((rng.random(len(rows)) < RUNG_UP) | rows["is_unbooked"]))
    end = rows["end_at"].to_numpy()[chosen]
    closed = end + seconds(rng.integers(0, 540, len(chosen)))
    status = pick(rng, [0.002, 0.994, 0.004], len(chosen))
    status = np.where(closed > plan.as_of, OPEN, status)
    return _frame(
        booking=chosen,
        client=rows["client"].to_numpy()[chosen],
        location=rows["location"].to_numpy()[chosen],
        kind=VISIT,
        status=status,
        created_at=rows["start_at"].to_numpy()[chosen],
        closed_at=np.where(status == CLOSED, closed, NOT_A_TIME),
        membership=-1,
    )


def _drop_ins(rng: np.random.Generator, plan: Plan, rows: pd.DataFrame) -> pd.DataFrame:
    """Clients who come in only to buy, weeks after a visit at the same hour."""
    chosen = np.flatnonzero(rows["is_done"].to_numpy() & (rng.random(len(rows)) < DROPS_IN))
    weeks = rng.integers(1, 5, len(chosen))
    created = rows["start_at"].to_numpy()[chosen] + seconds(weeks * 7 * DAY)
    closed = created + seconds(rng.integers(60, 400, len(chosen)))
    past = closed <= plan.as_of
    anonymous = rng.random(len(chosen)) < 0.2
    client = np.where(anonymous, -1, rows["client"].to_numpy()[chosen])
    return _frame(
        booking=-1,
        client=client[past],
        location=rows["location"].to_numpy()[chosen][past],
        kind=RETAIL,
        status=CLOSED,
        created_at=created[past],
        closed_at=closed[past],
        membership=-1,
    )


def _fees(
    rng: np.random.Generator, plan: Plan, business: Business, rows: pd.DataFrame
) -> pd.DataFrame:
    """No-shows that were charged for."""
    charges = business.flag("has_payments")[rows["organization"].to_numpy()]
    missed = (rows["status"].to_numpy() == NO_SHOW) & charges & rows["deleted_at"].isna()
    missed &= rows["end_at"].to_numpy() + minutes(60) <= plan.as_of
    chosen = np.flatnonzero(missed & (rng.random(len(rows)) < FEE_SHARE))
    when = rows["end_at"].to_numpy()[chosen] + seconds(rng.integers(300, 3600, len(chosen)))
    return _frame(
        booking=chosen,
        client=rows["client"].to_numpy()[chosen],
        location=rows["location"].to_numpy()[chosen],
        kind=FEE,
        status=CLOSED,
        created_at=when,
        closed_at=when,
        membership=-1,
    )


def _deposits(
    rng: np.random.Generator, business: Business, plan: Plan, rows: pd.DataFrame
) -> pd.DataFrame:
    """Open tickets that hold the deposit for a booking still to come."""
    charges = business.flag("has_payments")[rows["organization"].to_numpy()]
    ahead = (rows["start_at"].to_numpy() > plan.as_of) & (rows["status"] == CONFIRMED)
    ahead &= charges & rows["deleted_at"].isna()
    chosen = np.flatnonzero(ahead & (rng.random(len(rows)) < DEPOSIT_SHARE))
    return _frame(
        booking=chosen,
        client=rows["client"].to_numpy()[chosen],
        location=rows["location"].to_numpy()[chosen],
        kind=DEPOSIT,
        status=OPEN,
        created_at=rows["created_at"].to_numpy()[chosen],
        closed_at=np.full(len(chosen), NOT_A_TIME),
        membership=-1,
    )


def _billings(plan: Plan, memberships: pd.DataFrame, clients: pd.DataFrame) -> pd.DataFrame:
    bills = billing(plan, memberships)
    membership = bills["membership"].to_numpy()
    client = memberships["client"].to_numpy()[membership]
    return _frame(
        booking=-1,
        client=client,
        location=clients["home"].to_numpy()[client],
        kind=MEMBERSHIP,
        status=CLOSED,
        created_at=bills["at"].to_numpy(),
        closed_at=bills["at"].to_numpy(),
        membership=membership,
    )


def _profiles(
    tickets: pd.DataFrame, rows: pd.DataFrame, clients: pd.DataFrame, merged_at: Array
) -> Array:
    """As on the booking; without one, the second profile as long as it was not merged."""
    client, booking = tickets["client"].to_numpy(), tickets["booking"].to_numpy()
    known = np.maximum(client, 0)
    own, twin = (clients[name].to_numpy()[known] for name in ("number", "twin_number"))
    before = tickets["created_at"].to_numpy() < merged_at[known]
    by_client = np.where(client < 0, -1, np.where(before & (tickets.index % 2 == 0), twin, own))
    return np.where(booking >= 0, rows["profile"].to_numpy()[booking], by_client)
