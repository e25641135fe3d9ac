"""What is on the tickets, at list price: services, products, gift cards, memberships, fees.

Put here lines and their gross. Do not put here package sessions (packages.py), discounts
(discounts.py) nor tax and totals (totals.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import Array, pick, round_half_away
from orchestration.demo.bookings import Bookings
from orchestration.demo.business import Business
from orchestration.demo.catalog import PRODUCTS
from orchestration.demo.setting import Setting
from orchestration.demo.tickets import FEE, MEMBERSHIP, RETAIL, VISIT

LINE_TYPES = ("service", "product", "gift_card", "package", "membership", "fee", "service_charge")
SERVICE, PRODUCT, GIFT_CARD, PACKAGE, MEMBERSHIP_LINE, FEE_LINE, SERVICE_CHARGE = range(7)
BUYS_WITH_VISIT = 0.17
GIFT_CARD_VALUES = np.array([2500, 5000, 10_000, 15_000])
LATE_CHARGE = 500
NO_SHOW_FEE = 2500


def make_lines(
    setting: Setting, bookings: Bookings, tickets: pd.DataFrame, memberships: pd.DataFrame
) -> pd.DataFrame:
    """One row per line: `ticket`, `line_type`, `item`, `staff`, `quantity`, `gross` (minor)."""
    business = setting.business
    rng = setting.plan.random("lines")
    parts = [
        _services(setting, bookings, tickets),
        _products(rng, setting, bookings, tickets),
        _gift_cards(rng, business, tickets),
        _others(rng, business, tickets, memberships),
    ]
    lines = pd.concat([part for part in parts if len(part)], ignore_index=True)
    order = np.lexsort((lines["line_type"], lines["ticket"]))
    lines = lines.iloc[order].reset_index(drop=True)
    lines["discount"], lines["discount_type"], lines["code"] = 0, -1, -1
    return lines


def line_frame(ticket: Array, line_type: int, gross: Array, **others: Array | int) -> pd.DataFrame:
    """Lines with the usual defaults."""
    columns = {"item": -1, "staff": -1, "quantity": 1, "service_row": -1} | others
    return pd.DataFrame({"ticket": ticket, "line_type": line_type, "gross": gross, **columns})


def without_tax(business: Business, location: Array, price: Array, rate: Array) -> Array:
    """The net part of a list price where the business lists prices with tax."""
    inclusive = business.flag("is_tax_inclusive")[business.organization_of[location]]
    net = round_half_away(price * 10_000, 10_000 + rate)
    return np.where(inclusive, net, price)


def rates(business: Business, line_type: Array, location: Array) -> Array:
    """Tax rate in ten-thousandths of each line, all kinds together."""
    services = np.array([sum(t.on_services for t in p.taxes) for p in business.locations])
    products = np.array([sum(t.on_products for t in p.taxes) for p in business.locations])
    as_service = np.isin(line_type, (SERVICE, PACKAGE, MEMBERSHIP_LINE))
    rate = np.where(as_service, services[location], 0)
    return np.where(line_type == PRODUCT, products[location], rate)


def _services(setting: Setting, bookings: Bookings, tickets: pd.DataFrame) -> pd.DataFrame:
    business, prices = setting.business, setting.prices
    ticket_of = np.full(len(bookings.rows), -1)
    visits = np.flatnonzero(tickets["kind"] == VISIT)
    ticket_of[tickets["booking"].to_numpy()[visits]] = visits
    services = bookings.services
    ticket = ticket_of[services["booking"].to_numpy()]
    row = np.flatnonzero(ticket >= 0)
    booking = services["booking"].to_numpy()[row]
    location = bookings.rows["location"].to_numpy()[booking]
    service = services["service"].to_numpy()[row]
    booked_on = bookings.rows["created_at"].to_numpy()[booking]
    price = prices.of_services(location, service, booked_on)
    rate = rates(business, np.full(len(row), SERVICE), location)
    return line_frame(
        ticket[row],
        SERVICE,
        without_tax(business, location, price, rate),
        item=service,
        staff=services["staff"].to_numpy()[row],
        service_row=row,
    )


def _products(
    rng: np.random.Generator, setting: Setting, bookings: Bookings, tickets: pd.DataFrame
) -> pd.DataFrame:
    business, prices = setting.business, setting.prices
    kind = tickets["kind"].to_numpy()
    counts = pick(rng, [0.72, 0.22, 0.06], len(tickets)) + 1
    buys = (kind == VISIT) & (rng.random(len(tickets)) < BUYS_WITH_VISIT)
    ticket = np.repeat(np.arange(len(tickets)), np.where(buys | (kind == RETAIL), counts, 0))
    location = tickets["location"].to_numpy()[ticket]
    product = pick(rng, [p.weight for p in PRODUCTS], len(ticket))
    quantity = 1 + (rng.random(len(ticket)) < 0.08)
    price = prices.of_products(location, product, tickets["created_at"].to_numpy()[ticket])
    rate = rates(business, np.full(len(ticket), PRODUCT), location)
    booking = tickets["booking"].to_numpy()[ticket]
    chair = bookings.rows["chair"].to_numpy()[np.maximum(booking, 0)]
    day = bookings.rows["day"].to_numpy()[np.maximum(booking, 0)]
    seller = np.where(booking >= 0, bookings.roster.holders(chair, day), -2)
    return line_frame(
        ticket,
        PRODUCT,
        without_tax(business, location, price, rate) * quantity,
        item=product,
        staff=seller,
        quantity=quantity,
    )


def _gift_cards(
    rng: np.random.Generator, business: Business, tickets: pd.DataFrame
) -> pd.DataFrame:
    """Gift cards are bought along with something else, most of all in December."""
    month = tickets["created_at"].to_numpy().astype("datetime64[M]").astype(int) % 12
    chance = np.where(month == 11, 0.05, 0.006)
    sells = tickets["kind"].isin([VISIT, RETAIL]).to_numpy() & (tickets["client"] >= 0).to_numpy()
    sells &= business.flag("has_payments")[tickets["organization"].to_numpy()]
    ticket = np.flatnonzero(sells & (rng.random(len(tickets)) < chance))
    value = GIFT_CARD_VALUES[pick(rng, [2, 4, 3, 1], len(ticket))]
    return line_frame(ticket, GIFT_CARD, value, staff=-2)


def _others(
    rng: np.random.Generator, business: Business, tickets: pd.DataFrame, memberships: pd.DataFrame
) -> pd.DataFrame:
    kind = tickets["kind"].to_numpy()
    fees = np.flatnonzero(kind == FEE)
    bills = np.flatnonzero(kind == MEMBERSHIP)
    membership = tickets["membership"].to_numpy()[bills]
    late = np.array([place.cutoff_minutes > 0 for place in business.locations])
    is_late = late[tickets["location"].to_numpy()] & (kind == VISIT)
    charged = np.flatnonzero(is_late & (rng.random(len(tickets)) < 0.04))
    parts = [
        line_frame(fees, FEE_LINE, np.full(len(fees), NO_SHOW_FEE)),
        line_frame(
            bills, MEMBERSHIP_LINE, memberships["price"].to_numpy()[membership], item=membership
        ),
        line_frame(charged, SERVICE_CHARGE, np.full(len(charged), LATE_CHARGE)),
    ]
    return pd.concat(parts, ignore_index=True)
