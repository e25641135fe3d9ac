"""Visits: a client's day at a location, however many bookings and tickets it had.

Put here what makes a visit. Do not put here what clients' visits add up to (customers*.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.answers.books import OWNER, Books
from orchestration.demo.answers.sales import Sales

KEY = [OWNER, "visit_id"]


def make_visits(books: Books, sales: Sales) -> pd.DataFrame:
    """One row per visit, in order of client and day, numbered per client."""
    bookings = _attended(books)
    lines = _goods_lines(bookings, sales)
    sold = lines[(lines["line_type"] == "service") & ~lines["is_return"]]
    today = books.today.to_numpy()[sold["place"].to_numpy()]
    sold = sold[sold["service_day"].to_numpy() <= today]
    visits = _gather(bookings, sold)
    visits = _with_money(visits, lines)
    visits = visits.sort_values([OWNER, "person", "day", "at", "visit_id"], kind="stable")
    visits = visits.reset_index(drop=True)
    client = visits[visits["person"].notna()].groupby([OWNER, "person"], sort=False)
    visits["number"] = (client.cumcount() + 1).astype("Int64")
    visits["gap"] = (visits["day"] - client["day"].shift()).dt.days.astype("Int64")
    return visits


def _attended(books: Books) -> pd.DataFrame:
    """Attended bookings with a service that took place, or without any services listed."""
    listed = books.services.groupby([OWNER, "appointment_id"])["is_attended"]
    counts = listed.agg(["size", "sum"]).rename(columns={"size": "listed", "sum": "services"})
    rows = books.bookings[books.bookings["is_attended"]]
    rows = rows.merge(counts, how="left", left_on=[OWNER, "appointment_id"], right_index=True)
    rows["services"] = rows["services"].fillna(0).mask(rows["listed"].isna(), 1).astype("int64")
    rows = rows[rows["services"] > 0].copy()
    rows["visit_id"] = _visit_ids(rows, rows["day"], "booking:" + rows["appointment_id"])
    return rows


def _visit_ids(rows: pd.DataFrame, day: pd.Series, otherwise: pd.Series) -> pd.Series:
    date = day.dt.strftime("%Y-%m-%d").astype("str")
    by_client = "client:" + date + ":" + rows["location_id"] + ":" + rows["person"]
    return by_client.where(rows["person"].notna(), otherwise)


def _goods_lines(bookings: pd.DataFrame, sales: Sales) -> pd.DataFrame:
    """Service and product lines with the visit that they belong to, if there was one."""
    lines = sales.lines[sales.lines["is_goods"]]
    known = bookings[[OWNER, "appointment_id"]].assign(is_booked=True)
    lines = lines.merge(known, how="left", on=[OWNER, "appointment_id"])
    ticket = "ticket:" + lines["sale_id"]
    own = ("booking:" + lines["appointment_id"]).where(lines["is_booked"].notna(), ticket)
    return lines.assign(visit_id=_visit_ids(lines, lines["service_day"], own))


def _gather(bookings: pd.DataFrame, sold: pd.DataFrame) -> pd.DataFrame:
    """A row per visit: when it began, how many services, whether it was booked."""
    both = {"person": "first", "place": "first", "location_id": "first"}
    booked = bookings.assign(timed=bookings["start_at"].where(bookings["has_time"]))
    booked = booked.groupby(KEY).agg(
        **{name: (name, how) for name, how in both.items()},
        day=("day", "min"),
        timed=("timed", "min"),
        untimed=("start_at", "min"),
        bookings=("appointment_id", "size"),
        services=("services", "sum"),
    )
    tills = sold.assign(timed=sold["sold_at"].where(sold["has_time"]))
    tills = tills.groupby(KEY).agg(
        **{name: (name, how) for name, how in both.items()},
        day=("service_day", "min"),
        timed=("timed", "min"),
        untimed=("sold_at", "min"),
        lines=("sale_line_id", "size"),
    )
    every = booked.join(tills.add_suffix("_sold"), how="outer")
    is_booked = every["bookings"].notna()
    result = pd.DataFrame(index=every.index)
    for name in (*both, "day", "timed", "untimed"):
        result[name] = every[name].where(is_booked, every[f"{name}_sold"])
    result["is_booked"] = is_booked
    result["bookings"] = every["bookings"].fillna(0).astype("int64")
    services = every["services"].where(is_booked, every["lines_sold"])
    result["services"] = services.astype("int64")
    result["has_time"] = result["timed"].notna()
    result["at"] = result["timed"].fillna(result["untimed"])
    result["place"] = result["place"].astype("int64")
    return result.drop(columns=["timed", "untimed"]).reset_index()


def _with_money(visits: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    is_service = lines["line_type"] == "service"
    money = lines.assign(
        net_service=np.where(is_service, lines["net"], 0),
        net_product=np.where(is_service, 0, lines["net"]),
    )
    sums = money.groupby(KEY)[["net_service", "net_product"]].sum()
    result = visits.merge(sums, how="left", left_on=KEY, right_index=True)
    for name in ("net_service", "net_product"):
        result[name] = result[name].fillna(0).astype("int64")
    return result
