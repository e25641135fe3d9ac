"""Bookings, sale lines, points and gift cards, row by row, as their marts must show them.

Put here answers at the grain of single events. Do not put here sums (the other modules).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.answers.books import OWNER, Books
from orchestration.demo.answers.sales import Sales
from orchestration.demo.answers.team import recognised


def appointment_rows(books: Books) -> pd.DataFrame:
    """One row per booking."""
    rows = books.bookings
    derived = np.select(
        [rows["is_late"], rows["is_attended"], rows["status"] == "attended"],
        ["late_cancelled", "attended", "confirmed"],
        rows["status"],
    )
    return pd.DataFrame(
        {
            OWNER: rows[OWNER],
            "appointment_id": rows["appointment_id"],
            "location_id": rows["location_id"],
            "customer_id": rows["person"],
            "status": rows["status"],
            "derived_status": derived,
            "is_accepted": rows["is_accepted"],
            "is_attended": rows["is_attended"],
            "is_upcoming": rows["is_upcoming"],
            "is_walk_in": rows["person"].isna(),
            "has_start_time": rows["has_time"],
            "start_date": rows["day"],
            "start_at": rows["start_at"],
        }
    )


def visit_rows(visits: pd.DataFrame) -> pd.DataFrame:
    """One row per visit."""
    return pd.DataFrame(
        {
            OWNER: visits[OWNER],
            "visit_id": visits["visit_id"],
            "location_id": visits["location_id"],
            "customer_id": visits["person"],
            "visit_date": visits["day"],
            "visit_at": visits["at"],
            "visit_number": visits["number"],
            "days_since_previous_visit": visits["gap"],
            "is_walk_in": visits["person"].isna(),
            "is_booked": visits["is_booked"],
            "attended_bookings": visits["bookings"],
            "services": visits["services"],
            "net_service_minor": visits["net_service"],
            "net_product_minor": visits["net_product"],
        }
    )


def sale_line_rows(books: Books, sales: Sales) -> pd.DataFrame:
    """One row per line of a closed ticket."""
    rows = sales.lines
    return pd.DataFrame(
        {
            OWNER: rows[OWNER],
            "sale_id": rows["sale_id"],
            "sale_line_id": rows["sale_line_id"],
            "location_id": rows["location_id"],
            "customer_id": rows["person"],
            "line_type": rows["line_type"],
            "quantity": rows["quantity"],
            "is_return": rows["is_return"],
            "gross_minor": rows["gross"],
            "discount_minor": rows["discount"],
            "net_minor": rows["net"],
            "tax_minor": rows["tax"],
            "total_minor": rows["total"],
            "package_recognised_minor": recognised(books, sales),
            "currency": rows["currency"],
            "business_date": rows["ticket_day"],
            "service_date": rows["service_day"],
            "sold_at": rows["sold_at"],
        }
    )


def sale_rows(sales: Sales) -> pd.DataFrame:
    """One row per closed ticket with lines."""
    lines = sales.lines.groupby([OWNER, "sale_id"], sort=False)
    sums = lines[["gross", "discount", "net", "tax", "total"]].sum().add_suffix("_minor")
    head = sales.tickets.set_index([OWNER, "sale_id"])[["person", "currency", "ticket_day"]]
    head.columns = ["customer_id", "currency", "business_date"]
    return sums.join(head).reset_index()


def loyalty_rows(books: Books) -> pd.DataFrame:
    """One row per event, with the account's balance after it."""
    accounts = books.people.without_tests(books.tables["loyalty_accounts"])
    owner = books.people.person(accounts[OWNER], accounts["customer_id"])
    accounts = accounts.assign(person=owner)[[OWNER, "loyalty_account_id", "person"]]
    rows = books.tables["loyalty_events"].merge(accounts, on=[OWNER, "loyalty_account_id"])
    rows = rows.sort_values([OWNER, "loyalty_account_id", "occurred_at", "loyalty_event_id"])
    balance = rows.groupby([OWNER, "loyalty_account_id"])["points"].cumsum()
    return pd.DataFrame(
        {
            OWNER: rows[OWNER],
            "loyalty_event_id": rows["loyalty_event_id"],
            "loyalty_account_id": rows["loyalty_account_id"],
            "customer_id": rows["person"],
            "event_type": rows["event_type"],
            "points": rows["points"],
            "running_balance": balance,
        }
    )


def gift_card_rows(books: Books) -> pd.DataFrame:
    """One row per event, with the card's balance before and after it."""
    rows = books.tables["gift_card_events"]
    rows = rows.sort_values([OWNER, "gift_card_id", "occurred_at", "gift_card_event_id"])
    closing = rows.groupby([OWNER, "gift_card_id"])["amount"].cumsum()
    return pd.DataFrame(
        {
            OWNER: rows[OWNER],
            "gift_card_event_id": rows["gift_card_event_id"],
            "gift_card_id": rows["gift_card_id"],
            "opening_balance_minor": closing - rows["amount"],
            "amount_minor": rows["amount"],
            "closing_balance_minor": closing,
        }
    )
