"""Profiles, merges and bookings as entities.

Put here the entities of the appointment book. Do not put here money (rendering_tills.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import NOT_A_TIME, ids, labels, minutes
from orchestration.demo.outcomes import SOURCES, STATUSES
from orchestration.demo.rendering import (
    SERVICE_WIDTH,
    Tables,
    client_ids,
    frame,
    location_ids,
    numbered,
    organization_ids,
    profile_ids,
    staff_ids,
    where,
)
from orchestration.demo.simulation import Simulation

PROFILE_COLUMNS = (
    "first_name",
    "last_name",
    "email",
    "phone",
    "birthday",
    "gender",
    "customer_type",
    "creation_source",
    "acquisition_source",
)
CONSENT_COLUMNS = ("email_consent", "sms_consent", "consent_updated_at", "is_suppressed")


def render_clients(simulation: Simulation) -> Tables:
    """The entities of this module, by name."""
    return {
        "customers": _customers(simulation),
        "customer_merges": _merges(simulation),
        "appointments": _appointments(simulation),
        "appointment_services": _services(simulation),
    }


def _customers(simulation: Simulation) -> pd.DataFrame:
    clients, profiles = simulation.clients, simulation.profiles
    owner = organization_ids(simulation, clients["organization"].to_numpy())
    chair = simulation.bookings.roster.chair_location
    home = clients["home"].to_numpy()
    first, count = np.searchsorted(chair, home), np.bincount(chair)[home]
    favourite = simulation.bookings.roster.first_holder[first + clients["chair"].to_numpy() % count]
    names_one = np.arange(len(clients)) % 5 == 0
    own = frame(
        organization_id=owner,
        customer_id=client_ids(simulation, np.arange(len(clients))),
        **{name: profiles[name] for name in PROFILE_COLUMNS},
        referred_by_customer_id=client_ids(simulation, profiles["referrer"].to_numpy()),
        home_location_id=location_ids(simulation, np.where(names_one, -1, home)),
        preferred_staff_id=staff_ids(simulation, np.where(names_one, favourite, -1)),
        preferred_channel=profiles["preferred_channel"],
        **{name: profiles[name] for name in CONSENT_COLUMNS},
        created_at=profiles["created_at"],
    )
    return pd.concat([own, _twins(simulation, own)], ignore_index=True)


def _twins(simulation: Simulation, own: pd.DataFrame) -> pd.DataFrame:
    """Second profiles with little in them; gone at the source since the merge."""
    twin = simulation.clients["twin_number"].to_numpy()
    row = np.flatnonzero(twin > 0)
    kept = ["organization_id", "first_name", "last_name", "phone", "created_at"]
    result = own.iloc[row][kept].reset_index(drop=True)
    result["customer_id"] = profile_ids(twin[row])
    result["creation_source"] = "till"
    result["deleted_at"] = simulation.bookings.merged_at[row]
    return result


def _merges(simulation: Simulation) -> pd.DataFrame:
    clients = simulation.clients
    twin = clients["twin_number"].to_numpy()
    row = np.flatnonzero(twin > 0)
    return frame(
        organization_id=organization_ids(simulation, clients["organization"].to_numpy()[row]),
        from_customer_id=profile_ids(twin[row]),
        to_customer_id=client_ids(simulation, row),
        merged_at=simulation.bookings.merged_at[row],
        unmerged_at=np.full(len(row), NOT_A_TIME),
    )


def _appointments(simulation: Simulation) -> pd.DataFrame:
    rows = simulation.bookings.rows
    rows = rows[rows["number"] > 0].reset_index(drop=True)
    owner = rows["organization"].to_numpy()
    keys = np.array(simulation.business.keys)[owner]
    changed = np.where(rows["cancelled_at"].isna(), rows["created_at"], rows["cancelled_at"])
    has_versions, has_updates = (
        np.char.startswith(keys, "maple"),
        np.char.startswith(keys, "linden"),
    )
    reason = np.where(rows["cancelled_at"].isna(), -1, rows.index % 4)
    return frame(
        organization_id=organization_ids(simulation, owner),
        appointment_id=numbered("b", rows),
        version=where(1 + (reason >= 0), has_versions),
        updated_at=where(changed, has_updates),
        deleted_at=rows["deleted_at"],
        location_id=location_ids(simulation, rows["location"].to_numpy()),
        customer_id=profile_ids(rows["profile"].to_numpy()),
        status=labels(rows["status"].to_numpy(), STATUSES),
        source=labels(rows["source"].to_numpy(), SOURCES),
        created_at=rows["created_at"],
        start_at=rows["start_at"],
        end_at=rows["end_at"],
        cancelled_at=rows["cancelled_at"],
        cancellation_reason=labels(reason, ["ill", "work", "no reason given", None]),
    )


def _services(simulation: Simulation) -> pd.DataFrame:
    bookings, prices = simulation.bookings, simulation.prices
    number = bookings.rows["number"].to_numpy()
    services = bookings.services
    services = services[number[services["booking"].to_numpy()] > 0]
    booking = services["booking"].to_numpy()
    rows = bookings.rows.iloc[booking]
    start = rows["start_at"].to_numpy() + minutes(services["offset"].to_numpy())
    location, service = rows["location"].to_numpy(), services["service"].to_numpy()
    price = prices.of_services(location, service, rows["created_at"].to_numpy())
    processing = services["processing"].to_numpy()
    return frame(
        organization_id=organization_ids(simulation, rows["organization"].to_numpy()),
        appointment_id=ids("b", number[booking]),
        appointment_service_id=labels(services["ordinal"].to_numpy(), ("1", "2", "3")),
        service_id=ids("s", service + 1, SERVICE_WIDTH),
        staff_id=staff_ids(simulation, services["staff"].to_numpy()),
        start_at=start,
        duration_minutes=services["minutes"].to_numpy(),
        processing_minutes=where(processing, processing > 0),
        price=price,
        is_requested=where(services["is_requested"].to_numpy(), rows["source"].to_numpy() != 5),
    )
