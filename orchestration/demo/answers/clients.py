"""Who the clients are, what they booked and visited: identity, consent, age, chronology, counts.

Put here answers about people and their bookings. Do not put here their money (client_money.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from orchestration.demo.answers.books import OWNER, Books
from orchestration.demo.answers.spreading import ratio
from orchestration.demo.arrays import Array

WHO = [OWNER, "person"]
AGE_GROUPS = ((17, "<18"), (25, "18-25"), (35, "26-35"), (45, "36-45"), (55, "46-55"), (999, "56+"))


def list_clients(books: Books, facts: list[pd.DataFrame]) -> pd.DataFrame:
    """One row per client, with or without a profile, indexed by organization and person."""
    profiles = books.tables["customers"]
    profiles = profiles[~profiles["customer_type"].isin(("walk_in", "test"))]
    profiles = profiles.assign(person=books.people.person(profiles[OWNER], profiles["customer_id"]))
    own = profiles[profiles["person"] == profiles["customer_id"]].set_index(WHO)
    seen = pd.concat([rows.loc[rows["person"].notna(), WHO] for rows in facts])
    everybody = pd.MultiIndex.from_frame(seen).append(own.index).unique()
    clients = own.reindex(everybody).sort_index()
    clients["place"] = _home(books, clients)
    clients["today"] = books.today.to_numpy()[clients["place"].to_numpy()]
    return clients


def _home(books: Books, clients: pd.DataFrame) -> Array:
    """Position of the home location, else of the organization's first."""
    owners = clients.index.get_level_values(OWNER)
    first = {key: books.business.locations_of(n)[0] for n, key in enumerate(books.business.keys)}
    named = clients.reset_index()[[OWNER, "home_location_id"]]
    place = books.with_place(named.rename(columns={"home_location_id": "location_id"}))["place"]
    return np.where(place >= 0, place, owners.map(first).to_numpy(dtype=np.int64))


def profile_answers(clients: pd.DataFrame) -> pd.DataFrame:
    """Identity, consent and demography."""
    names = (clients["first_name"].fillna("") + " " + clients["last_name"].fillna("")).str.strip()
    result = pd.DataFrame(index=clients.index)
    result["name"] = names.mask(names == "")
    for column in ("email", "phone", "creation_source", "acquisition_source"):
        result[column] = clients[column]
    result["customer_type"] = clients["customer_type"].fillna("client")
    result["profile_created_at"] = clients["created_at"]
    for column in ("email_consent", "sms_consent", "consent_updated_at"):
        result[column] = clients[column]
    result["is_suppressed"] = clients["is_suppressed"].fillna(False)
    return result.join(_age_answers(clients))


def _age_answers(clients: pd.DataFrame) -> pd.DataFrame:
    """Birth parts; whole years on today's local day, 29 February being the 28th otherwise."""
    text = clients["birthday"]
    year = pd.to_numeric(text.str.slice(0, 4)).astype("Int64")
    month = pd.to_numeric(text.str.slice(5, 7)).astype("Int64")
    day = pd.to_numeric(text.str.slice(8, 10)).astype("Int64")
    year = year.mask(year == 0)
    today = clients["today"]
    leap = today.dt.is_leap_year
    feast = day.mask((month == 2) & (day == 29) & ~leap, 28)
    is_due = (today.dt.month * 100 + today.dt.day) >= (month * 100 + feast)
    age = today.dt.year - year - (~is_due).astype("Int64")
    group = pd.cut(
        age.astype("float64"),
        [-1, *(limit for limit, _ in AGE_GROUPS)],
        labels=[name for _, name in AGE_GROUPS],
    ).astype("object")
    return pd.DataFrame(
        {
            "birth_month": month,
            "birth_day": day,
            "birth_year": year,
            "age": age,
            "age_group": group.where(age.notna(), "unknown"),
        }
    )


def booking_answers(books: Books, index: pd.Index[Any]) -> pd.DataFrame:
    """Counts by how bookings ended, and the first, next and last cancelled."""
    rows = books.bookings[books.bookings["person"].notna()]
    accepted, ahead = rows[rows["is_accepted"]], rows[rows["is_upcoming"]]
    result = pd.DataFrame(index=index)
    result["first_booking_created_at"] = accepted.groupby(WHO)["created_at"].min()
    result["first_booking_at"] = accepted.groupby(WHO)["start_at"].min()
    result["next_booking_at"] = ahead.groupby(WHO)["start_at"].min()
    result["last_cancelled_at"] = rows[rows["is_cancelled"]].groupby(WHO)["cancelled_at"].max()
    undated = rows["is_cancelled"] & rows["cancelled_at"].isna() & rows["cancelled_date"].isna()
    cannot_say = pd.MultiIndex.from_frame(rows.loc[undated, WHO])
    says_who = rows["status"].isin(("cancelled_by_customer", "cancelled_by_business"))
    counts = {
        "accepted_bookings": rows["is_accepted"],
        "attended_bookings": rows["is_attended"],
        "upcoming_bookings": rows["is_upcoming"],
        "cancelled_by_customer_bookings": rows["status"] == "cancelled_by_customer",
        "cancelled_by_business_bookings": rows["status"] == "cancelled_by_business",
        "late_cancelled_bookings": rows["is_late"],
        "declined_bookings": rows["status"] == "declined",
        "no_show_bookings": rows["status"] == "no_show",
        "cancelled_bookings": rows["is_cancelled"],
    }
    for name, is_one in counts.items():
        result[name] = rows[is_one].groupby(WHO).size()
        result[name] = result[name].fillna(0).astype("Int64")
    late = result["late_cancelled_bookings"]
    result["late_cancelled_bookings"] = late.mask(result.index.isin(cannot_say))
    cancels = rows[rows["is_cancelled"]][OWNER].unique()
    silent = set(cancels) - set(rows[says_who][OWNER].unique())
    is_silent = result.index.get_level_values(OWNER).isin(list(silent))
    for name in ("cancelled_by_customer_bookings", "cancelled_by_business_bookings"):
        result[name] = result[name].mask(is_silent)
    return result


