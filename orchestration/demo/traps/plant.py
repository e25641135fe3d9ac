"""All traps together, joined to the entities.

Put here the joining. Do not put here the traps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.contract.model import load_contract
from orchestration.demo.columns import typed
from orchestration.demo.rendering import Tables
from orchestration.demo.simulation import Simulation
from orchestration.demo.traps.appointments import plant_appointments
from orchestration.demo.traps.baskets import plant_baskets
from orchestration.demo.traps.people import plant_people
from orchestration.demo.traps.planter import Planter
from orchestration.demo.traps.points import plant_points
from orchestration.demo.traps.prepaid import plant_prepaid
from orchestration.demo.traps.refunds import plant_refunds
from orchestration.demo.traps.tenders import plant_tenders
from orchestration.demo.traps.tickets import plant_tickets

PLANTERS = (
    plant_people,
    plant_appointments,
    plant_baskets,
    plant_tickets,
    plant_tenders,
    plant_refunds,
    plant_prepaid,
    plant_points,
)


@dataclass(slots=True)
class Delivery:
    """The truth, what is delivered around it, and what the generator knows about profiles."""

    truth: Tables
    before: Tables
    after: Tables
    traps: dict[str, list[dict[str, str]]]
    canonical: dict[tuple[str, str], str]


def plant_traps(simulation: Simulation, tables: Tables) -> Delivery:
    """Add the planted rows; every entity of the contract gets its frame, even an empty one."""
    planter = Planter(simulation.plan, simulation.business)
    # Traps are planted in the first businesses; a later part of a platform does not have them.
    for plant in PLANTERS if simulation.plan.first_organization == 0 else ():
        plant(planter)
    truth = {}
    for name in load_contract().entities:
        parts = [typed(name, tables[name])] if name in tables else []
        parts.append(typed(name, planter.rows.get(name, [])))
        truth[name] = pd.concat(parts, ignore_index=True)
    return Delivery(
        truth=truth,
        before={name: typed(name, rows) for name, rows in planter.before.items()},
        after={name: typed(name, rows) for name, rows in planter.after.items()},
        traps=dict(planter.traps),
        canonical=_canonical(simulation) | planter.merged,
    )


def _canonical(simulation: Simulation) -> dict[tuple[str, str], str]:
    """Second profiles and whose they are, as the simulation knows it."""
    clients = simulation.clients
    twins = clients[clients["twin_number"] > 0]
    keys = np.array(simulation.business.keys)[twins["organization"].to_numpy()]
    pairs = zip(keys, twins["twin_number"], twins["number"], strict=True)
    return {(str(owner), f"c{twin:07}"): f"c{own:07}" for owner, twin, own in pairs}
