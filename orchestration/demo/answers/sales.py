"""Tickets, lines, payments and refunds as they count: whole units, days, persons, what they undo.

Put here the money that moved. Do not put here sums by client (customers*.py) or day (finance.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.demo.answers.books import NEVER_HELD, OWNER, Books, day_start
from orchestration.demo.answers.reversals import make_reversals
from orchestration.demo.answers.spreading import spread
from orchestration.demo.arrays import TAX_SCALE, round_half_away

GOODS = ("service", "product")
LIABILITY_TENDERS = ("gift_card", "loyalty", "account")


@dataclass(slots=True)
class Sales:
    """Closed tickets, their lines, completed payments and refunds, and what refunds reverse."""

    tickets: pd.DataFrame
    lines: pd.DataFrame
    payments: pd.DataFrame
    refunds: pd.DataFrame
    reversals: pd.DataFrame


def make_sales(books: Books) -> Sales:
    """All money as it counts at as_of."""
    every = _every_ticket(books)
    tickets = every[every["is_closed"]].reset_index(drop=True)
    lines = _lines(books, tickets)
    payments = _payments(books, every)
    refunds = _refunds(books, every, payments)
    return Sales(tickets, lines, payments, refunds, make_reversals(refunds, lines))


def _every_ticket(books: Books) -> pd.DataFrame:
    rows = books.with_place(books.people.without_tests(books.tables["sales"]))
    rows = rows.reset_index(drop=True)
    rows["is_closed"] = rows["status"].fillna("closed") == "closed"
    rows["person"] = books.people.person(rows[OWNER], rows["customer_id"])
    sold = rows["closed_at"].fillna(rows["created_at"])
    rows["has_time"] = sold.notna()
    rows["ticket_day"] = books.local_day(rows, sold).fillna(rows["sale_date"])
    place = rows["place"].to_numpy()
    rows["sold_at"] = sold.fillna(day_start(books.business, place, rows["ticket_day"]))
    held = books.bookings[~books.bookings["status"].isin(NEVER_HELD)]
    held = held[[OWNER, "appointment_id", "day"]].rename(columns={"day": "booked_day"})
    rows = rows.merge(held, how="left", on=[OWNER, "appointment_id"])
    rows["currency"] = np.array([p.currency for p in books.business.locations])[place]
    return rows


def _lines(books: Books, tickets: pd.DataFrame) -> pd.DataFrame:
    kept = [
        "place",
        "person",
        "ticket_day",
        "booked_day",
        "sold_at",
        "currency",
        "has_time",
        "appointment_id",
        "location_id",
    ]
    head = tickets[[OWNER, "sale_id", *kept]].rename(columns={"person": "ticket_person"})
    rows = books.tables["sale_lines"].merge(head, on=[OWNER, "sale_id"])
    own = books.people.person(rows[OWNER], rows["customer_id"])
    rows["person"] = own.fillna(rows["ticket_person"])
    rows["quantity"] = rows["quantity"].fillna(1).astype(float)
    rows["gross"] = rows["gross_amount"].astype("int64")
    rows["discount"] = rows["discount_amount"].fillna(0).astype("int64")
    rows["net"] = rows["gross"] - rows["discount"]
    rows["is_return"] = rows["quantity"] < 0
    rows["is_goods"] = rows["line_type"].isin(GOODS)
    on_booked = (rows["line_type"] == "service") & ~rows["is_return"]
    rows["service_day"] = rows["booked_day"].where(on_booked).fillna(rows["ticket_day"])
    rows = rows.sort_values([OWNER, "sale_id", "sale_line_id"], kind="stable")
    rows = rows.reset_index(drop=True)
    rows["tax"] = _whole_taxes(books, rows)
    rows["total"] = rows["net"] + rows["tax"]
    return rows


def _whole_taxes(books: Books, lines: pd.DataFrame) -> pd.Series:
    """Each ticket's tax rounded once, spread over its lines (or their kinds of tax)."""
    kinds = books.tables["sale_line_taxes"][
        [OWNER, "sale_id", "sale_line_id", "tax_name", "tax_amount"]
    ]
    cells = lines[[OWNER, "sale_id", "sale_line_id", "tax_amount"]].reset_index(names="line")
    cells = cells.merge(
        kinds, how="left", on=[OWNER, "sale_id", "sale_line_id"], suffixes=("", "_kind")
    )
    cells["exact"] = cells["tax_amount_kind"].fillna(cells["tax_amount"]).fillna(0).astype("int64")
    cells = cells.sort_values(["line", "tax_name"], kind="stable")
    group = cells.groupby([OWNER, "sale_id"], sort=False).ngroup().to_numpy()
    exact = cells["exact"].to_numpy()
    totals = round_half_away(np.bincount(group, exact).astype(np.int64), TAX_SCALE)
    scale = np.full(len(cells), TAX_SCALE)
    whole = spread(exact, scale, totals[group], group)
    return pd.Series(np.bincount(cells["line"], whole, len(lines)).astype(np.int64))


