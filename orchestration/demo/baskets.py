"""What is booked: one to three services a booking, their lengths and who performs them.

Put here the services of bookings. Do not put here when they take place (schedule.py) nor what they
are charged at (tills.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import Array, pick, rank_in_runs, sum_before
from orchestration.demo.catalog import SERVICES, service_weights
from orchestration.demo.setting import Setting

MAIN_SHARE = 0.68
SIZES = (0.63, 0.29, 0.08)


def make_baskets(setting: Setting, visits: pd.DataFrame) -> pd.DataFrame:
    """One row per service of a booking: `booking`, `ordinal`, `service`, lengths, offset."""
    rng, business = setting.plan.random("baskets"), setting.business
    size = len(visits)
    location = visits["location"].to_numpy()
    main = _main_services(rng, setting, visits)
    counts = pick(rng, SIZES, size) + 1
    booking = np.repeat(np.arange(size), counts)
    ordinal = rank_in_runs(booking)
    service = np.where(ordinal == 0, main[booking], -1)
    add_ons = np.array([service.is_add_on for service in SERVICES])
    for menu in ("salon", "barber", "spa"):
        is_here = np.array([place.menu == menu for place in business.locations])
        chosen = np.flatnonzero((ordinal > 0) & is_here[location[booking]])
        weights = service_weights(menu) * np.where(add_ons, 4.0, 0.35)
        service[chosen] = pick(rng, weights, len(chosen))
    lengths = np.array([service.minutes for service in SERVICES])[service]
    processing = np.array([service.processing for service in SERVICES])[service]
    return pd.DataFrame(
        {
            "booking": booking,
            "ordinal": ordinal,
            "service": service,
            "minutes": lengths,
            "processing": processing,
            "offset": sum_before(lengths, booking),
        }
    )


def _main_services(rng: np.random.Generator, setting: Setting, visits: pd.DataFrame) -> Array:
    """Mostly the client's usual service, at home; else what the place is known for."""
    business, clients = setting.business, setting.clients
    client = visits["client"].to_numpy()
    location = visits["location"].to_numpy()
    usual = clients["main_service"].to_numpy()[np.maximum(client, 0)]
    home = clients["home"].to_numpy()[np.maximum(client, 0)]
    is_usual = (client >= 0) & (home == location) & (rng.random(len(visits)) < MAIN_SHARE)
    other = np.zeros(len(visits), dtype=np.int64)
    for menu in ("salon", "barber", "spa"):
        is_here = np.array([place.menu == menu for place in business.locations])
        chosen = np.flatnonzero(is_here[location])
        other[chosen] = pick(rng, service_weights(menu), len(chosen))
    return np.where(is_usual, usual, other)
