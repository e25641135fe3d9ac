"""Tickets, lines and their taxes as entities.

Put here what was sold. Do not put here how it was paid (rendering_payments.py) nor what is owed
(rendering_liabilities.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import Array, ids, labels, members, rank_within, to_local
from orchestration.demo.catalog import PRODUCTS, SERVICES
from orchestration.demo.discounts import CODES, DISCOUNT_TYPES
from orchestration.demo.lines import (
    GIFT_CARD,
    LINE_TYPES,
    MEMBERSHIP_LINE,
    PACKAGE,
    PRODUCT,
    SERVICE,
)
from orchestration.demo.rendering import (
    SERVICE_WIDTH,
    Tables,
    currencies,
    frame,
    location_ids,
    numbered,
    organization_ids,
    profile_ids,
    staff_ids,
    where,
)
from orchestration.demo.simulation import Simulation
from orchestration.demo.tickets import CLOSED, TICKET_STATUSES


def render_tills(simulation: Simulation) -> Tables:
    """The entities of this module, by name."""
    tickets = simulation.tickets
    said = {name: simulation.business.flag(name) for name in ("has_payments", "states_attendance")}
    owner = tickets["organization"].to_numpy()
    has_times, terse = said["has_payments"][owner], said["states_attendance"][owner]
    lines = _lines(simulation, has_times)
    number = rank_within(simulation.lines["ticket"].to_numpy())
    order = np.lexsort((number, simulation.lines["ticket"]))
    return {
        "sales": _sales(simulation, has_times, terse),
        "sale_lines": lines.iloc[order].reset_index(drop=True),
        "sale_line_taxes": _line_taxes(simulation, lines),
    }


def _sales(simulation: Simulation, has_times: Array, terse: Array) -> pd.DataFrame:
    """Where the source gives no times, tickets have only their local day."""
    tickets = simulation.tickets
    location = tickets["location"].to_numpy()
    business = simulation.business
    when = tickets["closed_at"].fillna(tickets["created_at"]).to_numpy()
    day = to_local(when, business.zone_of[location], business.zones).astype("datetime64[D]")
    is_closed = tickets["status"].to_numpy() == CLOSED
    booking = np.where(tickets["is_linked"], tickets["booking"], -1)
    total = tickets["total"].to_numpy()
    seller = np.where(tickets.index % 3 == 0, -2, -1)
    return frame(
        organization_id=organization_ids(simulation, tickets["organization"].to_numpy()),
        sale_id=numbered("t", tickets),
        location_id=location_ids(simulation, location),
        customer_id=profile_ids(tickets["profile"].to_numpy()),
        appointment_id=numbered("b", simulation.bookings.rows, booking),
        staff_id=staff_ids(simulation, seller),
        status=labels(
            np.where(is_closed & ~has_times, -1, tickets["status"].to_numpy()), TICKET_STATUSES
        ),
        currency=currencies(simulation, location, ~terse),
        created_at=where(tickets["created_at"], has_times),
        closed_at=where(tickets["closed_at"], has_times),
        sale_date=where(day.astype("datetime64[s]"), ~has_times),
        total_amount=where(total, ~terse & (total != 0)),
    )


def _lines(simulation: Simulation, has_times: Array) -> pd.DataFrame:
    """Lines in the order of the books."""
    lines, tickets = simulation.lines, simulation.tickets
    ticket = lines["ticket"].to_numpy()
    number = rank_within(ticket) + 1
    line_type = lines["line_type"].to_numpy()
    discount, kind = lines["discount"].to_numpy(), lines["discount_type"].to_numpy()
    ordinal = simulation.bookings.services["ordinal"].to_numpy()
    service_row = lines["service_row"].to_numpy()
    is_linked = (service_row >= 0) & tickets["is_linked"].to_numpy()[ticket]
    booked = np.where(is_linked, ordinal[np.maximum(service_row, 0)], -1)
    return frame(
        organization_id=organization_ids(simulation, tickets["organization"].to_numpy()[ticket]),
        sale_id=numbered("t", tickets, ticket),
        sale_line_id=labels(number, [str(n) for n in range(int(number.max()) + 1)]),
        line_type=labels(line_type, LINE_TYPES),
        item_id=_items(simulation, lines, line_type),
        description=_descriptions(lines, line_type),
        staff_id=staff_ids(simulation, lines["staff"].to_numpy()),
        appointment_service_id=labels(booked, ("1", "2", "3")),
        package_redemption_id=numbered(
            "kr", simulation.redemptions, lines["redemption"].to_numpy()
        ),
        quantity=where(lines["quantity"].to_numpy(), (lines["quantity"] != 1).to_numpy()),
        gross_amount=lines["gross"].to_numpy(),
        discount_amount=where(discount, discount != 0),
        discount_type=labels(kind, DISCOUNT_TYPES),
        discount_code=labels(lines["code"].to_numpy(), CODES),
        tax_amount=where(lines["tax"].to_numpy(), has_times[ticket]),
    )


def _line_taxes(simulation: Simulation, lines: pd.DataFrame) -> pd.DataFrame:
    taxes = simulation.line_taxes
    of_line = lines.iloc[taxes["line"].to_numpy(dtype=np.int64)].reset_index(drop=True)
    return frame(
        organization_id=of_line["organization_id"],
        sale_id=of_line["sale_id"],
        sale_line_id=of_line["sale_line_id"],
        tax_name=taxes["name"].astype("str"),
        rate=taxes["rate"].to_numpy(dtype=np.int64) / 10_000,
        tax_amount=taxes["tax"].to_numpy(dtype=np.int64),
    )


def _items(simulation: Simulation, lines: pd.DataFrame, line_type: Array) -> pd.Series:
    """The key of what was sold, in the key space of its kind."""
    item = lines["item"].to_numpy()
    result = pd.Series([None] * len(lines), dtype="str")
    card_of_line = np.full(len(lines), -1)
    card_of_line[simulation.cards["line"].to_numpy()] = np.arange(len(simulation.cards))
    for kind, rows in members(line_type):
        keys = {
            SERVICE: lambda r: ids("s", item[r] + 1, SERVICE_WIDTH),
            PRODUCT: lambda r: ids("p", item[r] + 1, SERVICE_WIDTH),
            GIFT_CARD: lambda r: numbered("g", simulation.cards, card_of_line[r]),
            PACKAGE: lambda r: numbered("k", simulation.packages, item[r]),
            MEMBERSHIP_LINE: lambda r: numbered("m", simulation.memberships, item[r]),
        }.get(kind)
        if keys is not None:
            result.iloc[rows] = keys(rows).to_numpy()
    return result


def _descriptions(lines: pd.DataFrame, line_type: Array) -> pd.Series:
    names = [s.name for s in SERVICES] + [p.name for p in PRODUCTS]
    names += ["Gift card", "Package", "Membership", "No-show fee", "Late-night charge"]
    goods = len(SERVICES) + len(PRODUCTS)
    code = np.where(line_type == SERVICE, lines["item"], goods - 2 + line_type)
    code = np.where(line_type == PRODUCT, len(SERVICES) + lines["item"], code)
    return labels(code, names)
