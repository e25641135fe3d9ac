"""The days and months of the business: the accrual ladder and the money that moved.

Put here answers by location and day. Do not put here answers by client (clients.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.answers.books import OWNER, Books
from orchestration.demo.answers.sales import LIABILITY_TENDERS, Sales
from orchestration.demo.payments import TENDERS

DAY_KEY = ["place", "day"]
DISCOUNTS = {
    "coupon": "coupon",
    "membership": "membership",
    "loyalty": "loyalty",
    "package": "package",
}
OWN_LINES = {
    "service_charge": "service_charges",
    "fee": "fees",
    "gift_card": "gift_card_sales",
    "package": "package_sales",
    "membership": "membership_sales",
}
DISCOUNT_LINES = [f"{kind}_discounts" for kind in (*DISCOUNTS, "manual")]
BILLED = ("net_sales", "tax", "tips", *OWN_LINES.values())


def _entry(
    rows: pd.DataFrame, line: pd.Series | str, amount: pd.Series, day: str = "day"
) -> pd.DataFrame:
    columns = {"place": rows["place"], "day": rows[day], "line": line, "amount": amount}
    return pd.DataFrame(columns).reset_index(drop=True)


def accrual_entries(sales: Sales) -> pd.DataFrame:
    """Everything that moves the accrual ledger: place, day, line of the ladder, amount."""
    lines = sales.lines
    goods = lines[lines["is_goods"] & ~lines["is_return"]]
    others = lines[~lines["is_goods"]]
    back = lines[lines["is_goods"] & lines["is_return"]]
    kind = goods["discount_type"].map(DISCOUNTS).astype("str").fillna("manual") + "_discounts"
    reversals = sales.reversals
    reversed_line = reversals["line_type"].map(OWN_LINES).astype("str")
    is_own = reversed_line.notna()
    payments, refunds = sales.payments, sales.refunds
    settling = payments["is_settling"]
    tips = payments.assign(
        place=payments["ticket_place"].where(settling, payments["place"]).astype("int64"),
        day=payments["ticket_day"].where(settling, payments["day"]),
    )
    return pd.concat(
        [
            _entry(goods, "gross_sales", goods["gross"], "service_day"),
            _entry(goods, kind, goods["discount"], "service_day"),
            _entry(back, "returns", -back["net"], "service_day"),
            _entry(others, others["line_type"].map(OWN_LINES), others["net"], "service_day"),
            _entry(lines, "tax", lines["tax"], "service_day"),
            _entry(reversals[~is_own], "returns", reversals["net"][~is_own]),
            _entry(reversals[is_own], reversed_line[is_own], -reversals["net"][is_own]),
            _entry(reversals, "tax", -reversals["tax"]),
            _entry(tips, "tips", tips["tip"]),
            _entry(refunds, "tips", -refunds["tip"]),
        ],
        ignore_index=True,
    )


def cash_entries(sales: Sales) -> pd.DataFrame:
    """Money that moved on the day it moved: tenders, tips, fees, what settles no ticket."""
    payments, refunds = sales.payments, sales.refunds
    paid, back = payments["amount"] + payments["tip"], refunds["amount"] + refunds["tip"]
    uses = payments["tender_type"].isin(LIABILITY_TENDERS)
    restores = refunds["tender"].isin(LIABILITY_TENDERS)
    loose, lost = ~payments["is_settling"], refunds["link"] == "unallocated"
    return pd.concat(
        [
            _entry(payments, payments["tender_type"] + "_tender", paid),
            _entry(refunds, refunds["tender"] + "_tender", -back),
            _entry(payments, "total_collected", paid.where(~uses, 0)),
            _entry(refunds, "total_collected", -back.where(~restores, 0)),
            _entry(payments, "liability_redemptions", paid.where(uses, 0)),
            _entry(refunds, "liability_redemptions", -back.where(restores, 0)),
            _entry(payments, "tips", payments["tip"]),
            _entry(refunds, "tips", -refunds["tip"]),
            _entry(payments, "processing_fees", payments["fee"]),
            _entry(refunds, "processing_fees", refunds["fee"]),
            _entry(payments[loose], "unallocated", payments["amount"][loose]),
            _entry(refunds[lost], "unallocated", -refunds["amount"][lost]),
            _entry(payments, "over_payments", _beyond(sales)),
        ],
        ignore_index=True,
    )


def _beyond(sales: Sales) -> pd.Series:
    """What each payment brings beyond its ticket's total, payments taken in order."""
    key = [OWNER, "sale_id"]
    total = sales.lines.groupby(key)["total"].sum().clip(lower=0).rename("due")
    rows = sales.payments[sales.payments["is_settling"]]
    rows = rows.merge(total, how="left", left_on=key, right_index=True)
    rows = rows.sort_values(["paid_at", "payment_id"])
    through = rows.groupby(key)["amount"].cumsum()
    due = rows["due"].fillna(0).astype("int64")
    settled = np.minimum(through, due) - np.minimum(through - rows["amount"], due)
    return (rows["amount"] - settled).reindex(sales.payments.index).fillna(0).astype("int64")


