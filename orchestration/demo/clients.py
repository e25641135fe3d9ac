"""Who comes: habits that drive the visits, and the profiles that the booking system keeps of them.

Put here what is true of a client over the years. Do not put here single visits (visits.py) nor the
profiles planted for a trap (traps).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.demo.arrays import (
    NOT_A_TIME,
    Array,
    labels,
    pick,
    rank_within,
    seconds,
    text_series,
)
from orchestration.demo.business import Business
from orchestration.demo.catalog import service_weights
from orchestration.demo.names import FIRST_NAMES, LAST_NAMES
from orchestration.demo.plan import Plan
from orchestration.demo.setting import Setting

# kind: share, days between visits, chance not to come back after a visit, no-show chance
KINDS = {
    "never": (0.04, 60.0, 1.0, 0.0),
    "once": (0.2, 60.0, 1.0, 0.07),
    "occasional": (0.33, 80.0, 0.11, 0.05),
    "regular": (0.31, 37.0, 0.035, 0.03),
    "frequent": (0.12, 19.0, 0.02, 0.015),
}
EXISTING_SHARE = 0.35
DEAL_SEEKERS = 0.12
CREATION_SOURCES = ("online", "till", "app", "import", "phone", None)
ACQUISITION_SOURCES = ("friend", "search", "instagram", "walk-by", "directory", None)
GENDERS = ("female", "male", "other", None)
CHANNELS = ("email", "sms", "phone", "post", None)


def make_clients(plan: Plan, business: Business) -> pd.DataFrame:
    """One row per client: business, home, habits. `number` counts within the organization."""
    rng = plan.random("clients")
    size = plan.customers
    organization = np.sort(pick(rng, business.shares, size))
    home, main_service = np.zeros((2, size), dtype=np.int64)
    for owner in range(len(business.organizations)):
        here = np.flatnonzero(organization == owner)
        places = business.locations_of(owner)
        sizes = [business.locations[place].weight for place in places]
        home[here] = places[pick(rng, sizes, len(here))]
    for place in range(len(business.locations)):
        here = np.flatnonzero(home == place)
        weights = service_weights(business.locations[place].menu)
        main_service[here] = pick(rng, weights, len(here))
    kind = pick(rng, [row[0] for row in KINDS.values()], size)
    cadence = np.array([row[1] for row in KINDS.values()])[kind] * rng.lognormal(0, 0.3, size)
    cadence /= plan.frequency
    leaving = np.array([row[2] for row in KINDS.values()])
    leaving = np.where(leaving < 1, leaving / plan.frequency, leaving)
    span = plan.days - 90
    arrival = np.where(
        rng.random(size) < EXISTING_SHARE,
        rng.random(size) * cadence,
        span * rng.random(size) ** 0.85,
    )
    return pd.DataFrame(
        {
            "organization": organization,
            "number": rank_within(organization) + 1,
            "home": home,
            "kind": kind,
            "cadence": cadence,
            "leaving": leaving[kind],
            "no_show": np.array([row[3] for row in KINDS.values()])[kind],
            "arrival": arrival,
            "main_service": main_service,
            "chair": rng.integers(0, 1 << 30, size),
            "is_deal_seeker": rng.random(size) < DEAL_SEEKERS,
            "twin_number": _twin_numbers(rng, organization),
        }
    )


def _twin_numbers(rng: np.random.Generator, organization: Array) -> Array:
    """About one client in a hundred has a second profile, merged later; 0 means none."""
    has_twin = rng.random(len(organization)) < 0.012
    sizes = np.bincount(organization)
    twins = np.zeros(len(organization), dtype=np.int64)
    chosen = np.flatnonzero(has_twin)
    twins[chosen] = sizes[organization[chosen]] + rank_within(organization[chosen]) + 1
    return twins


def make_profiles(setting: Setting, first_seen: Array) -> pd.DataFrame:
    """The profile columns of each client. `first_seen` is when they first booked, NaT if never."""
    plan, clients = setting.plan, setting.clients
    rng = plan.random("profiles")
    size = len(clients)
    first = rng.integers(0, len(FIRST_NAMES), size)
    last = rng.integers(0, len(LAST_NAMES), size)
    created = _created(plan, rng, first_seen)
    asked = rng.random(size)
    consent_at = created + seconds(rng.integers(0, 86_400 * 20, size))
    is_known = (asked < 0.8) & (consent_at <= plan.as_of)
    return pd.DataFrame(
        {
            "first_name": labels(first, FIRST_NAMES),
            "last_name": labels(last, LAST_NAMES),
            "email": _emails(rng, clients),
            "phone": _phones(rng, size),
            "birthday": _birthdays(plan, rng, size),
            "gender": labels(pick(rng, [0.6, 0.3, 0.02, 0.08], size), GENDERS),
            "customer_type": labels(np.where(rng.random(size) < 0.5, 0, -1), ["client"]),
            "creation_source": labels(pick(rng, [5, 3, 2, 1, 1, 1], size), CREATION_SOURCES),
            "acquisition_source": labels(pick(rng, [3, 3, 3, 2, 1, 3], size), ACQUISITION_SOURCES),
            "preferred_channel": labels(pick(rng, [5, 4, 1, 0.2, 3], size), CHANNELS),
            "email_consent": _flags(asked < 0.62, is_known),
            "sms_consent": _flags(rng.random(size) < 0.5, is_known & (rng.random(size) < 0.8)),
            "consent_updated_at": np.where(is_known, consent_at, NOT_A_TIME),
            "is_suppressed": _flags(rng.random(size) < 0.02, rng.random(size) < 0.7),
            "created_at": created,
            "referrer": _referrers(rng, clients),
        }
    )


def _created(plan: Plan, rng: np.random.Generator, first_seen: Array) -> Array:
    """Mostly at the first booking, some imported long after it, always before as_of."""
    size = len(first_seen)
    late = np.where(rng.random(size) < 0.06, rng.integers(0, 200 * 86_400, size), -30)
    anywhere = plan.first_day.astype("datetime64[s]") + seconds(
        rng.integers(0, (plan.days - 80) * 86_400, size)
    )
    created = np.where(np.isnat(first_seen), anywhere, first_seen + seconds(late))
    return np.minimum(created, plan.as_of - np.timedelta64(60, "s"))


def _flags(values: Array, is_known: Array) -> pd.Series:
    return pd.Series(pd.arrays.BooleanArray(values, ~is_known))


def _emails(rng: np.random.Generator, clients: pd.DataFrame) -> pd.Series:
    numbers = clients["number"].to_numpy()
    known = rng.random(len(numbers)) < 0.86
    codes = pc.cast(pa.array(numbers, mask=~known), pa.string())
    return text_series(pc.binary_join_element_wise("client", codes, "@example.com", ""))


def _phones(rng: np.random.Generator, size: int) -> pd.Series:
    known = rng.random(size) < 0.88
    digits = pc.cast(pa.array(rng.integers(1000, 10_000, size), mask=~known), pa.string())
    areas = pa.array([("+1 416 555 ", "(604) 555-", "030 555 ")[n] for n in range(3)])
    area = pc.take(areas, pa.array(rng.integers(0, 3, size)))
    return text_series(pc.binary_join_element_wise(area, digits, ""))


def _birthdays(plan: Plan, rng: np.random.Generator, size: int) -> pd.Series:
    """Full dates, dates whose year is unknown (0000-04-12), and nothing."""
    ages = np.clip(rng.normal(39, 13, size), 12, 90) * 365.25
    days = plan.as_of.astype("datetime64[D]") - ages.astype("timedelta64[D]")
    text = pc.cast(pa.array(days.astype("datetime64[D]")), pa.string())
    draw = rng.random(size)
    yearless = pc.binary_join_element_wise("0000", pc.utf8_slice_codeunits(text, 4), "")
    text = pc.if_else(pa.array(draw < 0.2), yearless, text)
    return text_series(pc.if_else(pa.array(draw < 0.72), text, pa.scalar(None, pa.string())))


def _referrers(rng: np.random.Generator, clients: pd.DataFrame) -> Array:
    """The client (row) of the same organization who referred this one; -1 for none."""
    organization = clients["organization"].to_numpy()
    starts = np.searchsorted(organization, organization)
    ranks = np.arange(len(clients)) - starts
    chosen = starts + np.floor(rng.random(len(clients)) * ranks).astype(np.int64)
    return np.where((rng.random(len(clients)) < 0.07) & (ranks > 0), chosen, -1)
