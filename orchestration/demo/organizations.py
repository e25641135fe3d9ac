"""The four businesses that every demo has: their locations, clocks, money, taxes and hours.

Put here what an owner would say about the business itself. Do not put here what it sells
(catalog.py), who works there (staffing.py) nor who comes (clients.py).
"""

from __future__ import annotations

from dataclasses import dataclass

Hours = tuple[int, int] | None
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Tax:
    """One kind of tax; rates in ten-thousandths."""

    name: str
    on_services: int
    on_products: int


@dataclass(frozen=True, slots=True)
class Location:
    """A place; hours in minutes after local midnight, beyond 1440 on the next morning."""

    key: str
    name: str
    timezone: str
    currency: str
    weight: float
    hours: tuple[Hours, ...]
    taxes: tuple[Tax, ...]
    tip_share: float
    walk_ins: float
    price_percent: int = 100
    cutoff_minutes: int = 0
    menu: str = "salon"


@dataclass(frozen=True, slots=True)
class Organization:
    """A business; `share` is its part of all clients."""

    key: str
    name: str
    country: str
    currency: str
    exponent: int
    share: float
    locations: tuple[Location, ...]
    is_tax_inclusive: bool = False
    has_payments: bool = True
    has_loyalty: bool = True
    states_attendance: bool = False
    price_step: int = 50
    price_percent: int = 100


def _week(
    monday: Hours, midweek: Hours, late: Hours, saturday: Hours, sunday: Hours
) -> tuple[Hours, ...]:
    return (monday, midweek, midweek, late, late, saturday, sunday)


_DAYTIME = _week(None, (540, 1140), (600, 1260), (540, 1080), None)
_NIGHT = _week(None, (780, 1440), (780, 1560), (720, 1560), None)
_COAST = _week((600, 1140), (600, 1140), (600, 1200), (540, 1080), (660, 1020))
_EUROPE = _week(None, (540, 1110), (540, 1200), (540, 960), None)
_SPA = _week((600, 1080), (600, 1080), (600, 1200), (600, 1080), (660, 1020))
_HST = (Tax("HST", 1300, 1300),)
_VAT = (Tax("MwSt", 1900, 1900),)

ORGANIZATIONS = (
    Organization(
        "maple",
        "Maple & Main",
        "CA",
        "CAD",
        2,
        0.55,
        (
            Location(
                "l1", "Queen Street", "America/Toronto", "CAD", 0.5, _DAYTIME, _HST, 0.55, 0.05
            ),
            Location(
                "l2",
                "Night Barbers",
                "America/Toronto",
                "CAD",
                0.25,
                _NIGHT,
                _HST,
                0.6,
                0.15,
                90,
                120,
                "barber",
            ),
            Location(
                "l3",
                "Sunset",
                "America/Los_Angeles",
                "USD",
                0.25,
                _COAST,
                (Tax("Sales tax", 0, 950),),
                0.7,
                0.04,
                120,
            ),
        ),
    ),
    Organization(
        "linden",
        "Haarwerk Linde",
        "DE",
        "EUR",
        2,
        0.3,
        (
            Location("l1", "Mitte", "Europe/Berlin", "EUR", 0.6, _EUROPE, _VAT, 0.35, 0.06),
            Location("l2", "Altona", "Europe/Berlin", "EUR", 0.4, _EUROPE, _VAT, 0.35, 0.06),
        ),
        is_tax_inclusive=True,
        states_attendance=True,
        price_percent=85,
    ),
    Organization(
        "cedar",
        "Cedar Spa",
        "CA",
        "CAD",
        2,
        0.11,
        (
            Location(
                "l1",
                "Albert Street",
                "America/Regina",
                "CAD",
                1.0,
                _SPA,
                (Tax("GST", 500, 500), Tax("PST", 0, 600)),
                0.0,
                0.03,
                menu="spa",
            ),
        ),
        has_payments=False,
        has_loyalty=False,
        states_attendance=True,
        price_percent=110,
    ),
    Organization(
        "sakura",
        "Sakura Hair",
        "JP",
        "JPY",
        0,
        0.04,
        (
            Location(
                "l1",
                "Shimokitazawa",
                "Asia/Tokyo",
                "JPY",
                1.0,
                _COAST,
                (Tax("Shohizei", 1000, 1000),),
                0.0,
                0.05,
            ),
        ),
        has_loyalty=False,
        price_step=100,
    ),
)
