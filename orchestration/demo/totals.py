"""Tax on lines and what tickets come to.

Put here the sums of a ticket, exactly: tax is kept in ten-thousandths of the minor unit (TAX_SCALE)
and rounded once a ticket, halves away from zero. Do not put here who pays (payments.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import TAX_SCALE, Array, members, round_half_away
from orchestration.demo.business import Business
from orchestration.demo.lines import MEMBERSHIP_LINE, PACKAGE, PRODUCT, SERVICE, rates


def add_tax(business: Business, tickets: pd.DataFrame, lines: pd.DataFrame) -> None:
    """Set `tax` of each line, in ten-thousandths of the minor unit."""
    location = tickets["location"].to_numpy()[lines["ticket"].to_numpy()]
    rate = rates(business, lines["line_type"].to_numpy(), location)
    lines["tax"] = (lines["gross"] - lines["discount"]).to_numpy() * rate


def add_totals(tickets: pd.DataFrame, lines: pd.DataFrame) -> None:
    """Set `services` (their net) and `total` (tax rounded once) of each ticket."""
    size = len(tickets)
    ticket = lines["ticket"].to_numpy()
    net = (lines["gross"] - lines["discount"]).to_numpy()
    is_service = (lines["line_type"] == SERVICE).to_numpy()
    tax = round_half_away(_sum(ticket, lines["tax"].to_numpy(), size), TAX_SCALE)
    tickets["services"] = _sum(ticket, np.where(is_service, net, 0), size)
    tickets["total"] = _sum(ticket, net, size) + tax


def taxes_by_kind(business: Business, tickets: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Tax by kind where a location has several: `line`, `name`, `rate`, `tax`."""
    location = tickets["location"].to_numpy()[lines["ticket"].to_numpy()]
    net = (lines["gross"] - lines["discount"]).to_numpy()
    line_type = lines["line_type"].to_numpy()
    parts = []
    for place, here in members(location):
        taxes = business.locations[place].taxes
        if len(taxes) < 2:
            continue
        for tax in taxes:
            as_service = np.isin(line_type[here], (SERVICE, PACKAGE, MEMBERSHIP_LINE))
            rate = np.where(as_service, tax.on_services, 0)
            rate = np.where(line_type[here] == PRODUCT, tax.on_products, rate)
            row = {"line": here, "name": tax.name, "rate": rate, "tax": net[here] * rate}
            parts.append(pd.DataFrame(row)[rate > 0])
    columns = ["line", "name", "rate", "tax"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _sum(groups: Array, values: Array, size: int) -> Array:
    """Whole-number sums by group; exact below 2**53."""
    return np.bincount(groups, values, size).astype(np.int64)
