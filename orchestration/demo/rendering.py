"""From the books to the native layout: one frame per entity, with the contract's columns.

Conventions of these frames: money is whole minor units, except tax on lines, which is in
ten-thousandths of them (TAX_SCALE); instants are UTC without a zone; days are midnights; keys are
text. files.py turns them into what the contract asks for.

Put here the list of entities and what their renderers share. Do not put here the entities
themselves (rendering_*.py) nor anything that decides what happened.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from orchestration.demo.arrays import Array, ids, labels
from orchestration.demo.simulation import Simulation

Tables = dict[str, pd.DataFrame]
SERVICE_WIDTH, STAFF_WIDTH = 2, 4


def organization_ids(simulation: Simulation, organization: Array) -> pd.Series:
    """Keys of organizations."""
    return labels(organization, simulation.business.keys)


def location_ids(simulation: Simulation, location: Array) -> pd.Series:
    """Keys of locations within their organization."""
    return labels(location, [place.key for place in simulation.business.locations])


def currencies(simulation: Simulation, location: Array, is_stated: Array) -> pd.Series:
    """Currency of the location, where the source states it."""
    names = [place.currency for place in simulation.business.locations]
    return labels(np.where(is_stated, location, -1), names)


def staff_ids(simulation: Simulation, staff: Array) -> pd.Series:
    """Keys of people; -1 is nobody, -2 the house account."""
    numbers = simulation.bookings.roster.staff["number"].to_numpy()
    keys = ids("st", np.where(staff >= 0, numbers[np.maximum(staff, 0)], -1), STAFF_WIDTH)
    return keys.mask(pd.Series(staff == -2), "house")


def client_ids(simulation: Simulation, client: Array) -> pd.Series:
    """Keys of clients' own profiles."""
    numbers = simulation.clients["number"].to_numpy()
    return ids("c", np.where(client >= 0, numbers[np.maximum(client, 0)], -1))


def profile_ids(profile: Array) -> pd.Series:
    """Keys of profiles by their number, which for a second profile is not the client's own."""
    return ids("c", profile)


def numbered(prefix: str, frame: pd.DataFrame, rows: Array | None = None) -> pd.Series:
    """Keys of the frame's rows; with `rows`, of those rows, where negative means none."""
    numbers = frame["number"].to_numpy()
    if rows is None:
        return ids(prefix, numbers)
    if len(numbers) == 0:
        return ids(prefix, np.full(len(rows), -1))
    return ids(prefix, np.where(rows >= 0, numbers[np.maximum(rows, 0)], -1))


def where(values: Any, is_said: Array) -> pd.Series:
    """The values that the source states; the others empty."""
    series = pd.Series(values).reset_index(drop=True)
    if series.dtype.kind == "i":
        series = series.astype("Int64")
    return series.mask(~pd.Series(np.asarray(is_said)))


def frame(**columns: Any) -> pd.DataFrame:
    """A frame of columns given in the contract's names."""
    return pd.DataFrame(columns)


def main_location(simulation: Simulation, owner: Array) -> Array:
    """Position of an organization's first location."""
    return np.searchsorted(simulation.business.organization_of, owner)
