"""Who pays how: tenders, split payments, deposits, tips, processing fees, attempts that failed.

Put here money coming in. Do not put here gift cards' own ledger (gift_cards.py) nor money given
back (refunds.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import Array, pick, rank_within, round_half_away, seconds
from orchestration.demo.bookings import Bookings
from orchestration.demo.business import Business
from orchestration.demo.setting import Setting
from orchestration.demo.tickets import CLOSED, VISIT, VOIDED
from orchestration.demo.tickets import DEPOSIT as DEPOSIT_HEAD

TENDERS = (
    "cash",
    "card",
    "wallet",
    "bank_transfer",
    "online",
    "gift_card",
    "loyalty",
    "account",
    "other",
)
CASH, CARD, WALLET, TRANSFER, ONLINE, GIFT, LOYALTY_TENDER, ACCOUNT, OTHER = range(9)
PAYMENT_STATUSES = ("pending", "completed", "failed", "cancelled")
PENDING, COMPLETED, FAILED, CANCELLED = range(4)
SPLIT_SHARE = 0.045
DEPOSIT_AMOUNT = 2000
DEPOSITS = 0.03


def make_payments(
    setting: Setting, bookings: Bookings, tickets: pd.DataFrame, card_uses: pd.DataFrame
) -> pd.DataFrame:
    """One row per payment, in order of organization and time, numbered in the organization."""
    business = setting.business
    rng = setting.plan.random("payments")
    pays = business.flag("has_payments")[tickets["organization"].to_numpy()]
    by_card = np.bincount(card_uses["ticket"], card_uses["amount"], len(tickets)).astype(np.int64)
    status = tickets["status"].to_numpy()
    rest = np.where(pays & (status == CLOSED), tickets["total"].to_numpy() - by_card, 0)
    early = _deposits(rng, bookings, tickets, rest, pays)
    rest = rest - np.bincount(early["ticket"], early["amount"], len(tickets)).astype(np.int64)
    parts = [early, _gift_uses(tickets, card_uses), *_tenders(rng, tickets, rest)]
    parts.append(_voided(tickets, pays))
    payments = pd.concat(parts, ignore_index=True)
    payments = _with_tips(rng, setting, bookings, tickets, payments)
    payments = pd.concat([payments, _failures(rng, payments)], ignore_index=True)
    payments["at"] = np.minimum(payments["at"].to_numpy(), setting.as_of)
    payments["organization"] = tickets["organization"].to_numpy()[payments["ticket"].to_numpy()]
    payments["fee"] = _fees(business, payments)
    order = np.lexsort((payments["ticket"], payments["at"], payments["organization"]))
    payments = payments.iloc[order].reset_index(drop=True)
    payments["number"] = rank_within(payments["organization"].to_numpy()) + 1
    return payments


def _frame(
    ticket: Array, tender: Array | int, amount: Array, at: Array, **more: Array | int
) -> pd.DataFrame:
    columns = {"status": COMPLETED, "card": -1} | more
    return pd.DataFrame({"ticket": ticket, "tender": tender, "amount": amount, "at": at, **columns})


def _deposits(
    rng: np.random.Generator, bookings: Bookings, tickets: pd.DataFrame, rest: Array, pays: Array
) -> pd.DataFrame:
    """Paid online when the booking was made: on open tickets, and on some closed since."""
    kind, booking = tickets["kind"].to_numpy(), tickets["booking"].to_numpy()
    later = (kind == VISIT) & (rest > DEPOSIT_AMOUNT) & (rng.random(len(tickets)) < DEPOSITS)
    later &= tickets["is_linked"].to_numpy()
    chosen = np.flatnonzero((later | (kind == DEPOSIT_HEAD)) & pays)
    at = bookings.rows["created_at"].to_numpy()[booking[chosen]] + seconds(20)
    return _frame(chosen, ONLINE, np.full(len(chosen), DEPOSIT_AMOUNT), at)


def _gift_uses(tickets: pd.DataFrame, card_uses: pd.DataFrame) -> pd.DataFrame:
    ticket = card_uses["ticket"].to_numpy()
    at = tickets["closed_at"].to_numpy()[ticket]
    return _frame(
        ticket, GIFT, card_uses["amount"].to_numpy(), at, card=card_uses["card"].to_numpy()
    )


def _tenders(
    rng: np.random.Generator, tickets: pd.DataFrame, rest: Array
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rest of each ticket, most in one tender, some split in two."""
    ticket = np.flatnonzero(rest > 0)
    due = rest[ticket]
    at = tickets["closed_at"].to_numpy()[ticket] + seconds(rng.integers(0, 50, len(ticket)))
    tender = pick(rng, [0.2, 0.6, 0.12, 0.01, 0.05, 0, 0, 0.01, 0.01], len(ticket))
    is_split = (rng.random(len(ticket)) < SPLIT_SHARE) & (due > 1)
    first = np.where(is_split, due * rng.integers(20, 80, len(ticket)) // 100, due)
    is_split &= first > 0
    first = np.where(is_split, first, due)
    main = _frame(ticket, tender, first, at)
    main.loc[rng.random(len(main)) < 0.002, "status"] = PENDING
    second = np.where(tender[is_split] == CASH, CARD, CASH)
    return main, _frame(ticket[is_split], second, (due - first)[is_split], at[is_split])


def _voided(tickets: pd.DataFrame, pays: Array) -> pd.DataFrame:
    """A payment cancelled with its ticket, for half of the voided ones."""
    voided = (tickets["status"].to_numpy() == VOIDED) & pays & (tickets["total"] > 0).to_numpy()
    chosen = np.flatnonzero(voided)[::2]
    at = tickets["created_at"].to_numpy()[chosen]
    return _frame(chosen, CARD, tickets["total"].to_numpy()[chosen], at, status=CANCELLED)


def _with_tips(
    rng: np.random.Generator,
    setting: Setting,
    bookings: Bookings,
    tickets: pd.DataFrame,
    payments: pd.DataFrame,
) -> pd.DataFrame:
    """Tips on the first ordinary payment of a visit, in half units, mostly to one person."""
    business = setting.business
    ticket = payments["ticket"].to_numpy()
    location = tickets["location"].to_numpy()[ticket]
    tips = np.isin(payments["tender"], (CASH, CARD, WALLET)) & (payments["status"] == COMPLETED)
    tips &= (tickets["kind"].to_numpy()[ticket] == VISIT) & (rank_within(ticket) == 0)
    share = business.tip_share[location] * np.where(payments["tender"] == CASH, 0.6, 1.0)
    tips &= rng.random(len(payments)) < share
    percent = pick(rng, [0.2, 0.35, 0.3, 0.15], len(payments)) * 3 + 10
    step = business.unit_of[business.organization_of[location]] // 2
    services = tickets["services"].to_numpy()[ticket]
    tip = round_half_away(services * percent, 100 * np.maximum(step, 1)) * np.maximum(step, 1)
    payments["tip"] = np.where(tips, tip, 0)
    booking = tickets["booking"].to_numpy()[ticket]
    rows = bookings.rows
    known = np.maximum(booking, 0)
    holder = bookings.roster.holders(rows["chair"].to_numpy()[known], rows["day"].to_numpy()[known])
    is_one = (booking >= 0) & (rng.random(len(payments)) < 0.9) & (payments["tip"] > 0)
    payments["tip_staff"] = np.where(is_one, holder, -1)
    return payments


def _failures(rng: np.random.Generator, payments: pd.DataFrame) -> pd.DataFrame:
    """Cards that were refused a minute before the payment that worked."""
    is_card = (payments["tender"] == CARD) & (payments["status"] == COMPLETED)
    failed = payments[is_card & (rng.random(len(payments)) < 0.006)].copy()
    failed["status"] = FAILED
    failed["tip"] = 0
    failed["tip_staff"] = -1
    failed["at"] = failed["at"] - np.timedelta64(60, "s")
    return failed


def _fees(business: Business, payments: pd.DataFrame) -> Array:
    """2.6 % and a tenth of the currency's unit, for card, wallet and online money."""
    charged = np.isin(payments["tender"], (CARD, WALLET, ONLINE))
    charged &= (payments["status"] == COMPLETED).to_numpy()
    tenth = business.unit_of[payments["organization"].to_numpy()] // 10
    money = (payments["amount"] + payments["tip"]).to_numpy()
    return np.where(charged, round_half_away(money * 26, 1000) + tenth, 0)