def _payments(books: Books, every: pd.DataFrame) -> pd.DataFrame:
    """Completed payments; `is_settling` where they pay a closed ticket."""
    rows = books.with_place(books.people.without_tests(books.tables["payments"]))
    rows = rows[rows["status"].fillna("completed") == "completed"].reset_index(drop=True)
    head = every[[OWNER, "sale_id", "person", "is_closed", "ticket_day", "place"]]
    head = head.rename(columns={"person": "ticket_person", "place": "ticket_place"})
    rows = rows.merge(head, how="left", on=[OWNER, "sale_id"])
    own = books.people.person(rows[OWNER], rows["customer_id"])
    rows["person"] = own.fillna(rows["ticket_person"])
    rows["is_settling"] = rows["is_closed"].fillna(False).astype(bool)
    rows["day"] = books.local_day(rows, rows["paid_at"])
    rows["amount"] = rows["amount"].astype("int64")
    rows["tip"] = rows["tip_amount"].fillna(0).astype("int64")
    rows["fee"] = rows["processing_fee_amount"].fillna(0).astype("int64")
    rows["currency"] = np.array([p.currency for p in books.business.locations])[rows["place"]]
    return rows


def _refunds(books: Books, every: pd.DataFrame, payments: pd.DataFrame) -> pd.DataFrame:
    """Completed refunds; `link` is line, ticket, unallocated or unlinked."""
    rows = books.with_place(books.people.without_tests(books.tables["refunds"]))
    rows = rows[rows["status"].fillna("completed") == "completed"].reset_index(drop=True)
    paid = payments[[OWNER, "payment_id", "sale_id", "tender_type", "person"]]
    paid = paid.rename(
        columns={"sale_id": "paid_sale", "tender_type": "paid_by", "person": "payer"}
    )
    rows = rows.merge(paid, how="left", on=[OWNER, "payment_id"])
    rows["sale_id"] = rows["sale_id"].fillna(rows["paid_sale"])
    head = every[[OWNER, "sale_id", "person", "is_closed"]]
    rows = rows.merge(
        head.rename(columns={"person": "ticket_person"}), how="left", on=[OWNER, "sale_id"]
    )
    own = books.people.person(rows[OWNER], rows["customer_id"])
    rows["person"] = own.fillna(rows["ticket_person"]).fillna(rows["payer"])
    rows["tender"] = rows["tender_type"].fillna(rows["paid_by"]).fillna("other")
    is_closed = rows["is_closed"].fillna(False).astype(bool)
    is_known = rows["paid_by"].notna() | rows["is_closed"].notna()
    rows["link"] = np.select(
        [is_closed & rows["sale_line_id"].notna(), is_closed, is_known],
        ["line", "ticket", "unallocated"],
        "unlinked",
    )
    rows["day"] = books.local_day(rows, rows["refunded_at"])
    rows["amount"] = rows["amount"].astype("int64")
    rows["tip"] = rows["tip_amount"].fillna(0).astype("int64")
    rows["fee"] = rows["processing_fee_amount"].fillna(0).astype("int64")
    rows["currency"] = np.array([p.currency for p in books.business.locations])[rows["place"]]
    return rows
