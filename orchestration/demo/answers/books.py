"""The books: what was delivered, cleaned by what the generator knows, with local days and persons.

Put here what every answer starts from. Do not put here any metric (the other modules).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.demo.arrays import Array, minutes, to_local, to_utc
from orchestration.demo.business import Business
from orchestration.demo.plan import Plan
from orchestration.demo.rendering import Tables
from orchestration.demo.traps.plant import Delivery

OWNER = "organization_id"
ACCEPTED = ("confirmed", "attended")
CANCELLED = ("cancelled_by_customer", "cancelled_by_business", "cancelled")
NEVER_HELD = (*CANCELLED, "no_show", "declined")


@dataclass(slots=True)
class Books:
    """Bookings, booked services, tickets and persons as they truly are at as_of."""

    plan: Plan
    business: Business
    tables: Tables
    bookings: pd.DataFrame
    services: pd.DataFrame
    people: People
    today: pd.Series

    def with_place(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows with `place`, the position of their location."""
        return rows.assign(place=places_of(self.business, rows))

    def local_day(self, rows: pd.DataFrame, instants: pd.Series) -> pd.Series:
        """The business day of each instant at each row's `place`."""
        return business_day(self.business, rows["place"].to_numpy(), instants)


class People:
    """Whose each profile is: merged ones their survivor's, walk-ins nobody's."""

    def __init__(self, delivery: Delivery) -> None:
        """Learn it from what the generator planted and simulated."""
        self._canonical = {f"{owner}/{key}": to for (owner, key), to in delivery.canonical.items()}
        profiles = delivery.truth["customers"]
        keys = profiles[OWNER] + "/" + profiles["customer_id"]
        self._tests = set(keys[profiles["customer_type"] == "test"])
        self._walk_ins = set(keys[profiles["customer_type"] == "walk_in"])

    def without_tests(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows that are not a test client's."""
        return rows[~(rows[OWNER] + "/" + rows["customer_id"]).isin(self._tests)]

    def person(self, owner: pd.Series, profile: pd.Series) -> pd.Series:
        """The person behind each profile; nobody for walk-ins."""
        keys = owner + "/" + profile
        found = keys.map(self._canonical).astype("str").fillna(profile)
        return found.mask(keys.isin(self._walk_ins))


def make_books(plan: Plan, business: Business, delivery: Delivery) -> Books:
    """Leave out what was deleted at the source or is a test; add places, days and persons."""
    people = People(delivery)
    tables = {
        name: rows[rows["deleted_at"].isna()].reset_index(drop=True)
        for name, rows in delivery.truth.items()
    }
    bookings = _bookings(plan, business, people, tables)
    services = _services(plan, tables["appointment_services"], bookings)
    bookings = _ends(plan, bookings, services)
    services = services.merge(
        bookings[[OWNER, "appointment_id", "is_over"]], on=[OWNER, "appointment_id"]
    )
    services["is_attended"] = services["outcome"].isin(ACCEPTED) & services["is_over"]
    everywhere = np.arange(len(business.locations))
    now = pd.Series(np.full(len(everywhere), plan.as_of))
    today = business_day(business, everywhere, now)
    return Books(plan, business, tables, bookings, services, people, today)


def places_of(business: Business, rows: pd.DataFrame) -> Array:
    """Positions of the rows' locations; -1 where they name none."""
    owners = [business.keys[n] for n in business.organization_of]
    known = {
        f"{owner}/{place.key}": n
        for n, (owner, place) in enumerate(zip(owners, business.locations, strict=True))
    }
    keys = rows[OWNER] + "/" + rows["location_id"]
    return keys.map(known).fillna(-1).to_numpy(dtype=np.int64)


def business_day(business: Business, place: Array, instants: pd.Series) -> pd.Series:
    """Local wall clock less the cut-off, as a day."""
    utc = instants.to_numpy().astype("datetime64[s]")
    known = ~np.isnat(utc)
    day = np.full(len(utc), np.datetime64("NaT", "s"))
    zone = business.zone_of[place]
    local = to_local(utc[known], zone[known], business.zones)
    local = local - minutes(business.cutoff_of[place[known]])
    day[known] = local.astype("datetime64[D]").astype("datetime64[s]")
    return pd.Series(day, index=instants.index)


def day_start(business: Business, place: Array, days: pd.Series) -> pd.Series:
    """The instant at which business days begin."""
    local = days.to_numpy().astype("datetime64[s]") + minutes(business.cutoff_of[place])
    known = ~np.isnat(local)
    start = np.full(len(local), np.datetime64("NaT", "s"))
    start[known] = to_utc(local[known], business.zone_of[place][known], business.zones)
    return pd.Series(start, index=days.index)


def _bookings(plan: Plan, business: Business, people: People, tables: Tables) -> pd.DataFrame:
    rows = people.without_tests(tables["appointments"]).reset_index(drop=True)
    rows["place"] = places_of(business, rows)
    rows["person"] = people.person(rows[OWNER], rows["customer_id"])
    place = rows["place"].to_numpy()
    rows["has_time"] = rows["start_at"].notna()
    rows["day"] = business_day(business, place, rows["start_at"]).fillna(rows["start_date"])
    rows["start_at"] = rows["start_at"].fillna(day_start(business, place, rows["day"]))
    rows["is_accepted"] = rows["status"].isin(ACCEPTED)
    rows["is_cancelled"] = rows["status"].isin(CANCELLED)
    notice = rows["start_at"] - rows["cancelled_at"]
    by_client = rows["status"].isin(("cancelled_by_customer", "cancelled"))
    rows["is_late"] = by_client & (notice < pd.Timedelta(hours=24))
    rows["is_upcoming"] = rows["is_accepted"] & (rows["start_at"] > pd.Timestamp(plan.as_of))
    return rows


def _services(plan: Plan, services: pd.DataFrame, bookings: pd.DataFrame) -> pd.DataFrame:
    """Booked services with their booking's facts; `outcome` is their own status or its."""
    kept = [OWNER, "appointment_id", "place", "person", "day", "status", "start_at"]
    facts = bookings[kept].rename(columns={"status": "booking_status", "start_at": "booked_at"})
    rows = services.merge(facts, on=[OWNER, "appointment_id"])
    rows["outcome"] = rows["status"].fillna(rows["booking_status"])
    length = rows["duration_minutes"].fillna(0).astype("int64")
    group = [rows[OWNER], rows["appointment_id"]]
    before = length.groupby(group).cumsum() - length
    begins = rows["start_at"].fillna(rows["booked_at"] + pd.to_timedelta(before, unit="min"))
    rows["ends_at"] = begins + pd.to_timedelta(length, unit="min")
    return rows


def _ends(plan: Plan, bookings: pd.DataFrame, services: pd.DataFrame) -> pd.DataFrame:
    """`is_over` and `is_attended`: the end is as stated, else that of the last service."""
    last = services.groupby([OWNER, "appointment_id"])["ends_at"].max().rename("last_end")
    rows = bookings.merge(last, how="left", left_on=[OWNER, "appointment_id"], right_index=True)
    ends = rows["end_at"].fillna(rows["last_end"]).fillna(rows["start_at"])
    rows["is_over"] = ends <= pd.Timestamp(plan.as_of)
    rows["is_attended"] = rows["is_accepted"] & rows["is_over"]
    return rows
