"""daily_sales: what each member of staff did and sold, by location and day.

Put here additive measures of the team. Do not put here the ladder (finance.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.answers.books import CANCELLED, OWNER, Books
from orchestration.demo.answers.sales import Sales

KEY = [OWNER, "business_date", "location_id", "staff_id"]
NOBODY = "__unassigned__"
MONEY = (
    "gross",
    "discount",
    "returns",
    "net_service",
    "net_product",
    "tax",
    "tips",
    "package_recognised",
)
COUNTS = (
    "service_lines",
    "product_lines",
    "attended_services",
    "service_minutes",
    "no_show_services",
    "cancelled_services",
)
QUANTITIES = ("services_quantity", "products_quantity")


def daily_sales(books: Books, sales: Sales) -> pd.DataFrame:
    """One row per organization, day, location and member of staff with anything to tell."""
    lines = sales.lines.assign(package_recognised=recognised(books, sales))
    parts = [_goods(lines), _taxes(lines), _reversals(sales), _tips(sales), _services(books)]
    rows = pd.concat(parts, ignore_index=True)
    today = books.today.to_numpy()[rows["place"].to_numpy()]
    rows = rows[rows["business_date"].to_numpy() <= today]
    rows = rows.assign(staff_id=rows["staff_id"].fillna(NOBODY))
    place = rows["place"].to_numpy()
    business = books.business
    rows[OWNER] = np.array(business.keys)[business.organization_of[place]]
    rows["location_id"] = np.array([p.key for p in business.locations])[place]
    sums = rows.groupby(KEY)[[*MONEY, *COUNTS, *QUANTITIES]].sum()
    sums = sums.astype(dict.fromkeys((*MONEY, *COUNTS), "int64"))
    sums = sums.rename(columns={name: f"{name}_minor" for name in MONEY})
    net = sums["net_service_minor"] + sums["net_product_minor"]
    sums["net_sales_minor"] = net - sums["returns_minor"]
    return _unknown(books, sums.reset_index())


def recognised(books: Books, sales: Sales) -> pd.Series:
    """What the package session that pays for a line is worth; the first ones carry spare units."""
    packages = books.tables["packages"][[OWNER, "package_id", "location_id", "sessions", "price"]]
    packages = books.with_place(packages).rename(columns={"place": "sold_place"})
    used = books.tables["package_redemptions"].drop(columns=["sessions", "location_id"])
    used = used.merge(packages, on=[OWNER, "package_id"])
    used = used.sort_values([OWNER, "package_id", "redeemed_at", "package_redemption_id"])
    rank = used.groupby([OWNER, "package_id"]).cumcount()
    price, sessions = used["price"].astype("int64"), used["sessions"].astype("int64")
    worth = price // sessions + (rank < price % sessions)
    used["worth"] = worth.where(rank < sessions, 0)
    kept = [OWNER, "package_redemption_id", "worth", "sold_place"]
    key = [OWNER, "package_redemption_id"]
    rows = sales.lines[[*key, "currency"]].merge(used[kept], how="left", on=key)
    places = rows["sold_place"].fillna(0).astype("int64").to_numpy()
    currency = np.array([p.currency for p in books.business.locations])[places]
    same = rows["currency"].to_numpy() == currency
    return rows["worth"].where(same).astype("Int64")


def _part(rows: pd.DataFrame, day: str, **measures: pd.Series) -> pd.DataFrame:
    head = {"place": rows["place"], "business_date": rows[day], "staff_id": rows["staff_id"]}
    return pd.DataFrame(head | measures).reset_index(drop=True)


def _goods(lines: pd.DataFrame) -> pd.DataFrame:
    rows = lines[lines["is_goods"]]
    sold = (~rows["is_return"]).astype("int64")
    service = (rows["line_type"] == "service").astype("int64")
    product = 1 - service
    net = rows["net"] * sold
    return _part(
        rows,
        "service_day",
        gross=rows["gross"] * sold,
        discount=rows["discount"] * sold,
        returns=-rows["net"] * (1 - sold),
        net_service=net * service,
        net_product=net * product,
        package_recognised=rows["package_recognised"].fillna(0).astype("int64"),
        service_lines=sold * service,
        product_lines=sold * product,
        services_quantity=rows["quantity"] * sold * service,
        products_quantity=rows["quantity"] * sold * product,
    )


def _taxes(lines: pd.DataFrame) -> pd.DataFrame:
    rows = lines[lines["tax"] != 0]
    return _part(rows, "service_day", tax=rows["tax"])


def _reversals(sales: Sales) -> pd.DataFrame:
    """Returned goods and tax, on the person who sold them."""
    rows = sales.reversals
    is_goods = rows["line_type"].fillna("product").isin(("service", "product"))
    rows = rows[is_goods | (rows["tax"] != 0)]
    returns = rows["net"].where(is_goods[rows.index], 0)
    return _part(rows, "day", returns=returns, tax=-rows["tax"])


def _tips(sales: Sales) -> pd.DataFrame:
    rows = sales.payments[sales.payments["tip"] != 0]
    settling = rows["is_settling"]
    rows = rows.assign(
        place=rows["ticket_place"].where(settling, rows["place"]).astype("int64"),
        day=rows["ticket_day"].where(settling, rows["day"]),
        staff_id=rows["tip_staff_id"],
    )
    back = sales.refunds[sales.refunds["tip"] != 0].assign(staff_id=None)
    return pd.concat(
        [_part(rows, "day", tips=rows["tip"]), _part(back, "day", tips=-back["tip"])],
        ignore_index=True,
    )


def _services(books: Books) -> pd.DataFrame:
    """Booked services that took place, were missed or were called off."""
    rows = books.services
    missed, off = rows["outcome"] == "no_show", rows["outcome"].isin(CANCELLED)
    rows = rows[rows["is_attended"] | missed | off]
    attended = rows["is_attended"].astype("int64")
    return _part(
        rows,
        "day",
        attended_services=attended,
        service_minutes=rows["duration_minutes"].fillna(0).astype("int64") * attended,
        no_show_services=missed[rows.index].astype("int64"),
        cancelled_services=off[rows.index].astype("int64"),
    )


def _unknown(books: Books, rows: pd.DataFrame) -> pd.DataFrame:
    """NULL for what an organization's files cannot tell."""
    lines = books.tables["sale_lines"]
    has = {
        "tips_minor": books.tables["payments"],
        "discount_minor": lines[lines["discount_amount"].notna()],
        "package_recognised_minor": books.tables["packages"],
    }
    for name, senders in has.items():
        known = rows[OWNER].isin(senders[OWNER].unique())
        rows[name] = rows[name].astype("Int64").where(known)
    return rows
