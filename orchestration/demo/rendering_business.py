"""Organizations, locations, people, shifts, campaigns, spend and expenses as entities.

Put here the entities that describe the business. Do not put here the catalog
(rendering_catalog.py) nor what happened to clients.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import ids, labels
from orchestration.demo.marketing import CHANNELS, EXPENSES
from orchestration.demo.names import FIRST_NAMES, LAST_NAMES
from orchestration.demo.organizations import WEEKDAYS, Hours
from orchestration.demo.rendering import (
    Tables,
    client_ids,
    currencies,
    frame,
    location_ids,
    main_location,
    numbered,
    organization_ids,
    staff_ids,
    where,
)
from orchestration.demo.simulation import Simulation

LEVELS = ("junior", "stylist", "senior")


def render_business(simulation: Simulation) -> Tables:
    """The entities of this module, by name."""
    return {
        "organizations": _organizations(simulation),
        "locations": _locations(simulation),
        "staff": _staff(simulation),
        "staff_shifts": _shifts(simulation),
        "campaigns": _campaigns(simulation),
        "campaign_sends": _sends(simulation),
        "marketing_spend": _spend(simulation),
        "expenses": _expenses(simulation),
    }


def _organizations(simulation: Simulation) -> pd.DataFrame:
    owners = simulation.business.organizations
    return frame(
        organization_id=[o.key for o in owners],
        name=[o.name for o in owners],
        country=[o.country for o in owners],
        default_currency=[o.currency for o in owners],
        created_at=np.full(len(owners), simulation.plan.first_day - 90).astype("datetime64[s]"),
    )


def _locations(simulation: Simulation) -> pd.DataFrame:
    business = simulation.business
    places = business.locations
    owners = [business.organizations[n] for n in business.organization_of]
    cutoffs = [f"{p.cutoff_minutes // 60:02}:00" if p.cutoff_minutes else None for p in places]
    result = frame(
        organization_id=[o.key for o in owners],
        location_id=[p.key for p in places],
        name=[p.name for p in places],
        timezone=[p.timezone for p in places],
        currency=[p.currency for p in places],
        business_day_cutoff=pd.Series(cutoffs, dtype="str"),
        chairs=np.bincount(simulation.bookings.roster.chair_location, minlength=len(places)),
        is_tax_inclusive=[o.is_tax_inclusive for o in owners],
    )
    for weekday, name in enumerate(WEEKDAYS):
        result[f"hours_{name}"] = [_hours(place.hours[weekday]) for place in places]
    result["opened_date"] = (simulation.plan.first_day - 30).astype("datetime64[s]")
    return result


def _hours(hours: Hours) -> str:
    if hours is None:
        return "closed"
    opens, closes = (f"{m // 60 % 24:02}:{m % 60:02}" for m in hours)
    return f"{opens}-{'24:00' if hours[1] == 1440 else closes}"


def _staff(simulation: Simulation) -> pd.DataFrame:
    people = simulation.bookings.roster.staff
    first = labels(people["first_name"].to_numpy(), FIRST_NAMES)
    last = labels(people["last_name"].to_numpy(), LAST_NAMES)
    key = staff_ids(simulation, np.arange(len(people)))
    owner = organization_ids(simulation, people["organization"].to_numpy())
    persons = frame(
        organization_id=owner,
        staff_id=key,
        name=first + " " + last.str.slice(0, 1) + ".",
        staff_type=where(["person"] * len(people), people["level"].to_numpy() > 0),
        role=labels(people["level"].to_numpy(), LEVELS),
        email=key + "@" + owner + ".example",
        home_location_id=location_ids(simulation, people["location"].to_numpy()),
        is_active=people["is_active"],
        hired_date=people["hired"].to_numpy().astype("datetime64[s]"),
        left_date=people["left"].to_numpy().astype("datetime64[s]"),
    )
    houses = frame(
        organization_id=simulation.business.keys,
        staff_id="house",
        name="House",
        staff_type="house",
        is_active=True,
    )
    return pd.concat([persons, houses], ignore_index=True)


def _shifts(simulation: Simulation) -> pd.DataFrame:
    shifts = simulation.shifts
    location = shifts["location"].to_numpy()
    owner = simulation.business.organization_of[location]
    numbers = pd.Series(owner).groupby(owner).cumcount().to_numpy() + 1
    times = ["scheduled_start_at", "scheduled_end_at", "worked_start_at", "worked_end_at"]
    worked = shifts["is_worked"].to_numpy()
    return frame(
        organization_id=organization_ids(simulation, owner),
        shift_id=ids("sh", numbers),
        staff_id=staff_ids(simulation, shifts["staff"].to_numpy()),
        location_id=location_ids(simulation, location),
        **{name: shifts[name] for name in times},
        paid_break_minutes=where(shifts["paid_break_minutes"], worked),
        unpaid_break_minutes=shifts["unpaid_break_minutes"],
        blocked_minutes=shifts["blocked_minutes"],
        declared_cash_tips=where(shifts["tips"], worked & (shifts["tips"] > 0)),
    )


def _campaigns(simulation: Simulation) -> pd.DataFrame:
    rows = simulation.campaigns
    start = rows["started_at"]
    return frame(
        organization_id=organization_ids(simulation, rows["organization"].to_numpy()),
        campaign_id=numbered("cm", rows),
        name="Newsletter " + start.dt.strftime("%Y-%m").astype("str"),
        channel=labels(rows["channel"].to_numpy(), CHANNELS),
        started_at=start,
        ended_at=start + pd.Timedelta(hours=2),
    )


def _sends(simulation: Simulation) -> pd.DataFrame:
    rows = simulation.sends
    times = ["sent_at", "delivered_at", "opened_at", "clicked_at", "bounced_at", "unsubscribed_at"]
    return frame(
        organization_id=organization_ids(simulation, rows["organization"].to_numpy()),
        campaign_send_id=numbered("cs", rows),
        campaign_id=numbered("cm", simulation.campaigns, rows["campaign"].to_numpy()),
        customer_id=client_ids(simulation, rows["client"].to_numpy()),
        is_holdout=rows["is_holdout"],
        **{name: rows[name] for name in times},
    )


def _spend(simulation: Simulation) -> pd.DataFrame:
    rows = simulation.spend
    owner = rows["organization"].to_numpy()
    place = main_location(simulation, owner)
    return frame(
        organization_id=organization_ids(simulation, owner),
        marketing_spend_id=numbered("ms", rows),
        channel=labels(rows["channel"].to_numpy(), CHANNELS),
        amount=rows["amount"],
        currency=currencies(simulation, place, np.ones(len(rows), dtype=bool)),
        spend_date=rows["date"],
    )


def _expenses(simulation: Simulation) -> pd.DataFrame:
    rows = simulation.expenses
    place = rows["location"].to_numpy()
    return frame(
        organization_id=organization_ids(simulation, rows["organization"].to_numpy()),
        expense_id=numbered("ex", rows),
        location_id=location_ids(simulation, place),
        category=labels(rows["category"].to_numpy(), list(EXPENSES)),
        amount=rows["amount"],
        currency=currencies(simulation, place, np.ones(len(rows), dtype=bool)),
        expense_date=rows["date"],
    )
