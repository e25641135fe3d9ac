"""What the businesses sell: services, products, packages, and the prices they had over the years.

Put here price lists and their rises. Do not put here what was sold to whom (tills.py).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from orchestration.demo.arrays import Array
from orchestration.demo.business import Business
from orchestration.demo.plan import Plan


class Service(NamedTuple):
    """A service; money in hundredths, scaled per business."""

    name: str
    category: str
    minutes: int
    processing: int
    price: int
    cost: int
    salon: float
    barber: float
    spa: float
    is_add_on: bool = False


class Product(NamedTuple):
    """A retail product; money in hundredths, scaled per business."""

    name: str
    category: str
    brand: str
    supplier: str
    price: int
    cost: int
    weight: float


SERVICES = (
    Service("Cut & finish", "Cut", 45, 0, 6200, 250, 5, 2, 0.5),
    Service("Short cut", "Cut", 30, 0, 3800, 120, 3, 6, 0),
    Service("Blow-dry", "Styling", 30, 0, 4200, 180, 2, 0.2, 1),
    Service("Root colour", "Colour", 90, 30, 9800, 1400, 3, 0.2, 0),
    Service("Full colour", "Colour", 120, 45, 14200, 2100, 1.4, 0.1, 0),
    Service("Balayage", "Colour", 150, 45, 21500, 3300, 0.9, 0, 0),
    Service("Gloss", "Colour", 30, 15, 4500, 700, 1, 0.1, 0, True),
    Service("Beard trim", "Barber", 15, 0, 2400, 80, 0.3, 4, 0, True),
    Service("Deep treatment", "Care", 15, 10, 2600, 500, 1.5, 0.5, 1.5, True),
    Service("Facial", "Skin", 60, 0, 11000, 1200, 0.2, 0.1, 4),
    Service("Massage", "Body", 60, 0, 12000, 600, 0.1, 0.1, 4),
    Service("Brow shaping", "Skin", 15, 0, 2800, 150, 0.6, 0.6, 2, True),
)
PRODUCTS = (
    Product("Shampoo 250 ml", "Hair care", "Nordlys", "Beauty Wholesale", 2650, 1180, 5),
    Product("Conditioner 250 ml", "Hair care", "Nordlys", "Beauty Wholesale", 2850, 1260, 4),
    Product("Hair oil", "Hair care", "Nordlys", "Beauty Wholesale", 3900, 1650, 2),
    Product("Matte clay", "Styling", "Kopf", "Kopf Direct", 2400, 900, 3),
    Product("Texture spray", "Styling", "Kopf", "Kopf Direct", 2950, 1150, 2),
    Product("Beard balm", "Beard", "Kopf", "Kopf Direct", 2150, 800, 1),
    Product("Day cream", "Skin care", "Maris", "Maris Labs", 5800, 2400, 1),
    Product('Serum "Nuit", 30 ml', "Skin care", "Maris", "Maris Labs", 7400, 3100, 0.7),
)
PACKAGE_SESSIONS = 5
PACKAGE_PERCENT = 85
PRICE_RISE = 1.04


def service_weights(menu: str) -> Array:
    """How often each service is chosen in a salon, a barber shop or a spa."""
    return np.array([float(getattr(service, menu)) for service in SERVICES])


class PriceList:
    """List prices by location, item and price year, in the location's minor unit."""

    def __init__(self, plan: Plan, business: Business) -> None:
        """Raise every price on the first of March of every year of the plan."""
        years = plan.first_day.astype("datetime64[Y]") + np.arange(plan.years + 3)
        rises = (years.astype("datetime64[M]") + 2).astype("datetime64[D]")
        self.rises = rises[(rises > plan.first_day) & (rises <= plan.last_day)]
        self.valid_from = np.concatenate([[plan.first_day - 365], self.rises])
        self.services = _prices(business, [s.price for s in SERVICES], len(self.valid_from))
        self.products = _prices(business, [p.price for p in PRODUCTS], len(self.valid_from))

    def year_of(self, days: Array) -> Array:
        """Which price year a day is in."""
        return np.searchsorted(self.rises, days.astype("datetime64[D]"), side="right")

    def of_services(self, locations: Array, services: Array, days: Array) -> Array:
        """List price of services, tax included where the business lists it so."""
        return np.asarray(self.services[locations, services, self.year_of(days)])

    def of_products(self, locations: Array, products: Array, days: Array) -> Array:
        """List price of products, tax included where the business lists it so."""
        return np.asarray(self.products[locations, products, self.year_of(days)])


def _prices(business: Business, base: list[int], years: int) -> Array:
    result = np.zeros((len(business.locations), len(base), years), dtype=np.int64)
    rises = PRICE_RISE ** np.arange(years)
    for number, place in enumerate(business.locations):
        owner = business.organizations[business.organization_of[number]]
        factor = owner.price_percent * place.price_percent / 10_000
        raw = np.array(base)[:, None] * factor * rises[None, :]
        result[number] = np.round(raw / owner.price_step).astype(np.int64) * owner.price_step
    return result
