"""Services, products and their price history as entities.

Put here the entities of the price list. Do not put here the other entities of the business
(rendering_business.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import Array, ids, labels
from orchestration.demo.catalog import PRODUCTS, SERVICES
from orchestration.demo.rendering import (
    SERVICE_WIDTH,
    Tables,
    frame,
    location_ids,
    main_location,
    organization_ids,
)
from orchestration.demo.simulation import Simulation


def render_catalog(simulation: Simulation) -> Tables:
    """The entities of this module, by name."""
    return {
        "services": _services(simulation),
        "products": _products(simulation),
        "catalog_prices": _catalog_prices(simulation),
    }


def _per_organization(simulation: Simulation, count: int) -> tuple[Array, Array]:
    size = len(simulation.business.organizations)
    return np.repeat(np.arange(size), count), np.tile(np.arange(count), size)


def _services(simulation: Simulation) -> pd.DataFrame:
    owner, item = _per_organization(simulation, len(SERVICES))
    today = np.full(len(owner), simulation.plan.as_of)
    return frame(
        organization_id=organization_ids(simulation, owner),
        service_id=ids("s", item + 1, SERVICE_WIDTH),
        name=labels(item, [s.name for s in SERVICES]),
        category=labels(item, [s.category for s in SERVICES]),
        duration_minutes=np.array([s.minutes for s in SERVICES])[item],
        processing_minutes=np.array([s.processing for s in SERVICES])[item],
        price=simulation.prices.of_services(main_location(simulation, owner), item, today),
        cost=np.array([s.cost for s in SERVICES])[item],
        is_add_on=np.array([s.is_add_on for s in SERVICES])[item],
        is_active=True,
    )


def _products(simulation: Simulation) -> pd.DataFrame:
    owner, item = _per_organization(simulation, len(PRODUCTS))
    today = np.full(len(owner), simulation.plan.as_of)
    return frame(
        organization_id=organization_ids(simulation, owner),
        product_id=ids("p", item + 1, SERVICE_WIDTH),
        name=labels(item, [p.name for p in PRODUCTS]),
        category=labels(item, [p.category for p in PRODUCTS]),
        brand=labels(item, [p.brand for p in PRODUCTS]),
        supplier=labels(item, [p.supplier for p in PRODUCTS]),
        price=simulation.prices.of_products(main_location(simulation, owner), item, today),
        cost=np.array([p.cost for p in PRODUCTS])[item],
        is_active=True,
    )


def _catalog_prices(simulation: Simulation) -> pd.DataFrame:
    """One price everywhere, taken from the first location, and those of places that differ."""
    prices = simulation.prices
    costs = {
        "service": (prices.services, np.array([s.cost for s in SERVICES])),
        "product": (prices.products, np.array([p.cost for p in PRODUCTS])),
    }
    return pd.concat(
        [_price_rows(simulation, kind, table, cost) for kind, (table, cost) in costs.items()],
        ignore_index=True,
    )


def _price_rows(simulation: Simulation, kind: str, table: Array, cost: Array) -> pd.DataFrame:
    owner_of = simulation.business.organization_of
    places = np.arange(len(owner_of))
    main = main_location(simulation, owner_of)
    differs = (table != table[main]).any(axis=(1, 2)) | (main == places)
    place, item, year = (grid.ravel() for grid in np.indices(table.shape))
    place, item, year = (values[differs[place]] for values in (place, item, year))
    everywhere = main[place] == place
    return frame(
        organization_id=organization_ids(simulation, owner_of[place]),
        item_type=kind,
        item_id=ids(kind[0], item + 1, SERVICE_WIDTH),
        location_id=location_ids(simulation, np.where(everywhere, -1, place)),
        price=table[place, item, year],
        cost=cost[item],
        valid_from_at=simulation.prices.valid_from[year].astype("datetime64[s]"),
    )