def visit_answers(books: Books, visits: pd.DataFrame, index: pd.Index[Any]) -> pd.DataFrame:
    """First, second and last visit; counts, gaps and how long ago, by the place's own calendar."""
    rows = visits[visits["person"].notna()]
    today = pd.Series(books.today.to_numpy()[rows["place"].to_numpy()], index=rows.index)
    rows = rows.assign(ago=(today - rows["day"]).dt.days)
    grouped = rows.groupby(WHO)
    first, last = grouped.first(), grouped.last()
    result = pd.DataFrame(index=index)
    result["first_visit_at"] = first["at"]
    result["second_visit_at"] = rows[rows["number"] == 2].set_index(WHO)["at"]
    result["last_visit_at"] = last["at"]
    result["days_since_last_visit"] = last["ago"].astype("Int64")
    result["tenure_days"] = first["ago"].astype("Int64")
    result["unbooked_visits"] = rows[~rows["is_booked"]].groupby(WHO).size()
    result["visits_12m"] = rows[rows["ago"] < 365].groupby(WHO).size()
    result["locations_visited"] = grouped["place"].nunique()
    result["visits"] = grouped.size()
    for name in ("unbooked_visits", "visits_12m", "locations_visited", "visits"):
        result[name] = result[name].fillna(0).astype("Int64")
    gaps = (
        rows[rows["gap"].notna()].assign(gap=lambda r: r["gap"].astype(float)).groupby(WHO)["gap"]
    )
    result["median_days_between_visits"] = gaps.median().where(gaps.size() >= 2)
    result["visits_per_year"] = ratio(result["visits"] * 365, result["tenure_days"], 2).where(
        (result["tenure_days"] >= 365).fillna(False)
    )
    return result


def lifecycle_answers(answers: pd.DataFrame) -> pd.DataFrame:
    """Both vocabularies of the life cycle."""
    since, tenure = answers["days_since_last_visit"], answers["tenure_days"]
    ago = since.astype("float64")
    status = np.select(
        [ago.isna(), ago <= 30, ago <= 90, ago <= 365],
        ["never_visited", "active", "recent", "dormant"],
        "inactive",
    )
    booked = (answers["accepted_bookings"].astype("float64") > 0).to_numpy()
    is_new = (tenure.astype("float64") <= 30).to_numpy()
    never = ago.isna().to_numpy()
    stage = np.select(
        [never & ~booked, never, is_new, ago <= 30, ago <= 90],
        ["NEVER_BOOKED", "NEW", "NEW", "ACTIVE", "AT_RISK"],
        "LOST",
    )
    return pd.DataFrame({"lifecycle_status": status, "lifecycle_stage": stage}, index=answers.index)


def referral_answers(books: Books, clients: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """Who was sent by whom, persons and not profiles on both sides."""
    rows = clients.reset_index()
    by = books.people.person(rows[OWNER], rows["referred_by_customer_id"])
    came = pd.MultiIndex.from_frame(visits.loc[visits["person"].notna(), WHO].drop_duplicates())
    sent = pd.DataFrame({OWNER: rows[OWNER], "person": by, "visited": clients.index.isin(came)})
    sent = sent[sent["person"].notna()]
    counts = sent.groupby(WHO)["visited"].agg(["size", "sum"])
    result = pd.DataFrame(index=clients.index)
    result["referred_by_customer_id"] = by.to_numpy()
    result["referred_customers"] = counts["size"]
    result["referred_customers_visited"] = counts["sum"]
    for name in ("referred_customers", "referred_customers_visited"):
        result[name] = result[name].fillna(0).astype("Int64")
    result["is_referrer"] = (result["referred_customers"] > 0).astype("boolean")
    records = clients.index.get_level_values(OWNER).isin(sent[OWNER].unique())
    for name in ("is_referrer", "referred_customers", "referred_customers_visited"):
        result[name] = result[name].where(records)
    return result