def financial_daily(books: Books, sales: Sales) -> pd.DataFrame:
    """One row per location and day with any movement, in the mart's column names."""
    accrual = _ladder(books, accrual_entries(sales)).add_prefix("accrual_").add_suffix("_minor")
    cash = _pivot(books, cash_entries(sales))
    for tender in TENDERS:
        cash[f"{tender}"] = cash.pop(f"{tender}_tender") if f"{tender}_tender" in cash else 0
    for name in ("unallocated", "over_payments", "liability_redemptions", "processing_fees"):
        if name not in cash:
            cash[name] = 0
    cash["expected_payout"] = cash["total_collected"] - cash["processing_fees"]
    cash = cash.add_prefix("cash_").add_suffix("_minor")
    days = accrual.join([cash, _tickets(sales)], how="outer").fillna(0).astype("Int64")
    return _unknown(books, _named(books, days))


def _tickets(sales: Sales) -> pd.DataFrame:
    """Tickets that sold services or products, and what they came to, by the ticket's own day."""
    goods = sales.lines[sales.lines["is_goods"]]
    goods = goods.assign(day=goods["ticket_day"])
    sold = goods[~goods["is_return"]].drop_duplicates([OWNER, "sale_id"])
    return pd.DataFrame(
        {
            "tickets": sold.groupby(DAY_KEY).size(),
            "avg_ticket_numerator_minor": goods.groupby(DAY_KEY)["net"].sum(),
        }
    )


def _pivot(books: Books, entries: pd.DataFrame) -> pd.DataFrame:
    entries = entries[entries["amount"] != 0]
    today = books.today.to_numpy()[entries["place"].to_numpy()]
    past = entries[entries["day"].to_numpy() <= today]
    sums = past.groupby([*DAY_KEY, "line"])["amount"].sum()
    return sums.unstack("line", fill_value=0)


def _ladder(books: Books, entries: pd.DataFrame) -> pd.DataFrame:
    days = _pivot(books, entries)
    for name in ("gross_sales", *DISCOUNT_LINES, "returns", "tax", "tips", *OWN_LINES.values()):
        if name not in days:
            days[name] = 0
    days["discounts"] = days[DISCOUNT_LINES].sum(axis=1)
    days["net_sales"] = days["gross_sales"] - days["discounts"] - days["returns"]
    days["total_billed"] = days[list(BILLED)].sum(axis=1)
    return days


def _named(books: Books, days: pd.DataFrame) -> pd.DataFrame:
    """Keys of the organization and location in place of positions."""
    rows = days.reset_index()
    business, place = books.business, rows.pop("place").to_numpy()
    rows.insert(0, OWNER, np.array(business.keys)[business.organization_of[place]])
    rows.insert(1, "location_id", [business.locations[n].key for n in place])
    rows = rows.rename(columns={"day": "business_date"})
    rows.insert(3, "currency", [business.locations[n].currency for n in place])
    return rows


def _unknown(books: Books, rows: pd.DataFrame) -> pd.DataFrame:
    """NULL for ledgers that an organization's files cannot tell."""
    pays = rows[OWNER].isin(books.tables["payments"][OWNER].unique())
    lines = books.tables["sale_lines"]
    cuts = rows[OWNER].isin(lines.loc[lines["discount_amount"].notna(), OWNER].unique())
    fees = books.tables["payments"]
    charged = rows[OWNER].isin(fees.loc[fees["processing_fee_amount"].notna(), OWNER].unique())
    for name in rows.columns:
        if name.startswith("cash_") or name == "accrual_tips_minor":
            rows[name] = rows[name].where(pays)
        if name in ("cash_processing_fees_minor", "cash_expected_payout_minor"):
            rows[name] = rows[name].where(charged)
        if name.startswith("accrual_") and "discounts" in name:
            rows[name] = rows[name].where(cuts)
    return rows


def financial_monthly(books: Books, daily: pd.DataFrame) -> pd.DataFrame:
    """The days summed by month."""
    keys = [OWNER, "location_id", "month_start_date"]
    months = daily["business_date"].dt.to_period("M").dt.to_timestamp().astype("datetime64[s]")
    measures = ["tickets", *(name for name in daily.columns if name.endswith("_minor"))]
    rows = daily.assign(month_start_date=months)
    result = rows.groupby(keys)[measures].sum(min_count=1).astype("Int64")
    result = result.reset_index()
    place = books.with_place(result)["place"].to_numpy()
    today = pd.Series(books.today.to_numpy()[place])
    result["is_partial"] = today <= result["month_start_date"] + pd.offsets.MonthEnd(1)
    return result
