"""What clients come for, to whom, where and when; and how long past their own rhythm they are.

Put here answers about habits. Do not put here counts of visits (clients.py) nor segments
(segments.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.answers.books import OWNER, Books
from orchestration.demo.answers.clients import WHO
from orchestration.demo.answers.sales import Sales
from orchestration.demo.answers.spreading import ratio
from orchestration.demo.arrays import to_local

CADENCE_VISITS = 3
STATES = ((1.0, "on_track"), (1.5, "due"), (2.5, "overdue"))


def served(books: Books, sales: Sales) -> pd.DataFrame:
    """Each service that a client was given by someone at a place on a day, booked, sold or both."""
    columns = [*WHO, "place", "day", "service_id", "staff_id"]
    booked = books.services[books.services["is_attended"]]
    sold = sales.lines[(sales.lines["line_type"] == "service") & ~sales.lines["is_return"]]
    sold = sold.drop(columns="day", errors="ignore")
    sold = sold.rename(columns={"service_day": "day", "item_id": "service_id"})
    rows = pd.concat([booked[columns], sold[columns]]).drop_duplicates()
    rows = rows[rows["person"].notna()]
    rows = rows[rows["day"].to_numpy() <= books.today.to_numpy()[rows["place"].to_numpy()]]
    catalog = books.tables["services"][[OWNER, "service_id", "category"]]
    staff = books.tables["staff"][[OWNER, "staff_id", "staff_type"]]
    rows = rows.merge(catalog, how="left", on=[OWNER, "service_id"])
    rows = rows.merge(staff, how="left", on=[OWNER, "staff_id"])
    return rows.assign(staff_id=rows["staff_id"].mask(rows["staff_type"] == "house"))


def preference_answers(
    books: Books, clients: pd.DataFrame, visits: pd.DataFrame, services: pd.DataFrame
) -> pd.DataFrame:
    """The most frequent of each; ties go to the most recent, then to the smaller."""
    known = visits[visits["person"].notna()]
    local = to_local(
        known["at"].to_numpy(),
        books.business.zone_of[known["place"].to_numpy()],
        books.business.zones,
    )
    hour = pd.Series(local.astype("datetime64[h]").astype(int) % 24, index=known.index)
    part = pd.Series(
        np.select([hour < 12, hour < 17], ["morning", "afternoon"], "evening"), index=known.index
    )
    known = known.assign(
        weekday=known["day"].dt.day_of_week + 1, daypart=part.where(known["has_time"])
    )
    result = pd.DataFrame(index=clients.index)
    result["preferred_staff_id"] = _favourite(services, "staff_id")
    named = clients["preferred_staff_id"]
    result["preferred_staff_id"] = named.fillna(result["preferred_staff_id"])
    result["preferred_service_id"] = _favourite(services, "service_id")
    result["preferred_service_category"] = _favourite(services, "category")
    result["preferred_location_id"] = _favourite(known, "location_id")
    result["preferred_day_of_week"] = _favourite(known, "weekday").astype("Int64")
    result["preferred_daypart"] = _favourite(known, "daypart")
    return result


def _favourite(rows: pd.DataFrame, choice: str) -> pd.Series:
    rows = rows[rows[choice].notna()]
    counted = rows.groupby([*WHO, choice])["day"].agg(["size", "max"]).reset_index()
    ranked = counted.sort_values(
        [*WHO, "size", "max", choice], ascending=[True, True, False, False, True]
    )
    return ranked.drop_duplicates(WHO).set_index(WHO)[choice]


def cadence_answers(
    clients: pd.DataFrame, visits: pd.DataFrame, services: pd.DataFrame
) -> pd.DataFrame:
    """What a client comes for most, the usual gap, and the days since the last visit over it."""
    by_category = services[services["category"].notna()][[*WHO, "category", "day"]]
    by_category = by_category.drop_duplicates()
    every = visits[visits["person"].notna()][[*WHO, "day"]].assign(category="")
    rows = pd.concat([by_category, every]).sort_values([*WHO, "category", "day"])
    group = rows.groupby([*WHO, "category"])
    rows["gap"] = (rows["day"] - group["day"].shift()).dt.days
    typical = rows.groupby([*WHO, "category"]).agg(
        visits=("day", "size"), last=("day", "max"), gap=("gap", "median")
    )
    typical = typical[typical["visits"] >= CADENCE_VISITS].reset_index()
    typical["is_any"] = typical["category"] == ""
    order = [True, True, True, False, False, True]
    typical = typical.sort_values([*WHO, "is_any", "visits", "last", "category"], ascending=order)
    own = typical.drop_duplicates(WHO).set_index(WHO)
    result = pd.DataFrame(index=clients.index)
    ago = (clients["today"] - own["last"].reindex(clients.index)).dt.days
    gap = own["gap"].reindex(clients.index)
    category = own["category"].reindex(clients.index)
    result["cadence_service_category"] = category.where(category != "")
    result["cadence_gap_days"] = gap
    result["cadence_last_visit_date"] = own["last"].reindex(clients.index)
    result["overdue_ratio"] = ratio(2 * ago.astype("Int64"), (2 * gap).astype("Int64"), 4)
    state = pd.Series("lapsed", index=clients.index)
    for limit, name in reversed(STATES):
        state = state.mask(result["overdue_ratio"] < limit, name)
    result["cadence_state"] = state.where(result["overdue_ratio"].notna())
    return result
